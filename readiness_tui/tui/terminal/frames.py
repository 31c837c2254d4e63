"""The smallest output that turns one screen into another.

Textual sends every changed region whole. Here a `Shadow` remembers what the terminal shows, and a frame
holds only the cells that differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from readiness_tui.tui.terminal.pen import Cell, Pen
from readiness_tui.tui.terminal.scrolling import Scroll, find_scroll

BLANK: Cell = (" ", "")
UNKNOWN: Cell = ("", "unknown")
"""What the terminal shows here is not known; equal to no cell that is drawn."""

UNIT, UNIT_REST = "unit", "unit rest"
"""In place of a style: the first and the other cells of text whose width terminals disagree on."""

REPEAT_GAP = 4
"""Unchanged cells between two changed ones that are sent again, as moving the cursor costs as much."""

ERASE_FROM = 4
"""Blank cells at a row's end from which erasing is shorter than writing them."""


@dataclass(frozen=True, slots=True)
class Run:
    """Cells that an update draws on row `y` from column `x` on."""

    x: int
    y: int
    cells: list[Cell]


def unit(raw: str, width: int) -> list[Cell]:
    """The cells of text that is sent whole or not at all, because its width is uncertain.

    raw: the text with its styles, as Textual renders it. width: columns, as Textual counts them.
    """
    return [(raw, UNIT), *((f"{index}:{raw}", UNIT_REST) for index in range(1, width))]


class Shadow:
    """The cells that the terminal shows, by row. It starts unknown: the first frame draws everything."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._known = False
        self._cells = [[UNKNOWN] * width for _ in range(height)]
        self._cursor: tuple[int, int] | None = None

    def frame(self, runs: Iterable[Run], *, whole: bool, cursor: tuple[int, int]) -> str:
        """The output that draws `runs` and leaves the cursor at `cursor` (column, row).

        whole: the runs cover the screen, so that what was unknown may be cleared first.
        """
        pen = Pen(self.width, self._cursor)
        if whole and not self._known:
            pen.clear()
            self._cells = [[BLANK] * self.width for _ in range(self.height)]
            self._known = True
        wanted = self._wanted(runs)
        if self._known and (scroll := find_scroll(self._cells, wanted, self._movable(wanted))) is not None:
            for y in range(scroll.top, scroll.bottom + 1):
                wanted.setdefault(y, self._cells[y])
            pen.scroll(scroll)
            self._scrolled(scroll)
        for y in sorted(wanted):
            if self._cells[y] != wanted[y]:
                self._draw_row(pen, y, wanted[y])
                self._cells[y] = wanted[y]
        pen.finish(cursor)
        self._cursor = pen.at
        return pen.text

    def _wanted(self, runs: Iterable[Run]) -> dict[int, list[Cell]]:
        """Each row that is drawn on, as it is to be."""
        wanted: dict[int, list[Cell]] = {}
        for run in runs:
            if 0 <= run.y < self.height:
                cells = wanted.get(run.y)
                if cells is None:
                    cells = wanted[run.y] = self._cells[run.y].copy()
                cells[run.x : run.x + len(run.cells)] = run.cells
                del cells[self.width :]
        return wanted

    def _movable(self, wanted: dict[int, list[Cell]]) -> list[bool]:
        """Rows that can be drawn again after a move, even if it is not this update that draws them."""
        return [
            y in wanted or not any(style in (UNIT, UNIT_REST) for _, style in cells)
            for y, cells in enumerate(self._cells)
        ]

    def _scrolled(self, scroll: Scroll) -> None:
        rows = self._cells[scroll.top : scroll.bottom + 1]
        blank = [[BLANK] * self.width for _ in range(abs(scroll.by))]
        rows = rows[scroll.by :] + blank if scroll.by > 0 else blank + rows[: scroll.by]
        self._cells[scroll.top : scroll.bottom + 1] = rows

    def _draw_row(self, pen: Pen, y: int, cells: list[Cell]) -> None:
        changed = _changed(self._cells[y], cells)
        blank_from = self.width - next(
            (index for index, cell in enumerate(reversed(cells)) if cell != BLANK), self.width
        )
        x = 0
        while x < self.width:
            if not changed[x] or cells[x][1] == UNIT_REST:
                x += 1
            elif x >= blank_from and self.width - x >= ERASE_FROM:
                pen.erase_line(x, y)
                return
            elif cells[x][1] == UNIT:
                pen.put_raw(x, y, cells[x][0])
                x += 1
            else:
                end = _run_end(x, cells, changed, blank_from)
                pen.put(x, y, cells[x:end])
                x = end


def _changed(old: list[Cell], cells: list[Cell]) -> list[bool]:
    """Which columns to send: those that differ, whole units, and everything right of a unit that is sent."""
    changed = [before != after for before, after in zip(old, cells, strict=True)]
    start = 0
    for x, (_, style) in enumerate(cells):
        if style == UNIT:
            start = x
        if changed[x] and style in (UNIT, UNIT_REST):
            return changed[:start] + [True] * (len(cells) - start)
    return changed


def _run_end(x: int, cells: list[Cell], changed: list[bool], blank_from: int) -> int:
    """The column after the last one to send together with `x`."""
    end = x + 1
    for at in range(end, len(cells)):
        style = cells[at][1]
        if at - end >= REPEAT_GAP or style in (UNIT, UNIT_REST, UNKNOWN[1]):
            break
        if at >= blank_from and len(cells) - at >= ERASE_FROM:
            break
        if changed[at]:
            end = at + 1
        elif style != cells[end - 1][1]:
            break
    return end
