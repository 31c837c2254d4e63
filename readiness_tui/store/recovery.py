"""Copies of a session written elsewhere because its file could not be written, and how to merge them back."""

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
    """A copy. base: a copy, beside it, of the last state that was saved. file: the launch's own file."""

    path: Path
    base: Path
    file: Path

    @property
    def command(self) -> str:
        """The command that merges the copy into the launch's own file."""
        return shlex.join(("readiness", "merge", str(self.base), str(self.file), str(self.path)))


def place(session: Session, now: datetime) -> Path:
    """The default path of a copy: in the user's state folder, never in a repository."""
    name = f"{names.folder_name(session.launch)}-{session.day}-{now:%H%M%S}.toml"
    return platformdirs.user_state_path(APP) / "rescued" / name


def keep(sessions: Sessions, base: Session, session: Session, path: Path) -> Rescued:
    """Write the session to `path`, which must not exist, and the last saved state beside it.

    Raises SessionError if a file exists already or cannot be written; neither file exists then.
    """
    kept = Rescued(path, path.with_name(f"{path.name}.base"), sessions.path(session).absolute())
    atomic.make_folder(path.parent)
    sessions.copy(base, kept.base)
    try:
        sessions.copy(session, path)
    except SessionError:
        with suppress(OSError):  # keep the original error
            kept.base.unlink()
        raise
    return kept
