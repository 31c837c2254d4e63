"""Attachments: copies of files in the launch's folder, named by their sha256 so that they cannot change."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path

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
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UsageError(f"cannot read the file: {error.strerror}", where=str(path)) from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise UsageError("not a regular file", where=str(path))
        if status.st_size > LARGEST:
            raise UsageError(f"over 32 MiB ({status.st_size} bytes)", where=str(path), hint="attach its URL")
        return file.read(LARGEST + 1)


def keep(launch: Path, path: Path) -> tuple[str, str]:
    """Copy a file into the launch's folder. Returns its `sha256:` digest and its path relative to that
    folder.
    """
    data = read(path)
    if len(data) > LARGEST:
        raise UsageError("over 32 MiB", where=str(path), hint="attach its URL")
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    place = launch / FOLDER / name_of(digest, str(path))
    if not place.exists():
        atomic.make_folder(place.parent)
        atomic.write(place, data)
    return digest, f"{FOLDER}/{place.name}"


def trouble(launch: Path, path: str, digest: str) -> str:
    """Why a stored attachment is not what was attached; empty if it is."""
    try:
        data = read(launch / path)
    except UsageError as error:
        return error.message
    return "" if "sha256:" + hashlib.sha256(data).hexdigest() == digest else "the file was changed"
