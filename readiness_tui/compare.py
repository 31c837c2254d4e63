"""Two sessions to compare: `LAUNCH`, `LAUNCH@DAY` or a file, each with the checklist of its day."""

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
    """The session that `place` names, as it stood: its newest day now, an earlier one when it was left.

    A path is a file that exists, or anything with a slash or ending in `.toml`. Raises UsageError,
    SessionError or ChecklistError.
    """
    path = Path(place)
    if "/" in place or place.endswith(".toml"):
        session = read_file(path)
        return Seen(checklist_of(session.checklist, path.parent), session, last_touched(session))
    found = _DAY.match(place)
    name, day = (found[1], date.fromisoformat(found[2])) if found else (place, None)
    return on_day(sessions, name, day, now)


def on_day(sessions: Sessions, name: str, day: date | None, now: datetime) -> Seen:
    """A launch's day as it stood: the newest one (also without a day) now, an earlier one when it was left.

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
    """The session in a file anywhere. Raises SessionError."""
    try:
        data = regular_file.read_bytes(path, regular_file.SESSION)
    except OSError as error:
        raise refusal(error, path, "read") from error
    return codec.loads_bytes(data, source=str(path))


def checklist_of(reference: ChecklistRef, folder: Path) -> Checklist:
    """The checklist a session was walked by: the copy kept beside it, else the one of today."""
    kept = checklists.place(folder, reference.digest)
    return load_checklist(str(kept) if kept.exists() else reference.source or reference.id)
