"""Load the two sessions of a comparison: `LAUNCH`, `LAUNCH@DAY` or a file, each with its checklist."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

from readiness_tui import regular_file
from readiness_tui.launch import load_checklist
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import ChecklistRef, Session
from readiness_tui.rules.drift import Seen, last_touched
from readiness_tui.store import checklists, codec
from readiness_tui.store.atomic import refusal
from readiness_tui.store.sessions import Sessions

_DAY = re.compile(r"^(.+)@(\d{4}-\d{2}-\d{2})$", re.DOTALL)


def seen(sessions: Sessions, place: str, now: datetime) -> Seen:
    """The session that `place` names. The newest day is judged now, an earlier day when it was last changed.

    `place` is a path if it contains a slash or ends in `.toml`. Raises UsageError, SessionError or
    ChecklistError.
    """
    path = Path(place)
    if "/" in place or place.endswith(".toml"):
        session = read_file(path)
        return Seen(checklist_of(session.checklist, path.parent), session, last_touched(session))
    match = _DAY.match(place)
    name, day = (match[1], date.fromisoformat(match[2])) if match else (place, None)
    return on_day(sessions, name, day, now)


def on_day(sessions: Sessions, name: str, day: date | None, now: datetime) -> Seen:
    """One day of a launch, the newest if `day` is None. The newest day is judged now, an earlier day when it
    was last changed.

    Raises UsageError, SessionError or ChecklistError.
    """
    session = sessions.load(name, day)
    newest = session.day == sessions.days(name)[-1]
    return Seen(
        checklist_of(session.checklist, sessions.folder_of(name)),
        session,
        now if newest else last_touched(session),
    )


def read_file(path: Path) -> Session:
    """Read a session file at any path. Raises SessionError."""
    try:
        data = regular_file.read_bytes(path, regular_file.SESSION)
    except OSError as error:
        raise refusal(error, path, "read") from error
    return codec.loads_bytes(data, source=str(path))


def checklist_of(reference: ChecklistRef, folder: Path) -> Checklist:
    """The checklist of a session: the copy kept beside it, else the current one."""
    kept = checklists.place(folder, reference.digest)
    return load_checklist(str(kept) if kept.exists() else reference.source or reference.id)
