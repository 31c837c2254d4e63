"""Interpret errors of the operating system when a connection fails."""

from __future__ import annotations

import errno
import re


def is_refused(error: BaseException) -> bool:
    """Whether every address of the host refused; asyncio joins errors of several addresses in one text."""
    if isinstance(error, ConnectionRefusedError):
        return True
    numbers = re.findall(r"\[Errno (\d+)\]", str(error)) if isinstance(error, OSError) else []
    return bool(numbers) and {int(number) for number in numbers} == {errno.ECONNREFUSED}


def words(error: BaseException) -> str:
    """The error as text for the operator."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
