"""A screen with one list of lines, moved through with the keys of the walk's list."""

from __future__ import annotations

from typing import ClassVar

from textual import on

from readiness_tui.tui import commands
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.widgets.choices import Choices


class Choosing(CommandScreen):
    """Its one `Choices` is moved by line, page and end."""

    MOVES: ClassVar[tuple[type[commands.Command], ...]] = (
        commands.Down,
        commands.Up,
        commands.PageDown,
        commands.PageUp,
        commands.First,
        commands.Last,
    )

    @property
    def rows(self) -> Choices:
        """The list."""
        return self.query_one(Choices)

    @on(commands.Down)
    def _down(self) -> None:
        self.rows.move(1)

    @on(commands.Up)
    def _up(self) -> None:
        self.rows.move(-1)

    @on(commands.PageDown)
    def _page_down(self) -> None:
        self.rows.move(max(1, self.rows.size.height - 1))

    @on(commands.PageUp)
    def _page_up(self) -> None:
        self.rows.move(-max(1, self.rows.size.height - 1))

    @on(commands.First)
    def _first(self) -> None:
        self.rows.choose(0)

    @on(commands.Last)
    def _last(self) -> None:
        self.rows.choose(len(self.rows.texts) - 1)
