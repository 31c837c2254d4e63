"""What leads signed, stored permanently: `signed/<first 16 digits of the seal>/` in the launch's folder."""

from __future__ import annotations

import os
from pathlib import Path

from readiness_tui import regular_file
from readiness_tui.errors import SessionError
from readiness_tui.store import atomic

READ_ONLY = 0o400


def folder(launch: Path, seal: str) -> Path:
    """The folder of the page with a seal."""
    return launch / "signed" / seal.removeprefix("sha256:")[:16]


def page(launch: Path, seal: str) -> str | None:
    """The stored page with a seal; None if there is none."""
    try:
        return regular_file.read_text(folder(launch, seal) / "page.txt", regular_file.SESSION)
    except (OSError, UnicodeDecodeError):
        return None


def keep(launch: Path, seal: str, files: dict[str, bytes]) -> Path:
    """Store the page, the session and the statement of a signature. Existing files are never rewritten.

    Raises SessionError if an existing file with that name has different content.
    """
    place = folder(launch, seal)
    atomic.make_folder(place)
    for name, data in files.items():
        path = place / name
        if path.exists():
            if name == "page.txt" and page(launch, seal) != data.decode():
                raise SessionError("the kept page was changed", where=str(path))
            continue
        atomic.write(path, data)
        os.chmod(path, READ_ONLY)
    return place
