"""An app that sends the terminal only the cells that changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from inspect import signature
from typing import Any

import textual
from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console, RenderableType
from rich.style import Style
from textual import events, on
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.screen import Screen
from textual.strip import Strip

from readiness_tui.tui.terminal.driver import SUPPORTED, SafeDriver
from readiness_tui.tui.terminal.frames import Run, Shadow, unit
from readiness_tui.tui.terminal.pen import Cell

BACKLOG_BYTES = 64 * 1024
"""Bytes not yet read by the terminal from which frames are left out."""

DRAINED_S = 0.1
"""Seconds between two looks whether a terminal that fell behind has read everything."""

SYNC_FROM = 512
"""Characters of a frame from which it is bracketed by synchronized output (mode 2026), where supported.
A shorter one reaches the terminal in one read."""

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"


class LeanDisplay(App[None]):
    """An app whose frames hold only what differs from what the terminal shows.

    Falls back to Textual's own display when the installed Textual is not the one this was written for,
    when the driver is not `SafeDriver`, and after an error of its own.
    """

    lean = True
    _shadow: Shadow | None = None
    _behind = False

    def forget_display(self) -> None:
        """Draw the whole screen again: what the terminal shows is no longer known."""
        self._shadow = None
        self.refresh()

    @on(events.Resize)
    def _forget_size(self) -> None:
        self._shadow = None

    @on(events.Mount)
    def _await_resume(self) -> None:
        """Subscribe to the end of suspensions, in which another program drew on the terminal."""
        self.app_resume_signal.subscribe(self, lambda _: self.forget_display())

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        driver = self._driver
        drawable = isinstance(renderable, LayoutUpdate | ChopsUpdate) and not self._batch_count
        if not (self.lean and drawable and self._running and isinstance(driver, SafeDriver)):
            self._shadow = None
            super()._display(screen, renderable)
            return
        assert isinstance(renderable, LayoutUpdate | ChopsUpdate)
        try:
            if self._skipped(driver):
                return
            if frame := self._frame(renderable):
                synced = self._sync_available and len(frame) >= SYNC_FROM
                driver.write(f"{SYNC_START}{frame}{SYNC_END}" if synced else frame)
                driver.flush()
        except Exception as error:  # noqa: BLE001  what only saves bytes must never end the program
            self.lean = False
            self.log.error(f"lean display switched off: {error!r}")
            self.refresh()
        finally:
            self.post_display_hook()

    def _frame(self, update: LayoutUpdate | ChopsUpdate) -> str:
        whole = isinstance(update, LayoutUpdate)
        width, height = self._extent(update)
        if self._shadow is None or (self._shadow.width, self._shadow.height) != (width, height):
            self._shadow = Shadow(width, height)
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        return self._shadow.frame(_runs(update, self.console), whole=whole, cursor=(cursor.x, cursor.y))

    def _extent(self, update: LayoutUpdate | ChopsUpdate) -> tuple[int, int]:
        if isinstance(update, LayoutUpdate):
            return update.region.width, update.region.height
        return update.chop_ends[0][-1], len(update.chops)

    def _skipped(self, driver: SafeDriver) -> bool:
        """Whether the terminal is too far behind for another frame; it gets a whole one later."""
        if not self._behind and driver.backlog > BACKLOG_BYTES:
            self._behind = True
            self.set_timer(DRAINED_S, self._catch_up)
        return self._behind

    def _catch_up(self) -> None:
        if isinstance(self._driver, SafeDriver) and self._driver.backlog:
            self.set_timer(DRAINED_S, self._catch_up)
            return
        self._behind = False
        self.forget_display()


def lean_display_fits() -> bool:
    """Whether every private name that LeanDisplay relies on exists as expected."""
    shapes: dict[Callable[..., object], list[str]] = {
        App._display: ["self", "screen", "renderable"],
        LayoutUpdate.__init__: ["self", "strips", "region"],
        ChopsUpdate.__init__: ["self", "chops", "spans", "chop_ends"],
        Strip.render_ansi: ["style", "color_system"],
    }
    if not textual.__version__.startswith(SUPPORTED):
        return False
    return all(list(signature(function).parameters) == wanted for function, wanted in shapes.items())


def _runs(update: LayoutUpdate | ChopsUpdate, console: Console) -> Iterator[Run]:
    """What an update draws, in the order in which Textual would send it."""
    for x, y, strip in _strips(update):
        cells = _cells(strip, console)
        yield Run(x, y, unit(strip.render(console), strip.cell_length) if cells is None else cells)


def _strips(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    line: Iterable[Strip | None]
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                if strip is not None:  # nothing is drawn there
                    yield x, y, strip
                    x += strip.cell_length
        return
    for y, start, stop in update.spans:
        for end, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if chop is not None and x <= stop and end > start:
                inside = stop > x >= start and end <= stop
                yield x, y, chop if inside else chop.crop(0, min(end, stop) - x)


def _cells(strip: Strip, console: Console) -> list[Cell] | None:
    """The strip's cells; None when a terminal may give its text another width."""
    colors = console._color_system or ColorSystem.TRUECOLOR
    cells: list[Cell] = []
    for text, style, control in strip:
        if control:
            continue
        if not (text.isascii() and text.isprintable()) and not _narrow(text):
            return None
        sgr = _sgr(style, colors) if style is not None else ""
        cells.extend([(char, sgr) for char in text])
    return cells


@lru_cache(maxsize=4096)
def _narrow(text: str) -> bool:
    """Whether every character is printable and one column wide."""
    return text.isprintable() and all(get_character_cell_size(char) == 1 for char in text)


@lru_cache(maxsize=4096)
def _sgr(style: Style, colors: ColorSystem) -> str:
    """SGR parameters of a style, without 39 and 49: a cell's style starts from the default one."""
    ansi = Strip.render_ansi(style, colors)
    return ";".join(code for code in _codes(ansi) if code not in ("39", "49"))


def _codes(ansi: str) -> Iterator[str]:
    """The parameters one by one, a colour of several numbers as one."""
    parts = iter(ansi.split(";") if ansi else ())
    for part in parts:
        if part in ("38", "48"):
            kind = next(parts)
            rest = [next(parts) for _ in range(1 if kind == "5" else 3)]
            yield ";".join((part, kind, *rest))
        else:
            yield part
