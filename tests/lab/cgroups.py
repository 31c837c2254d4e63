"""A control group of its own for each host: systemd in it would otherwise see the processes of the others."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


def hierarchies() -> list[Path]:
    """The hierarchies that systemd keeps its units in: two in hybrid mode, one in unified mode."""
    named = [folder for folder in (ROOT / "systemd", ROOT / "unified") if (folder / "cgroup.procs").exists()]
    return named or [ROOT]


def make(name: str) -> list[Path]:
    """Create the group everywhere and return its folders; a process enters by writing to cgroup.procs."""
    folders = [hierarchy / name for hierarchy in hierarchies()]
    for folder in folders:
        folder.mkdir(exist_ok=True)
    return folders


def remove(name: str) -> None:
    """Remove the group with all that its host made below it, once its processes are gone."""
    for hierarchy in hierarchies():
        for _ in range(20):
            below = sorted((hierarchy / name).rglob("*/"), key=lambda path: len(path.parts), reverse=True)
            for folder in [*(path for path in below if path.is_dir()), hierarchy / name]:
                with suppress(OSError):
                    folder.rmdir()
            if not (hierarchy / name).exists():
                break
            time.sleep(0.1)
