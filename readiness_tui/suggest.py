"""Suggest the nearest known name after an unknown one."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches


def near(word: str, known: Sequence[str]) -> str:
    """Return ` (did you mean X?)` when a known name is close to `word`, else an empty string."""
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return f" (did you mean {close[0]}?)" if close else ""
