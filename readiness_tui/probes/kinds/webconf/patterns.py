"""nginx's regular expressions (PCRE) as Python's, where both mean the same."""

from __future__ import annotations

import re
from functools import cache

_NAMED = re.compile(r"\(\?(?:P)?<([A-Za-z_]\w*)>")
_QUOTED_NAMED = re.compile(r"\(\?'([A-Za-z_]\w*)'")
_FOREIGN = re.compile(
    r"\\[hHvVRKGXNQEpPgkzZCae]|\[\[:|\[:\^?[a-z]+:\]|\(\*|\(\?(?:R|\d|&|P>|P=|\||[-+]\d|C|#)|\(\?\w*[JUX]"
)
"""What PCRE understands otherwise than Python's re, or what Python does not have."""


class PatternError(ValueError):
    """A regular expression whose meaning is not certain here."""


@cache
def compiled(pattern: str, *, ignore_case: bool) -> re.Pattern[str]:
    """The expression for Python. Raises PatternError for what only PCRE understands."""
    if _FOREIGN.search(pattern.replace(r"\\", "")):
        raise PatternError(f"the regular expression {pattern} is not understood")
    translated = _QUOTED_NAMED.sub(r"(?P<\1>", _NAMED.sub(r"(?P<\1>", pattern))
    try:
        return re.compile(translated, re.ASCII | (re.IGNORECASE if ignore_case else re.NOFLAG))
    except re.error as error:
        raise PatternError(f"the regular expression {pattern} is not understood: {error}") from error


def matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """Whether it matches anywhere in the text. Raises PatternError."""
    return compiled(pattern, ignore_case=ignore_case).search(text) is not None
