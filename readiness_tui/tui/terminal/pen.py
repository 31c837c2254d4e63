"""Write a frame in xterm's basic sequences with as few cursor moves and style changes as possible."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from readiness_tui.tui.terminal.scrolling import Scroll

Cell = tuple[str, str]
"""The text of one cell, and its SGR parameters without those that name the default."""

_BLANKS = re.compile(r"( {8,})")
"""Blank cells that are shorter to erase than to write."""

_style_of = itemgetter(1)


class Pen:
    """The terminal's cursor and style while a frame is put together.

    at: the cursor's column and row, or None while unknown.
    """

    def __init__(self, width: int, at: tuple[int, int] | None) -> None:
        self.at = at
        self._width = width
        self._out: list[str] = []
        self._style = ""

    @property
    def text(self) -> str:
        """The frame so far."""
        return "".join(self._out)

    def clear(self) -> None:
        """Blank the whole screen and forget margins that another program left."""
        self._out.append("\x1b[m\x1b[r\x1b[2J")
        self._style, self.at = "", None

    def scroll(self, scroll: Scroll) -> None:
        """Let the terminal move rows itself; the rows that come in are blank."""
        self.style("")
        top, bottom = scroll.top + 1, scroll.bottom + 1
        if scroll.by > 0:
            move = f"\x1b[{bottom}H" + "\n" * scroll.by
        else:
            move = f"\x1b[{top}H" + "\x1bM" * -scroll.by
        self._out.append(f"\x1b[{top};{bottom}r{move}\x1b[r")
        self.at = None

    def style(self, style: str) -> None:
        """Use a style from here on; every style starts from the default one."""
        if style == self._style:
            return
        if not style:
            self._out.append("\x1b[m")
        elif not self._style:
            self._out.append(f"\x1b[{style}m")
        elif style.startswith(self._style + ";"):
            self._out.append(f"\x1b[{style[len(self._style) + 1 :]}m")
        else:
            self._out.append(f"\x1b[0;{style}m")
        self._style = style

    def move(self, x: int, y: int) -> None:
        """Put the cursor there, by the shortest sequence."""
        if self.at == (x, y):
            return
        ways = [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"]
        if self.at is not None:
            at_x, at_y = self.at
            if y == at_y:
                ways.append(_horizontal(x - at_x) if x else "\r")
            elif y == at_y + 1 and not x:
                ways.append("\r\n")
        self._out.append(min(ways, key=len))
        self.at = (x, y)

    def put(self, x: int, y: int, cells: Sequence[Cell]) -> None:
        """Write cells of one column each from there on."""
        for style, group in groupby(cells, _style_of):
            text = "".join(cell[0] for cell in group)
            for piece in _BLANKS.split(text) if not style else [text]:
                self._write(x, y, style, piece)
                x += len(piece)

    def _write(self, x: int, y: int, style: str, text: str) -> None:
        if not text:
            return
        self.move(x, y)
        self.style(style)
        if not style and _BLANKS.fullmatch(text):
            self._out.append(f"\x1b[{len(text)}X")
            return
        self._out.append(text)
        after = x + len(text)
        # After the last column the cursor stands there or past it, depending on the terminal.
        self.at = (after, y) if after < self._width else None

    def put_raw(self, x: int, y: int, text: str) -> None:
        """Write text of uncertain width; where the cursor is afterwards is not known."""
        self.style("")
        self.move(x, y)
        self._out.append(text)
        self.at = None

    def erase_line(self, x: int, y: int) -> None:
        """Blank the row from there to its end."""
        self.style("")
        self.move(x, y)
        self._out.append("\x1b[K")

    def finish(self, cursor: tuple[int, int]) -> None:
        """Leave the default style, and the cursor at a column and row."""
        self.style("")
        self.move(*cursor)


def _horizontal(by: int) -> str:
    if by == -1:
        return "\b"
    count = "" if abs(by) == 1 else str(abs(by))
    return f"\x1b[{count}{'C' if by > 0 else 'D'}"
