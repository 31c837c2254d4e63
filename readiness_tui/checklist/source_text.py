"""Load the bytes and text of a checklist, which must be one regular, small UTF-8 file."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from readiness_tui import regular_file
from readiness_tui.errors import ChecklistError, Fault

MAX_BYTES = 2 * 1024 * 1024
"""Largest checklist file, in bytes; the built-in one has less than a tenth of it."""

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def load(path: Path) -> tuple[bytes, str]:
    """The file's bytes, and its text without a byte order mark.

    Raises ChecklistError for anything but a readable UTF-8 text file of at most MAX_BYTES.
    """
    data = _bytes(path)
    if data.startswith(_UTF16_MARKS):
        raise refused(path, "the file is UTF-16; save it as UTF-8")
    if (zero := data.find(b"\0")) >= 0:
        line, column = _place(data, zero)
        raise refused(path, f"a binary file, not a checklist: a zero byte at offset {zero}", line, column)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # utf-8-sig counts from after the mark.
        start = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        line, column = _place(data, start)
        message = f"not UTF-8 text: byte 0x{data[start]:02x} at offset {start}"
        raise refused(path, message, line, column) from None
    if (control := _NOT_TEXT.search(text)) is not None:
        before = text[: control.start()]
        line, column = before.count("\n") + 1, control.start() - before.rfind("\n")
        raise refused(path, f"not text: control character U+{ord(control[0]):04X}", line, column)
    return data, text


def refused(path: Path, message: str, line: int = 0, column: int = 0) -> ChecklistError:
    """The error for a file that cannot be read any further."""
    return ChecklistError((Fault(str(path), line, column, "", message),))


def _bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise refused(path, "a directory, not a checklist file")
        if not stat.S_ISREG(status.st_mode):
            raise refused(path, "not a regular file")
        if status.st_size > MAX_BYTES:
            raise refused(path, f"{status.st_size} bytes; the limit is {MAX_BYTES}")
        with regular_file.opened(path, MAX_BYTES) as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise refused(path, "no such file") from None
    except OSError as error:
        raise refused(path, f"cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise refused(path, f"not a path: {error}") from None
    if len(data) > MAX_BYTES:
        raise refused(path, f"more than {MAX_BYTES} bytes")
    return data


def _place(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column (in characters, from 1) of a byte offset."""
    before = data[:offset]
    start = before.rfind(b"\n") + 1
    return before.count(b"\n") + 1, len(before[start:].decode("utf-8", "replace")) + 1
