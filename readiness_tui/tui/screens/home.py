"""The first screen: the launches there are, where each was left, and how to go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import date, datetime

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult

from readiness_tui.assessment import utc_now
from readiness_tui.display.filters import View
from readiness_tui.display.marks import DEFERRED, MARKS, Charset, one_line
from readiness_tui.errors import ReadinessError
from readiness_tui.rules.standing import Standing
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui import commands
from readiness_tui.tui.commands import Command, bindings
from readiness_tui.tui.messages import EndProgram, OpenLaunch, StartNew
from readiness_tui.tui.screens.compares import Compares
from readiness_tui.tui.screens.list_screen import Choosing
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.choices import Choices
from readiness_tui.tui.widgets.lines import FixedLines, Labelled, Pages, Paragraph
from readiness_tui.workspace.days import Timeline
from readiness_tui.workspace.overview import Overview, overview

HOW_IT_WORKS = (
    "A launch is one checklist walked on some hosts: one question, one key, next.",
    "Probes look read-only, over SSH or on this machine; nothing is ever changed on a host.",
    "Answers, notes and verdicts are saved as you go, one file a day; leave and come back at any time.",
)


BAR = (
    commands.Continue,
    commands.OnlyOpen,
    commands.OnlyProblems,
    commands.NewLaunch,
    commands.EarlierDay,
    commands.Help,
    commands.Quit,
)
"""What the key bar shows."""


class HomeScreen(Compares, Choosing):
    """Resume a launch or start one."""

    CSS_PATH = "home.tcss"
    OFFERS = (
        commands.Continue,
        commands.OnlyOpen,
        commands.OnlyProblems,
        commands.NewLaunch,
        commands.EarlierDay,
        commands.LaterDay,
        commands.Changes,
        commands.History,
        *Choosing.MOVES,
        commands.Palette,
        commands.Help,
        commands.Quit,
    )
    BINDINGS = bindings(OFFERS)

    def __init__(
        self,
        sessions: Sessions,
        chars: Charset,
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__()
        self._shown = False
        self.sessions = sessions
        self.chars = chars
        self._clock = clock
        self._names: tuple[str, ...] = ()
        self._seen: dict[str, Overview] = {}
        self._days: dict[str, date] = {}
        self._loaded = False

    def compose(self) -> ComposeResult:
        """Title, launches, the card of the chosen one, bar."""
        yield FixedLines(id="title")
        yield Choices(id="launches")
        yield Pages(id="pages")
        yield self.status
        yield KeyBar(BAR, id="keys")

    def on_mount(self) -> None:
        """Say where we look, then look."""
        self.query_one("#title", FixedLines).show(
            [
                Text(" readiness", Style(bold=True)).append(
                    f"  launches in {self.sessions.folder}", Style(bold=False)
                )
            ]
        )
        self.set_focus(self.query_one(Choices))
        self.run_worker(self._load(), group="home", exclusive=True)

    def on_screen_resume(self) -> None:
        """Back from another screen: look again."""
        if self._shown:
            self.run_worker(self._load(), group="home", exclusive=True)
        self._shown = True

    async def _load(self) -> None:
        """Read the names, then every launch, the chosen one first."""
        try:
            self._names = await asyncio.to_thread(self.sessions.launches)
        except ReadinessError as error:
            self._loaded = True
            self.pages.show([Text(one_line(error.message), "bold red"), Text(error.hint)])
            return
        self._loaded = True
        self._draw()
        chosen = self.chosen_name
        for name in sorted(self._names, key=lambda name: name != chosen):
            self._seen[name] = await asyncio.to_thread(
                overview, self.sessions, name, self._days.get(name), clock=self._clock
            )
            self._draw()

    @property
    def pages(self) -> Pages:
        """The card."""
        return self.query_one(Pages)

    @property
    def chosen_name(self) -> str:
        """The launch under the mark, empty when there is none."""
        index = self.query_one(Choices).index
        return self._names[index] if 0 <= index < len(self._names) else ""

    def _draw(self) -> None:
        choices = self.query_one(Choices)
        choices.display = bool(self._names)
        width = max((len(name) for name in self._names), default=0)
        choices.show([self._choice(name, min(width, 40)) for name in self._names])
        if not self._names:
            self.pages.show([Text(), *(Text(line) for line in HOW_IT_WORKS), Text(), START])
            return
        seen = self._seen.get(self.chosen_name)
        self.pages.show(list(card(seen, self.chars, self._clock())) if seen else [Text("reading ...")])

    def _choice(self, name: str, width: int) -> Text:
        text = Text(one_line(name).ljust(width))
        seen = self._seen.get(name)
        if seen is None:
            return text
        if seen.fault:
            return text.append("  cannot be read", "bold red")
        if seen.all is not None:
            text.append(f"  {seen.day}  {seen.all.done}/{seen.all.total}").append_text(
                counts(seen, self.chars)
            )
        return text

    @on(Choices.Chosen)
    def _chosen(self) -> None:
        self._draw()

    @on(commands.EarlierDay)
    def _earlier(self) -> None:
        self._shift(-1)

    @on(commands.LaterDay)
    def _later(self) -> None:
        self._shift(1)

    def _shift(self, days: int) -> None:
        seen = self._seen[self.chosen_name]
        at = seen.days.index(seen.day) if seen.day in seen.days else len(seen.days) - 1
        self._days[self.chosen_name] = seen.days[max(0, min(at + days, len(seen.days) - 1))]
        self.run_worker(self._load(), group="home", exclusive=True)

    @on(commands.Continue)
    def _continue(self) -> None:
        if not self._names:
            self.post_message(StartNew())
            return
        self._go(View.ALL)

    @on(commands.OnlyOpen)
    def _only_open(self) -> None:
        self._go(View.OPEN)

    @on(commands.OnlyProblems)
    def _only_problems(self) -> None:
        self._go(View.PROBLEMS)

    def _go(self, view: View) -> None:
        seen = self._seen[self.chosen_name]
        earlier = seen.day if seen.day is not None and seen.day != seen.days[-1] else None
        self.post_message(OpenLaunch(self.chosen_name, earlier, view))

    def timeline(self) -> Timeline | None:
        """The chosen launch's days."""
        name = self.chosen_name
        return Timeline(self.sessions.folder, name, self._clock) if name else None

    def compared_day(self) -> date | None:
        """The day shown on the card."""
        return self._days.get(self.chosen_name)

    def show_item(self, item: str) -> None:
        """Open the launch there."""
        self.post_message(OpenLaunch(self.chosen_name, item=item))

    @on(commands.NewLaunch)
    def _new(self) -> None:
        self.post_message(StartNew())

    @on(commands.Quit)
    def _quit(self) -> None:
        self.post_message(EndProgram())

    def why_not(self, command: type[Command]) -> str:
        """Why a launch cannot be opened."""
        opening = (commands.Continue, commands.OnlyOpen, commands.OnlyProblems)
        shifting = (commands.EarlierDay, commands.LaterDay)
        if command in (*opening, *shifting) and not (command is commands.Continue and not self._names):
            seen = self._seen.get(self.chosen_name)
            if seen is None:
                return (
                    "reading the launches"
                    if self._names or not self._loaded
                    else "no launch yet: N starts one"
                )
            if command in opening:
                return "this launch cannot be read; its file is as it was" if seen.fault else ""
            return "" if len(seen.days) > 1 else "there is one day only"
        return super().why_not(command)


