"""What changed between two days: regressions on top, everything about the chosen item beneath."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from readiness_tui.display.marks import Charset, one_line
from readiness_tui.errors import ReadinessError
from readiness_tui.rules.drift import Drift, ItemDrift, Kind
from readiness_tui.tui import commands, differences
from readiness_tui.tui.commands import Command, bindings
from readiness_tui.tui.screens.history import HistoryScreen
from readiness_tui.tui.screens.list_screen import Choosing
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.choices import Choices
from readiness_tui.tui.widgets.lines import FixedLines, Pages
from readiness_tui.workspace.days import Pair, Timeline, signed_day

MARGIN = 3
"""Cells of a row that are not its text: the cursor before it, the scroll bar behind."""

MOVED: dict[type[Command], tuple[int, int]] = {
    commands.OlderEarlier: (-1, 0),
    commands.OlderLater: (1, 0),
    commands.NewerEarlier: (0, -1),
    commands.NewerLater: (0, 1),
}
"""By how many days a command moves the older and the newer day."""

ON_A_COMPARISON = (
    commands.OnlyWorse,
    commands.ExportChanges,
    commands.SinceSigned,
    commands.GoThere,
)


BAR = (
    commands.GoThere,
    commands.OlderEarlier,
    commands.OlderLater,
    commands.OnlyWorse,
    commands.ExportChanges,
    commands.History,
    commands.Help,
    commands.Close,
)
"""What the key bar shows."""


class DiffScreen(Choosing):
    """Compare two days of a launch."""

    CSS_PATH = "diff.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]
    IN_BAR = BAR
    OFFERS = (
        commands.GoThere,
        commands.OlderEarlier,
        commands.OlderLater,
        commands.NewerEarlier,
        commands.NewerLater,
        commands.SinceSigned,
        commands.OnlyWorse,
        commands.ExportChanges,
        commands.History,
        *Choosing.MOVES,
        commands.Palette,
        commands.Help,
        commands.Close,
    )
    BINDINGS = bindings(OFFERS)

    def __init__(
        self,
        timeline: Timeline,
        chars: Charset,
        go: Callable[[str], None],
        *,
        newer: date | None = None,
    ) -> None:
        """go: shows an item in the walk. newer: the day compared with the one before; None for the newest."""
        super().__init__()
        self.chars = chars
        self._timeline = timeline
        self._go = go
        self._asked = newer
        self._pair = Pair()
        self._found: Drift | None = None
        self._shown: tuple[ItemDrift, ...] = ()
        self._only_worse = False

    @property
    def shown(self) -> tuple[ItemDrift, ...]:
        """The rows."""
        return self._shown

    @property
    def chosen(self) -> ItemDrift | None:
        """The item under the cursor."""
        index = self.rows.index
        return self._shown[index] if 0 <= index < len(self._shown) else None

    def compose(self) -> ComposeResult:
        """The pair and its counts, the rows, the card, the bar."""
        yield FixedLines(id="title")
        with Container(id="panes"):
            yield Choices(id="rows")
            yield Pages(id="pages")
        yield self.status
        yield KeyBar(self.IN_BAR, id="keys")

    def on_mount(self) -> None:
        """Look which days there are, then compare the two newest."""
        self.set_focus(self.rows)
        self._head(Text("reading ..."))
        self.run_worker(self._begin(), group="comparing", exclusive=True)

    def on_resize(self) -> None:
        """Fit the new width."""
        self.call_after_refresh(self.draw)

    async def _begin(self) -> None:
        try:
            days = await asyncio.to_thread(self._timeline.days)
        except ReadinessError as error:
            self._head(Text(one_line(error.message), "bold red"))
            return
        self._pair = Pair.of(days, self._asked)
        if self._pair.older < 0:
            self._head(Text("There is no earlier day to compare with."))
            self.query_one(Pages).show([Text("Each day on which a launch is opened keeps its own session.")])
            return
        await self._compare()

    async def _compare(self) -> None:
        self._head(Text("comparing ..."))
        try:
            self._found = await asyncio.to_thread(self._timeline.between, *self._pair.chosen)
        except ReadinessError as error:
            self._found = None
            self._head(Text(one_line(str(error)), "bold red"))
        self.draw(top=True)

    def draw(self, *, top: bool = False) -> None:
        """Draw the comparison; with the cursor on the first row when asked."""
        rows = self.rows
        found = self._found.items if self._found is not None else ()
        wanted = [one for one in found if not self._only_worse or one.kind in differences.WORSE]
        self._shown = tuple(wanted)
        width = rows.size.width - MARGIN
        rows.show([differences.row(one, width, self.chars) for one in self._shown])
        if top:
            rows.choose(0)
        if self._found is not None:
            self._head(differences.summary(self._found))
            self._draw_card()

    def _draw_card(self) -> None:
        pages, one = self.query_one(Pages), self.chosen
        if one is not None:
            pages.show(list(differences.card(one, self.chars)), top=True)
        elif self._only_worse:
            pages.show([Text("Nothing got worse.")])
        else:
            same = self._found.counts[Kind.SAME] if self._found is not None else 0
            pages.show([Text(f"Nothing differs: {same} items are as before.")])

    def _head(self, second: Text) -> None:
        first = Text(f" {one_line(self._timeline.name)}", Style(bold=True))
        if self._pair.older >= 0:
            first.append(f"  {self._pair.named(self.chars.arrow)}", Style(bold=False))
            more = "; only worse is shown" if self._only_worse else ""
            self.status.tell(self._pair.places + more)
        self.query_one("#title", FixedLines).show([first, Text(" ").append_text(second)])

    @on(Choices.Chosen)
    def _moved(self) -> None:
        self._draw_card()

    def why_not(self, command: type[Command]) -> str:
        """Why there is nothing to compare, to open or to export."""
        if (moved := MOVED.get(command)) is not None:
            return self._pair.why_not(*moved)
        if command in ON_A_COMPARISON and self._found is None:
            return "nothing is compared"
        if command is commands.GoThere:
            return self._why_not_there()
        if command is commands.SinceSigned and self._found is not None:
            signed = signed_day(self._found.after, self._pair.days)
            if signed is None:
                return "nobody has signed yet"
            return "" if signed < self._pair.chosen[1] else "signed on that very day, not before it"
        return super().why_not(command)

    def _why_not_there(self) -> str:
        if (one := self.chosen) is None:
            return "no item here"
        return "it is not in the checklist any more" if one.after is None else ""

    def _move(self, older: int, newer: int) -> None:
        self._pair = self._pair.moved(older, newer)
        self.run_worker(self._compare(), group="comparing", exclusive=True)

    @on(commands.OlderEarlier)
    @on(commands.OlderLater)
    @on(commands.NewerEarlier)
    @on(commands.NewerLater)
    def _other_pair(self, command: Command) -> None:
        self._move(*MOVED[type(command)])

    @on(commands.SinceSigned)
    def _since_signed(self) -> None:
        assert self._found is not None  # `why_not` said so
        signed = signed_day(self._found.after, self._pair.days)
        assert signed is not None
        self._move(self._pair.days.index(signed) - self._pair.older, 0)

    @on(commands.OnlyWorse)
    def _worse(self) -> None:
        self._only_worse = not self._only_worse
        self.draw(top=True)

    @on(commands.ExportChanges)
    async def _export(self) -> None:
        assert self._found is not None  # `why_not` said so
        try:
            path = await asyncio.to_thread(self._timeline.export, self._found)
        except ReadinessError as error:
            self.block("The comparison was not written", error)
            return
        self.say(f"written: {path}")

    @on(commands.History)
    def _history(self) -> None:
        self.app.push_screen(HistoryScreen(self._timeline, self.chars))

    @on(commands.GoThere)
    def _go_there(self) -> None:
        if (one := self.chosen) is not None:
            self.app.pop_screen()
            self._go(one.item.id)

    @on(commands.Close)
    def _close(self) -> None:
        self.app.pop_screen()
