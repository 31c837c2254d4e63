"""The keys of a screen, each with what it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult

from readiness_tui.display.marks import DEFERRED, MARKS, OVER_FAIL, OVER_UNKNOWN, RUNNING, Charset, charset
from readiness_tui.tui import commands
from readiness_tui.tui.commands import Command, bindings
from readiness_tui.tui.screens.text_screen import Reading
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.lines import Labelled, Pages, Paragraph


class HelpScreen(Reading):
    """Every command that the screen beneath offers, and what the glyphs mean."""

    OFFERS = (*Reading.SCROLLS, commands.Close)
    BINDINGS = bindings(OFFERS)

    def __init__(self, offers: Sequence[type[Command]]) -> None:
        super().__init__()
        self._offers = tuple(offers)

    def compose(self) -> ComposeResult:
        """The pages and the bar."""
        yield Pages(id="pages")
        yield self.status
        yield KeyBar((commands.Down, commands.Up, commands.Close), id="keys")

    def on_mount(self) -> None:
        """Write the pages."""
        self.query_one(Pages).show(list(pages(self._offers, charset())))

    @on(commands.Close)
    def _close(self) -> None:
        self.app.pop_screen()


def pages(offers: Sequence[type[Command]], chars: Charset) -> Iterator[Paragraph]:
    """The keys by topic, then the marks and the columns of the list."""
    topics = dict.fromkeys(command.topic for command in offers)
    for topic in topics:
        yield Text(topic, Style(bold=True))
        for command in offers:
            if command.topic == topic:
                yield Labelled(f" {command.spelt}", Text(command.meaning()))
        yield Text()
    yield Text("Marks", Style(bold=True))
    for standing, mark in MARKS.items():
        yield Labelled(f" {chars.of(mark)} {mark.word}", Text(f"{standing.value}: {MEANINGS[mark.word]}"))
    for mark in (OVER_FAIL, OVER_UNKNOWN, DEFERRED, RUNNING):
        yield Labelled(f" {chars.of(mark)} {mark.word}", Text(MEANINGS[mark.word]))
    yield Text()
    yield Text("Columns of the list", Style(bold=True))
    for label, meaning in COLUMNS:
        yield Labelled(f" {label}", Text(meaning))


MEANINGS = {
    "TODO": "not answered; counts against go",
    "READY": "holds; what was seen stands beside it",
    "READY over FAIL": "the check fails, and a person overrode it with a reason; listed on every report",
    "READY over UNKNOWN": "not checked, and a person overrode that with a reason; listed on every report",
    "NOT READY": "does not hold; on red when it is a blocker",
    "UNKNOWN": "could not be checked, the cause is shown; this is not a failure, and never READY",
    "CONFLICT": "answered done, but the check fails: give a reason (o) or change the answer",
    "STALE": "held once; too old, or its text changed since",
    "WAIVED": "fails, and the risk is accepted with an owner, an approver and a date",
    "N/A": "does not apply, with the reason",
    "LATER": "due after the launch; never blocks it",
    "DEFERRED": "decide later; still open",
    "RUNNING": "the check is running; its seconds are shown",
}

COLUMNS = (
    ("A", "decided by a probe"),
    ("M", "decided by hand"),
    ("O", "by hand against the probe, with a reason"),
    ("=", "computed from the other items"),
    ('"', "has a note"),
    ("!!", "a blocker"),
)
