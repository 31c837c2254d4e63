"""Find rows that only moved up or down, so that the terminal can move them itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FARTHEST = 12
"""Rows of the farthest move that is looked for."""

LEAST_GAIN = 3
"""Rows that must be saved; setting the margins costs about as much as a short row."""


@dataclass(frozen=True, slots=True)
class Scroll:
    """Rows top to bottom (inclusive) move up by `by`; down when negative."""

    top: int
    bottom: int
    by: int


def find_scroll(
    old: Sequence[Sequence[object]], wanted: Mapping[int, Sequence[object]], movable: Sequence[bool]
) -> Scroll | None:
    """The move that saves most rows, or None when none saves enough.

    old: all rows as shown. wanted: the rows that are drawn, by number. movable: the rows that may move.
    """
    changed = {y for y, row in wanted.items() if old[y] != row and any(cell != row[0] for cell in row)}
    if len(changed) < LEAST_GAIN:
        return None
    best: Scroll | None = None
    most = LEAST_GAIN - 1
    for by in (step for size in range(1, FARTHEST + 1) for step in (size, -size)):
        moved = [y for y in changed if 0 <= y + by < len(old) and old[y + by] == wanted[y]]
        if len(moved) <= most:
            continue
        top = min(min(moved), min(moved) + by)
        bottom = max(max(moved), max(moved) + by)
        lost = sum(1 for y in range(top, bottom + 1) if y not in changed)
        if len(moved) - lost > most and all(movable[top : bottom + 1]):
            most = len(moved) - lost
            best = Scroll(top, bottom, by)
    return best
