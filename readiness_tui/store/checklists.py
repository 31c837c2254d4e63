"""The checklists of a launch, stored beside its sessions, so that old days stay readable."""

from __future__ import annotations

from pathlib import Path

from readiness_tui import regular_file
from readiness_tui.errors import SessionError
from readiness_tui.store import atomic


def place(folder: Path, digest: str) -> Path:
    """The path, in a launch's folder, of the checklist with that digest (`sha256:<hex>`)."""
    return folder / f"checklist-{digest.removeprefix('sha256:')[:16]}.yaml"


def keep(folder: Path, digest: str, source: Path) -> Path:
    """Copy a checklist's file into a launch's folder, unless it is there already. Raises SessionError."""
    kept = place(folder, digest)
    if not kept.exists():
        try:
            data = regular_file.read_bytes(source, regular_file.SESSION)
        except OSError as error:
            raise SessionError(f"cannot read the checklist: {error.strerror}", where=str(source)) from error
        atomic.write(kept, data)
    return kept
