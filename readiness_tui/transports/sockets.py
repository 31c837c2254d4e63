"""What the operating system said when a connection could not be made."""

from __future__ import annotations

import errno
import re


def is_refused(error: BaseException) -> bool:
    """Every address of the host refused; asyncio puts several addresses' errors in one text."""
    if isinstance(error, ConnectionRefusedError):
        return True
    numbers = re.findall(r"\[Errno (\d+)\]", str(error)) if isinstance(error, OSError) else []
    return bool(numbers) and {int(number) for number in numbers} == {errno.ECONNREFUSED}


def words(error: BaseException) -> str:
    """What an operator may read of it."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
