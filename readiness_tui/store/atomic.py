"""Write files atomically: a reader, or a crash at any time, finds either the old content or the new.

A temporary file in the same folder, fsync, rename over the old file, fsync of the folder. New files have
mode 0600, new folders 0700. A symbolic link in place of the file is refused: following it may lead out of
the folder, and replacing it would undo what someone set up.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from pathlib import Path

import psutil

from readiness_tui.errors import SessionError

_TEMPORARY = re.compile(r"^\..+\.(\d{1,10})-[0-9a-f]{8}\.tmp$")

_CAUSES = {
    errno.ENOSPC: ("the disk is full", "free some space"),
    errno.EDQUOT: ("the disk quota is used up", "free some space"),
    errno.EACCES: ("permission denied", "check who owns the folder and its mode"),
    errno.EPERM: ("not permitted", "check who owns the folder and its attributes"),
    errno.EROFS: ("the file system is read-only", "choose another folder with --sessions"),
    errno.ENOENT: ("the file or its folder does not exist", "check whether it was moved or removed"),
    errno.ENOTDIR: ("a part of the path is not a folder", "choose another folder with --sessions"),
    errno.EISDIR: ("a folder has the name of the file", "move that folder away"),
    errno.ENAMETOOLONG: ("the path is too long", "choose another folder with --sessions"),
    errno.EIO: ("the disk reports an input/output error", "look at the kernel's log"),
    errno.EMFILE: ("too many open files", "raise the limit: ulimit -n"),
}


def refusal(error: OSError, path: Path, doing: str) -> SessionError:
    """The error to show for an OSError. doing: `write`, `read`, ..."""
    cause, hint = _CAUSES.get(error.errno or 0, (error.strerror or str(error), ""))
    return SessionError(f"cannot {doing}: {cause}", where=str(path), hint=hint)


def write(path: Path, data: bytes) -> None:
    """Write `data` to `path` completely or not at all, and flush it to disk before returning.

    Raises SessionError with the cause and a hint; the old content is then unchanged.
    """
    if os.path.islink(path):
        raise SessionError(
            "cannot write: the file is a symbolic link",
            where=str(path),
            hint="replace the link by the file, or open the folder of its target with --sessions",
        )
    if path.exists() and not path.is_file() and not path.is_dir():  # as root a rename would replace /dev/null
        raise SessionError("cannot write: not a regular file", where=str(path))
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        _write_new(temporary, data)
        os.replace(temporary, path)
    except OSError as error:
        _discard(temporary)
        raise refusal(error, path, "write") from error
    except BaseException:
        _discard(temporary)
        raise
    try:
        sync_folder(path.parent)
    except OSError as error:
        raise refusal(error, path, "write") from error


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, each new one with mode 0700. Raises SessionError."""
    try:
        _make(folder)
    except OSError as error:
        raise refusal(error, folder, "make the folder") from error


def sync_folder(folder: Path) -> None:
    """Flush the folder's entries to disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Remove temporary files of processes that no longer run; keep those of running processes."""
    try:
        names = os.listdir(folder)
    except OSError:
        return  # the folder cannot be read; the write reports that
    for name in names:
        match = _TEMPORARY.match(name)
        if match and int(match[1]) < 2**31 and not psutil.pid_exists(int(match[1])):
            _discard(folder / name)


def _make(folder: Path) -> None:
    if folder.is_dir():
        return
    if folder.parent != folder:
        _make(folder.parent)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError as error:
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "a file has the name of the folder") from error
        return
    sync_folder(folder.parent)


def _write_new(temporary: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _discard(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # `sweep` removes it later; keep the original error
