"""The walk: one question, one key, next. The list, the card of the item under the cursor, the bar."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.timer import Timer

from readiness_tui.model.session import Session
from readiness_tui.rules import edits
from readiness_tui.tui import commands
from readiness_tui.tui.commands import bindings
from readiness_tui.tui.messages import EndProgram, GoHome
from readiness_tui.tui.screens.colleagues import WalkTogether
from readiness_tui.tui.widgets.bar import SAID_FOR, KeyBar, Status
from readiness_tui.tui.widgets.card import Card
from readiness_tui.tui.widgets.header import Header
from readiness_tui.tui.widgets.item_list import ItemList
from readiness_tui.tui.widgets.prompt import Prompt
from readiness_tui.tui.widgets.sections import Sections

POSITION_S = 0.5
"""Seconds the cursor must rest before its place is saved."""


class WalkScreen(WalkTogether):
    """Walk a launch's checklist."""

    CSS_PATH = "walk.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-middle"), (110, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]

    IN_BAR = (
        commands.Pass,
        commands.Fail,
        commands.NotApplicable,
        commands.Defer,
        commands.Note,
        commands.NextOpen,
        commands.Probe,
        commands.Open,
        commands.ProbeSection,
        commands.Find,
        commands.CycleView,
        commands.Help,
        commands.Quit,
    )
    OFFERS = (
        commands.Pass,
        commands.Fail,
        commands.NotApplicable,
        commands.Defer,
        commands.Clear,
        commands.Override,
        commands.Repeat,
        commands.Undo,
        commands.Redo,
        commands.Note,
        commands.EndNote,
        commands.Editor,
        commands.Open,
        commands.Probe,
        commands.ProbeSection,
        commands.ProbeAll,
        commands.CancelProbes,
        commands.Down,
        commands.Up,
        commands.NextOpen,
        commands.PreviousOpen,
        commands.NextSection,
        commands.PreviousSection,
        commands.GoSection,
        commands.First,
        commands.Last,
        commands.HalfDown,
        commands.HalfUp,
        commands.PageDown,
        commands.PageUp,
        commands.GoBack,
        commands.Find,
        commands.CycleView,
        commands.Unfilter,
        commands.Changes,
        commands.Clashes,
        commands.WorkOnIt,
        commands.Palette,
        commands.Words,
        commands.Redraw,
        commands.Help,
        commands.Home,
        commands.Quit,
    )
    BINDINGS = bindings(OFFERS)

    _rest: Timer | None = None
    _tick: Timer
    _warned = False

    def compose(self) -> ComposeResult:
        """Header, panes, status or prompt, keys."""
        chars = self.desk.chars
        yield Header(chars, id="header")
        with Container(id="panes"):
            yield Sections(chars, id="sections")
            yield ItemList(chars, id="list")
            yield Card(chars, id="card")
        yield Status(chars, id="status")
        yield Prompt(id="prompt")
        yield KeyBar(self.IN_BAR, id="keys")

    def on_mount(self) -> None:
        """Go to where the walk was left."""
        self.desk.listener, self.desk.say, self.desk.block = self.soon, self.say, self.block
        self.desk.clashed = self.clash_came
        self._tick = self.set_interval(1.0, self._second, pause=True)
        self.call_on_unmount = self.assessment.watch(self._watch)
        self.card.allow_typing(not self.assessment.read_only)
        self.to_list()
        self.call_after_refresh(self._arrive)

    def on_unmount(self) -> None:
        """Stop watching; what is being typed is kept."""
        self.keep_note()
        self.call_on_unmount()

    def _arrive(self) -> None:
        self.relist(self.at or self.assessment.session.position)
        self.greet()

    def _watch(self, before: Session, after: Session) -> None:
        self.soon()

    def soon(self) -> None:
        """Draw soon, and each second while probes run."""
        super().soon()
        if self.desk.prober.busy:
            self._tick.resume()

    def _second(self) -> None:
        if not self.desk.prober.busy:
            self._tick.pause()
        self.draw()

    @on(ItemList.Moved)
    def _moved(self, event: ItemList.Moved) -> None:
        event.stop()
        self.keep_note()
        self.draw_around()
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(POSITION_S, self.keep_position)

    def keep_position(self) -> None:
        """Remember in the session where the walk stands."""
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        if (key := self.list.key) and not self.assessment.read_only:
            self.assessment.apply(edits.SetPosition(key))

    def on_screen_resume(self) -> None:
        """Back from another screen: what happened meanwhile is drawn."""
        if self.list.keys:
            self.draw()

    def on_resize(self) -> None:
        """Another size may show or hide the card."""
        self.call_after_refresh(self.draw_around)

    @on(commands.Home)
    def _home(self) -> None:
        self.keep_note()
        self.keep_position()
        self.post_message(GoHome())

    @on(commands.Quit)
    def _quit(self) -> None:
        if (busy := self.desk.prober.busy) and not self._warned:
            self._warned = True
            self.set_timer(SAID_FOR, self._forget_warning)
            self.say(f"{busy} probes running: q again stops them")
            return
        self.keep_note()
        self.keep_position()
        self.post_message(EndProgram())

    def _forget_warning(self) -> None:
        self._warned = False
