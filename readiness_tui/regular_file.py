"""Read files that other users may control: never block, and enforce a size limit."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

SMALL = 1 << 20
"""Largest settings, state or lock file, in bytes."""

SESSION = 32 << 20
"""Largest session file, in bytes; 209 items with long notes take less than 1 MiB."""

RECORDING = 256 << 20
"""Largest recording, in bytes."""

EVIDENCE = 4 << 30
"""Largest file attached as evidence, in bytes."""

_KINDS = {
    stat.S_IFIFO: "a FIFO",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


@contextlib.contextmanager
def opened(path: Path, limit: int) -> Iterator[BufferedReader]:
    """Open a regular file of at most `limit` bytes for reading.

    Raises OSError: IsADirectoryError for a directory, EINVAL for another kind of file, EFBIG for a larger
    file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except ValueError as error:  # a NUL in the path
        raise OSError(errno.EINVAL, str(error), str(path)) from error
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket cannot be opened
            raise OSError(errno.EINVAL, "not a regular file but a socket", str(path)) from error
        raise
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(status.st_mode):
            kind = _KINDS.get(stat.S_IFMT(status.st_mode), "something else")
            raise OSError(errno.EINVAL, f"not a regular file but {kind}", str(path))
        if status.st_size > limit:
            raise _too_large(path, limit)
        yield file


def read_bytes(path: Path, limit: int) -> bytes:
    """Return the content of a regular file. Raises OSError as `opened`, also when the file grows past the
    limit.
    """
    with opened(path, limit) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise _too_large(path, limit)
    return data


def read_text(path: Path, limit: int) -> str:
    """Return the content as UTF-8 text, line endings unchanged. Raises OSError, UnicodeDecodeError."""
    return read_bytes(path, limit).decode("utf-8")


def _too_large(path: Path, limit: int) -> OSError:
    size = f"{limit >> 20} MiB" if limit < 1 << 30 else f"{limit >> 30} GiB"
    return OSError(errno.EFBIG, f"larger than {size}", str(path))
