"""Screens from which the days of a launch are compared."""

from __future__ import annotations

from datetime import date

from textual import on

from readiness_tui.display.marks import charset
from readiness_tui.tui import commands
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.screens.diff import DiffScreen
from readiness_tui.tui.screens.history import HistoryScreen
from readiness_tui.workspace.days import Timeline


class Compares(CommandScreen):
    """Opens the comparison and the history of the launch it shows."""

    def timeline(self) -> Timeline | None:
        """The launch's days; None when no launch is shown."""
        return None

    def compared_day(self) -> date | None:
        """The day to compare with the one before it; None for the newest."""
        return None

    def show_item(self, item: str) -> None:
        """Show an item chosen in the comparison."""

    def why_not(self, command: type[commands.Command]) -> str:
        """Why there is nothing to compare."""
        if command in (commands.Changes, commands.History) and self.timeline() is None:
            return "no launch yet: N starts one"
        return super().why_not(command)

    @on(commands.Changes)
    def _changes(self) -> None:
        if (timeline := self.timeline()) is not None:
            screen = DiffScreen(timeline, charset(), self.show_item, newer=self.compared_day())
            self.app.push_screen(screen)

    @on(commands.History)
    def _history_of_days(self) -> None:
        if (timeline := self.timeline()) is not None:
            self.app.push_screen(HistoryScreen(timeline, charset()))
