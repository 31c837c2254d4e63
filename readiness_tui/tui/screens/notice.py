"""What blocks: the whole message on a screen of its own, to be read and copied."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult

from readiness_tui.display.marks import visible
from readiness_tui.errors import ReadinessError
from readiness_tui.tui import commands
from readiness_tui.tui.commands import bindings
from readiness_tui.tui.screens.text_screen import Reading
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.lines import Labelled, Pages


class NoticeScreen(Reading):
    """What was tried, what is in the way, where, and what to do about it."""

    OFFERS = (*Reading.SCROLLS, commands.Close, commands.Dismiss)
    BINDINGS = bindings(OFFERS)

    def __init__(self, tried: str, error: ReadinessError) -> None:
        super().__init__()
        self._tried = tried
        self._error = error

    def compose(self) -> ComposeResult:
        """The pages and the bar."""
        yield Pages(id="pages")
        yield self.status
        yield KeyBar((commands.Dismiss, commands.Close), id="keys")

    def on_mount(self) -> None:
        """Write it down."""
        error = self._error
        lines = [Text(line) for line in visible(error.message).splitlines()]
        said = [Text(self._tried, Style(bold=True)), Text(), *lines, Text()]
        where = [Labelled("Where", Text(visible(error.where)))] if error.where else []
        hint = [Labelled("Hint", Text(visible(error.hint)))] if error.hint else []
        self.query_one(Pages).show([*said, *where, *hint])

    @on(commands.Close)
    @on(commands.Dismiss)
    def _close(self) -> None:
        self.app.pop_screen()
