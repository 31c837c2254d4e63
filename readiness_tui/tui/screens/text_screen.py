"""A screen of text to read: scrolled by line, page and end."""

from __future__ import annotations

from typing import ClassVar

from textual import on

from readiness_tui.tui import commands
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.widgets.lines import Pages


class Reading(CommandScreen):
    """Its one `Pages` is scrolled with the keys of the list."""

    CSS_PATH = "text_screen.tcss"
    SCROLLS: ClassVar[tuple[type[commands.Command], ...]] = (
        commands.Down,
        commands.Up,
        commands.PageDown,
        commands.PageUp,
        commands.HalfDown,
        commands.HalfUp,
        commands.First,
        commands.Last,
    )

    @property
    def pages(self) -> Pages:
        """The text."""
        return self.query_one(Pages)

    @on(commands.Down)
    def _down(self) -> None:
        self.pages.scroll_lines(1)

    @on(commands.Up)
    def _up(self) -> None:
        self.pages.scroll_lines(-1)

    @on(commands.PageDown)
    def _page_down(self) -> None:
        self.pages.scroll_lines(max(1, self.pages.size.height - 1))

    @on(commands.PageUp)
    def _page_up(self) -> None:
        self.pages.scroll_lines(-max(1, self.pages.size.height - 1))

    @on(commands.HalfDown)
    def _half_down(self) -> None:
        self.pages.scroll_lines(max(1, self.pages.size.height // 2))

    @on(commands.HalfUp)
    def _half_up(self) -> None:
        self.pages.scroll_lines(-max(1, self.pages.size.height // 2))

    @on(commands.First)
    def _first(self) -> None:
        self.pages.scroll_lines(-self.pages.virtual_size.height)

    @on(commands.Last)
    def _last(self) -> None:
        self.pages.scroll_lines(self.pages.virtual_size.height)