START = Text("Enter starts your first launch.", Style(bold=True))


def counts(seen: Overview, chars: Charset) -> Text:
    """What wants a look, with its marks."""
    text = Text()
    if seen.all is None:
        return text
    for mark, count in (
        (MARKS[Standing.NOT_READY], seen.all.failing),
        (MARKS[Standing.UNKNOWN], seen.all.unknown),
        (MARKS[Standing.STALE], seen.all.stale),
        (DEFERRED, seen.all.deferred),
        (MARKS[Standing.WAIVED], seen.all.waived),
    ):
        if count:
            text.append("  ").append(f"{chars.of(mark)} {count}", mark.style)
    return text


def card(seen: Overview, chars: Charset, now: datetime) -> Iterator[Paragraph]:
    """The resume card of a launch."""
    days = f"{len(seen.days)} day" + ("s" if len(seen.days) != 1 else "")
    yield Text(one_line(seen.name), Style(bold=True)).append(
        f"   {seen.day or ''}   {days}", Style(bold=False)
    )
    yield Text()
    if seen.fault:
        yield Text("This launch cannot be read; its file is left as it is.", "bold red")
        yield Text(one_line(seen.fault))
        if seen.hint:
            yield Labelled("Hint", Text(seen.hint))
        return
    assert seen.all is not None  # without a fault it was counted
    place = f", at “{one_line(seen.position)}” in {seen.section}" if seen.position else ""
    if chars.ascii:
        place = place.replace("“", '"').replace("”", '"')
    worked = f"{since(seen.at, now)} by {one_line(seen.by)}" if seen.at else "not begun"
    yield Labelled("Last", Text(worked + place))
    yield Labelled("Progress", Text(f"{seen.all.done}/{seen.all.total}").append_text(counts(seen, chars)))
    if seen.all.stale:
        yield Labelled("Stale", Text(f"{seen.all.stale} answers or verdicts are too old"))
    way = f", {seen.blocking} blocking" if seen.blocking else ""
    yield Labelled("Gate", Text(f"{seen.decision}{way}", Style(bold=True)))
    yield Labelled("Hosts", Text(str(seen.hosts)))
    if seen.days and seen.day != seen.days[-1]:
        yield Labelled("Day", Text(f"{seen.day} is an earlier day: it opens read-only"))


def since(at: datetime, now: datetime) -> str:
    """`today 14:02`, `yesterday 17:40`, else the date, in the operator's zone."""
    local, today = at.astimezone(), now.astimezone().date()
    days = (today - local.date()).days
    named = {0: "today", 1: "yesterday"}.get(days, f"{local:%d %b %Y}")
    return f"{named} {local:%H:%M}"
