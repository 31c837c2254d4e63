"""Regular expressions from a checklist, the command line or a host: bounded in length, size and time.

Python's own engine cannot be stopped: a nested repetition over 40 characters holds the program for ever.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

LENGTH = 1000
"""Characters a pattern may have."""

REPEATS = 100_000
"""The largest product of a pattern's repeat counts: the engine's program is about as long."""

GROUPS = 100
"""Opening parentheses a pattern may have: the engines call themselves for nested ones."""

SECONDS = 0.5
"""How long one search may take, over all its texts."""

_COUNT = re.compile(r"\{(\d{1,9})")


class PatternError(ValueError):
    """A pattern that cannot be used, or that needs more time than a search may take."""


def check(pattern: str) -> str:
    """The pattern, if it can be used: Python's syntax, within the bounds. Raises PatternError."""
    if len(pattern) > LENGTH:
        raise PatternError(f"a pattern of more than {LENGTH} characters")
    if pattern.count("(") > GROUPS:
        raise PatternError(f"a pattern of more than {GROUPS} groups")
    if math.prod(int(count) or 1 for count in _COUNT.findall(pattern)) > REPEATS:
        raise PatternError(f"a pattern that repeats something more than {REPEATS} times")
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise PatternError(f"not a regular expression: {error}") from None
    return pattern


def found(
    pattern: str, texts: Sequence[str], *, ascii_only: bool = False, ignore_case: bool = False
) -> list[bool]:
    """For each text whether the pattern matches anywhere in it. Raises PatternError."""
    compiled = _compiled(pattern, ascii_only, ignore_case)
    end = time.monotonic() + SECONDS
    results = []
    for text in texts:
        left = end - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            results.append(compiled.search(text, timeout=left, concurrent=True) is not None)
        except TimeoutError:
            raise PatternError(f"the search for {pattern[:60]} takes more than {SECONDS:g} s") from None
    return results


def first(pattern: str, text: str) -> str | None:
    """What the pattern matches first in the text; None when nothing. Raises PatternError."""
    try:
        match = _compiled(pattern, False, False).search(text, timeout=SECONDS, concurrent=True)
    except TimeoutError:
        raise PatternError(f"the search for {pattern[:60]} takes more than {SECONDS:g} s") from None
    return None if match is None else match[0]


@lru_cache(maxsize=512)
def _compiled(pattern: str, ascii_only: bool, ignore_case: bool) -> regex.Pattern[str]:
    import regex

    flags = (regex.ASCII if ascii_only else 0) | (regex.IGNORECASE if ignore_case else 0)
    try:
        return regex.compile(check(pattern), regex.VERSION0 | flags)
    except (regex.error, RecursionError, OverflowError) as error:
        raise PatternError(f"not a regular expression: {error}") from None
