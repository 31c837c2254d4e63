"""A copy of a session in another place, when its own file cannot be written; and how it comes back."""

from __future__ import annotations

import shlex
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import platformdirs

from readiness_tui.errors import SessionError
from readiness_tui.model.session import Session
from readiness_tui.store import atomic, names
from readiness_tui.store.allow import APP
from readiness_tui.store.sessions import Sessions


@dataclass(frozen=True, slots=True)
class Rescued:
    """A copy. base: the last state that was saved, beside it. file: the launch's own file."""

    path: Path
    base: Path
    file: Path

    @property
    def command(self) -> str:
        """What merges the copy into the launch's own file, whoever else has written there since."""
        return shlex.join(("readiness", "merge", str(self.base), str(self.file), str(self.path)))


def place(session: Session, now: datetime) -> Path:
    """Where a copy goes when nobody names a place: the user's state folder, never a repository."""
    name = f"{names.folder_name(session.launch)}-{session.day}-{now:%H%M%S}.toml"
    return platformdirs.user_state_path(APP) / "rescued" / name


def keep(sessions: Sessions, base: Session, session: Session, path: Path) -> Rescued:
    """Write the session to `path`, over nothing, and what was last saved of it beside.

    Raises SessionError when a file is there already, or it cannot be written; neither is there then.
    """
    kept = Rescued(path, path.with_name(f"{path.name}.base"), sessions.path(session).absolute())
    atomic.make_folder(path.parent)
    sessions.copy(base, kept.base)
    try:
        sessions.copy(session, path)
    except SessionError:
        with suppress(OSError):  # why there is no copy matters more
            kept.base.unlink()
        raise
    return kept
