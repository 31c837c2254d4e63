"""Attachments: copies of files in the launch's folder, named by their sha256 so that they cannot change."""

from __future__ import annotations

import errno
import hashlib
import re
from pathlib import Path, PurePosixPath

from readiness_tui import regular_file
from readiness_tui.errors import UsageError
from readiness_tui.store import atomic

LARGEST = 32 * 1024 * 1024
"""Largest attachment, in bytes."""

FOLDER = "evidence"
_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def name_of(digest: str, path: str) -> str:
    """The file name of an attachment: `<sha256>-<name>`, with unsafe characters of the name replaced."""
    readable = _NAME.sub("_", Path(path).name).lstrip(".")[-80:] or "file"
    return f"{digest.removeprefix('sha256:')}-{readable}"


def read(path: Path) -> bytes:
    """Read a regular file of at most 32 MiB. Raises UsageError for anything else."""
    try:
        return regular_file.read_bytes(path, LARGEST)
    except OSError as error:
        hint = "attach its URL" if error.errno == errno.EFBIG else ""
        raise UsageError(f"cannot read the file: {error.strerror}", where=str(path), hint=hint) from None


def kept(launch: Path, path: str) -> bytes:
    """An attachment in the launch's folder. Raises UsageError, also for a path or link that leads out of it.

    The path comes from the session file, which somebody else may have written.
    """
    place = launch / path
    within = PurePosixPath(path).parts == (FOLDER, place.name) and place.name != ".."
    if not within or place.is_symlink() or place.parent.is_symlink():
        raise UsageError("not an attachment of this launch", where=path)
    return read(place)


def keep(launch: Path, path: Path) -> tuple[str, str]:
    """Copy a file into the launch's folder. Returns its `sha256:` digest and its path relative to that
    folder.
    """
    data = read(path)
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    place = launch / FOLDER / name_of(digest, str(path))
    if not place.exists():
        atomic.make_folder(place.parent)
        atomic.write(place, data)
    return digest, f"{FOLDER}/{place.name}"


def trouble(launch: Path, path: str, digest: str) -> str:
    """Why a stored attachment is not what was attached; empty if it is."""
    try:
        data = kept(launch, path)
    except UsageError as error:
        return error.message
    return "" if "sha256:" + hashlib.sha256(data).hexdigest() == digest else "the file was changed"
