"""Facts: named values read from replies, and values that are missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from readiness_tui.model.outcome import Cause

Fact = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact whose value is not known, and why. hint: what to do so that it becomes known, if that is
    certain.
    """

    cause: Cause
    reason: str
    hint: str = ""


Facts = Mapping[str, Fact | Missing]


def version_key(text: str) -> tuple[int, ...]:
    """The numeric parts of a version, for comparison: `7.0.15-1` is (7, 0, 15)."""
    match = re.match(r"\D*(\d+(?:\.\d+)*)", text)
    return tuple(int(part) for part in match[1].split(".")) if match else ()


def plain(value: object) -> str:
    """Format a value as in files and on screens: `yes`, `22`, `a, b`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(member) for member in value) or "nothing"
    return str(value)
