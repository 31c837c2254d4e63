"""The walk: one question, one key, next. The list, the card of the item under the cursor, the bar."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual import on
from textual.events import DescendantBlur, DescendantFocus
from textual.timer import Timer

from readiness_tui.display.filters import View
from readiness_tui.model.session import Session
from readiness_tui.tui.commands.base import Command, bindings
from readiness_tui.tui.palette.entries import of_launch
from readiness_tui.tui.palette.matching import Entry
from readiness_tui.tui.walk.answering import Answering
from readiness_tui.tui.walk.colleagues import Colleagues
from readiness_tui.tui.walk.comparing import Comparing
from readiness_tui.tui.walk.configuring import Configuring
from readiness_tui.tui.walk.controller import Controller
from readiness_tui.tui.walk.finding import Finding
from readiness_tui.tui.walk.leaving import Leaving
from readiness_tui.tui.walk.moving import Moving
from readiness_tui.tui.walk.noting import EndNote, Noting
from readiness_tui.tui.walk.probing import Probing
from readiness_tui.tui.walk.reading import Reading
from readiness_tui.tui.walk.view import WalkView
from readiness_tui.tui.widgets.card import NOTE_LENGTH, Card, NoteField
from readiness_tui.tui.widgets.sections import Sections
from readiness_tui.workspace.workspace import Workspace

CONTROLLERS: tuple[type[Controller], ...] = (
    Answering,
    Noting,
    Reading,
    Probing,
    Moving,
    Finding,
    Comparing,
    Configuring,
    Colleagues,
    Leaving,
)
"""In the order of the help."""


class WalkScreen(WalkView):
    """Walk a launch's checklist."""

    CSS_PATH = "screen.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-middle"), (110, "-side"), (150, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]

    OF_A_LAUNCH = True
    OFFERS = tuple(command for controller in CONTROLLERS for command in controller.commands())
    BINDINGS = bindings(OFFERS)

    def __init__(self, workspace: Workspace, *, view: View = View.ALL, at: str = "") -> None:
        """view: what the list shows first. at: the item to begin with; where the walk was left without."""
        super().__init__(workspace, view)
        self._at = at
        self._tick: Timer | None = None
        self._unwatch: Callable[[], None] = lambda: None
        self.noting, self.moving, self.reading = Noting(self), Moving(self), Reading(self)
        self.finding, self.probing = Finding(self), Probing(self)
        self.colleagues, self.leaving = Colleagues(self), Leaving(self)
        controllers = (
            Answering(self),
            self.noting,
            self.reading,
            self.probing,
            self.moving,
            self.finding,
            Comparing(self),
            Configuring(self),
            self.colleagues,
            self.leaving,
        )
        self._by_command = {command: one for one in controllers for command in one.commands()}
        self.list.moved = self._moved

    def why_not(self, command: type[Command]) -> str:
        """Why a command cannot act now, as its controller says."""
        return self._by_command[command].why_not(command)

    async def perform(self, command: type[Command]) -> None:
        """Let the command's controller act."""
        if self.reading.takes(command):
            return
        self.state.just_answered = False
        self._by_command[command].act(command)
        self.draw_keys()

    def palette_entries(self) -> Iterable[Entry]:
        """The launch's sections, items and hosts, and the verbs."""
        return of_launch(
            self.checklist,
            self.assessment.session,
            to_section=self.moving.to_section,
            to_item=self.jump,
            to_host=self.finding.of_host,
            to_verb=self.finding.tell_verb,
        )

    def action_section(self, number: int) -> None:
        """A digit: go to that section."""
        self.moving.to_numbered(number)

    def on_mount(self) -> None:
        """Go to where the walk was left."""
        workspace = self.workspace
        workspace.listener, workspace.say, workspace.block = self.soon, self.say, self.block
        workspace.clashed = self._clash_came
        self._tick = self.set_interval(1.0, self._second, pause=True)
        self.call_after_refresh(self.draw_keys)
        self._unwatch = self.assessment.watch(self._changed)
        self.card.allow_typing(not self.assessment.read_only)
        self.to_list()
        self.call_after_refresh(self._arrive)

    def on_unmount(self) -> None:
        """Stop watching; what is being typed is kept."""
        self.keep_note()
        self._unwatch()

    def _arrive(self) -> None:
        self.relist(self._at or self.assessment.session.position)
        if not self.colleagues.greet():
            self.probing.on_open()

    def _changed(self, before: Session, after: Session) -> None:
        self.soon()

    def _clash_came(self) -> None:
        self.keep_note()
        self.colleagues.clash_came()

    def soon(self) -> None:
        """Draw soon, and each second while probes run."""
        super().soon()
        if self.workspace.prober.busy and self._tick is not None:
            self._tick.resume()

    def _second(self) -> None:
        if not self.workspace.prober.busy and self._tick is not None:
            self._tick.pause()
        self.draw()

    def _moved(self) -> None:
        """The cursor came to another item: all that is drawn of it goes into one frame."""
        self.keep_note()
        self.state.key, self.state.here = self.list.key, self.list.section
        if self.state.anchor:
            self.draw_range()
        self.draw_around()
        self.draw_keys()
        self.leaving.rest()

    def draw_around(self) -> None:
        """Draw all but the list; the detail too while it is shown."""
        super().draw_around()
        self.reading.draw()

    def keep_note(self) -> None:
        """Save what was typed so far."""
        self.noting.keep_note()

    def keep_all(self) -> None:
        """Save the note and where the walk stands."""
        self.noting.keep_note()
        self.leaving.keep_position()

    def on_screen_resume(self) -> None:
        """Draw what happened while another screen was shown."""
        if self.list.keys:
            self.draw()

    def on_screen_suspend(self) -> None:
        """Another screen comes: what is being typed is kept."""
        self.keep_note()

    def on_resize(self) -> None:
        """Another size may show or hide the card and the words."""
        self.fit_words()
        self.call_after_refresh(self.draw_around)

    @on(DescendantFocus, "#note")
    def _note_begun(self) -> None:
        self.noting.begin()
        self.key_bar.offer((EndNote,))

    @on(DescendantBlur, "#note")
    def _note_left(self) -> None:
        self.noting.leave()
        self.draw_keys()

    @on(Card.Noted)
    def _noted(self, event: Card.Noted) -> None:
        self.noting.typed(event.item, event.text)

    @on(NoteField.Cut)
    def _cut(self) -> None:
        self.say(f"a note holds {NOTE_LENGTH:,} characters: the end of the paste was left out", bad=True)

    @on(Sections.Chosen)
    def _chosen(self, event: Sections.Chosen) -> None:
        self.moving.to_section(event.section)
