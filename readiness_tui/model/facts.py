"""Facts: named values read from replies, and those that could not be known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from readiness_tui.model.outcome import Cause

Fact = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that could not be known, and why. hint: what would make it known, when that is exact."""

    cause: Cause
    reason: str
    hint: str = ""


Facts = Mapping[str, Fact | Missing]


def version_key(text: str) -> tuple[int, ...]:
    """The numbers of a version, for comparing: `7.0.15-1` is (7, 0, 15)."""
    match = re.match(r"\D*(\d+(?:\.\d+)*)", text)
    return tuple(int(part) for part in match[1].split(".")) if match else ()


def plain(value: object) -> str:
    """A value as the file and the screen write it: `yes`, `22`, `a, b`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(member) for member in value) or "nothing"
    return str(value)
