"""nginx's regular expressions (PCRE) as Python's, where both mean the same."""

from __future__ import annotations

import re
from functools import cache

from readiness_tui import bounded_regex

_NAMED = re.compile(r"\(\?(?:P)?<([A-Za-z_]\w*)>")
_QUOTED_NAMED = re.compile(r"\(\?'([A-Za-z_]\w*)'")
_FOREIGN = re.compile(
    r"\\[hHvVRKGXNQEpPgkzZCae]|\[\[:|\[:\^?[a-z]+:\]|\(\*|\(\?(?:R|\d|&|P>|P=|\||[-+]\d|C|#)|\(\?\w*[JUX]"
)
"""What PCRE understands otherwise than Python's re, or what Python does not have."""


class PatternError(ValueError):
    """A regular expression whose meaning is not certain here."""


@cache
def translated(pattern: str) -> str:
    """The expression in Python's syntax. Raises PatternError for what only PCRE understands."""
    if _FOREIGN.search(pattern.replace(r"\\", "")):
        raise PatternError(f"the regular expression {pattern} is not understood")
    return _QUOTED_NAMED.sub(r"(?P<\1>", _NAMED.sub(r"(?P<\1>", pattern))


def matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Whether it matches anywhere in the text. Raises PatternError."""
    try:
        return bounded_regex.found(translated(pattern), [text], ascii_only=True, ignore_case=ignore_case)[0]
    except bounded_regex.PatternError as error:
        raise PatternError(f"the regular expression {pattern} is not understood: {error}") from error
