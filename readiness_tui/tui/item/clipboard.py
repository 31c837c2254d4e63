"""What was copied, in a file too: not every terminal passes the clipboard on."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from readiness_tui.errors import SessionError
from readiness_tui.settings import APP
from readiness_tui.store import atomic


def keep(text: str) -> Path | None:
    """Write the text to the file of what was copied last; its path, None when it cannot be written."""
    path = platformdirs.user_state_path(APP) / "copied.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, (text + "\n").encode())
    except (OSError, SessionError):
        return None
    return path
