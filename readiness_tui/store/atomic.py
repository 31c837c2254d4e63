"""Writing a file so that a reader, or a crash at any moment, meets the old text or the new one.

A temporary file in the same folder, fsync, rename over the old one, fsync of the folder. Files are
0600; folders made on the way are 0700. A link in the place of the file is refused: it is neither
followed (it may lead out of the folder) nor silently replaced (someone put it there).
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
    errno.ENOENT: ("the file or its folder is not there", "was it moved or removed?"),
    errno.ENOTDIR: ("a part of the path is not a folder", "choose another folder with --sessions"),
    errno.EISDIR: ("a folder stands in the file's place", "move that folder away"),
    errno.ENAMETOOLONG: ("the path is too long", "choose another folder with --sessions"),
    errno.EIO: ("the disk reports an input/output error", "look at the kernel's log"),
    errno.EMFILE: ("too many open files", "raise the limit: ulimit -n"),
}


def refusal(error: OSError, path: Path, doing: str) -> SessionError:
    """What an operating system's error means to the operator. doing: `write`, `read`, ..."""
    said, hint = _CAUSES.get(error.errno or 0, (error.strerror or str(error), ""))
    return SessionError(f"cannot {doing}: {said}", where=str(path), hint=hint)


def write(path: Path, data: bytes) -> None:
    """Put `data` at `path`, whole or not at all, and on the disk before returning.

    Raises SessionError with the cause and a hint; what was there before is then still there.
    """
    if os.path.islink(path):
        raise SessionError(
            "cannot write: a link stands in the file's place",
            where=str(path),
            hint="put the real file there, or open the folder it leads to with --sessions",
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
    """Make a folder and those above it, each new one 0700. Raises SessionError."""
    try:
        _make(folder)
    except OSError as error:
        raise refusal(error, folder, "make the folder") from error


def sync_folder(folder: Path) -> None:
    """Have the folder's entries on the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Remove temporary files that a process which is gone left behind; others are left alone."""
    try:
        names = os.listdir(folder)
    except OSError:
        return  # nothing to sweep where nothing can be read; the write itself will say so
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
            raise NotADirectoryError(errno.ENOTDIR, "a file stands in the folder's place") from error
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
        return  # a leftover is swept later; the error being reported matters more
