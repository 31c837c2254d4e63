"""The checklists a launch was walked by, kept beside its days, so that old days stay readable."""

from __future__ import annotations

from pathlib import Path

from readiness_tui import regular_file
from readiness_tui.errors import SessionError
from readiness_tui.store import atomic


def place(folder: Path, digest: str) -> Path:
    """Where the checklist of that digest (`sha256:<hex>`) is kept in a launch's folder."""
    return folder / f"checklist-{digest.removeprefix('sha256:')[:16]}.yaml"


def keep(folder: Path, digest: str, source: Path) -> Path:
    """Copy a checklist's file into a launch's folder, once. Raises SessionError when it cannot."""
    kept = place(folder, digest)
    if not kept.exists():
        try:
            data = regular_file.read_bytes(source, regular_file.SESSION)
        except OSError as error:
            raise SessionError(f"cannot read the checklist: {error.strerror}", where=str(source)) from error
        atomic.write(kept, data)
    return kept
