"""The walk's widgets and how they are drawn."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.timer import Timer

from readiness_tui.display.filters import View
from readiness_tui.display.marks import MARKS
from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Item
from readiness_tui.rules import edits
from readiness_tui.rules.probing.plan import probe_of
from readiness_tui.store.autosave import Light
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.walk.plans import ProbeCommands
from readiness_tui.tui.walk.state import WalkState
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.card import Card
from readiness_tui.tui.widgets.header import Header, Heading
from readiness_tui.tui.widgets.item_list import ItemList
from readiness_tui.tui.widgets.prompt import Prompt
from readiness_tui.tui.widgets.sections import SectionLine, Sections
from readiness_tui.workspace.workspace import Workspace

PLAN_S = 0.3
"""Seconds from the first card until the probes are planned: planning imports every kind of probe, and the
first screen and the first keys come before that."""

FRAME_S = 0.1
"""Seconds between two repaints while results stream in."""


class WalkView(CommandScreen):
    """Header, sections, list, card, status and keys. The widgets live as long as the screen."""

    def __init__(self, workspace: Workspace, view: View = View.ALL) -> None:
        super().__init__(workspace.chars)
        chars = workspace.chars
        self.workspace = workspace
        self.assessment = workspace.assessment
        self.checklist = workspace.assessment.checklist
        self.state = WalkState(workspace, view)
        self.header = Header(chars, id="header")
        self.sections = Sections(chars, id="sections")
        self.list = ItemList(chars, id="list")
        self.card = Card(chars, id="card")
        self.prompt = Prompt(id="prompt")
        self.key_bar = KeyBar((), id="keys")
        self._commands = ProbeCommands(workspace.launch)
        self._frame: Timer | None = None

    def compose(self) -> ComposeResult:
        """Header, panes, status or prompt, keys."""
        yield self.header
        yield Container(self.sections, self.list, self.card, id="panes")
        yield self.status
        yield self.prompt
        yield self.key_bar

    @property
    def item(self) -> Item | None:
        """The item under the cursor."""
        return self.state.item

    def to_list(self) -> None:
        """Give the keys back to the list."""
        self.set_focus(self.list)

    def apply(self, edit: edits.Edit) -> bool:
        """Make a change; the bar says why one was refused."""
        try:
            self.assessment.apply(edit)
        except UsageError as error:
            self.say(error.message + (f" - {error.hint}" if error.hint else ""), bad=True)
            return False
        return True

    def jump(self, key: str) -> bool:
        """Go to an item, remembering where we were; all items are shown if the filter hides it."""
        here = self.state.key
        if key and not self.list.move_to(key):
            self.state.view, self.state.sought = View.ALL, ""
            self.relist(key)
        if key and key != here:
            self.state.before = here
        return bool(key)

    def soon(self) -> None:
        """Draw what changed, at most ten times a second."""
        if self._frame is None and self.is_mounted:
            self._frame = self.set_timer(FRAME_S, self.draw)

    def draw(self) -> None:
        """Draw what changed, now."""
        if self._frame is not None:
            self._frame.stop()
            self._frame = None
        touched = self.state.refresh(self.list.keys)
        self.list.update({key: self.state.line(key) for key in touched})
        self.draw_around()

    def relist(self, key: str = "") -> None:
        """Apply view and filter anew; the cursor goes to `key`, else stays, else goes on to what is shown."""
        state = self.state
        state.refresh([])
        rows = state.rows()
        lines = {row.key: state.line(row.key) for row in rows if row.key}
        self.list.show(rows, lines, state.nearest(key or state.key, set(lines)))

    def draw_around(self) -> None:
        """Draw all but the list; for a moved cursor this is enough."""
        self._draw_header()
        self._draw_sections()
        self.status.tell(self.state.remaining())
        if (item := self.item) is not None and self.card.display:
            self.draw_card(item)

    def draw_card(self, item: Item) -> None:
        """Draw the card of an item."""
        self.card.tell(self.state.sheet(item, self.commands_of(item)))

    def commands_of(self, item: Item) -> tuple[str, ...]:
        """What its probe will run; drawn later when it is not planned yet."""
        if probe_of(item, self.checklist) is None:
            return ()
        if self._commands.wanted:
            self.set_timer(PLAN_S, self._begin_planning)
        return self._commands.of(item.id)

    def _begin_planning(self) -> None:
        self.run_worker(self._plan(), group="plans")

    async def _plan(self) -> None:
        await self._commands.plan()
        if self.is_current:
            self.draw_around()

    def _draw_header(self) -> None:
        session, saving = self.assessment.session, self.workspace.save_state
        section, here = self.state.section, self.state.here
        heading = Heading(
            launch=session.launch,
            section=f"{here + 1} {section.title}" if section else "",
            here=self.state.counted.sections[here] if section else None,
            all=self.state.counted.all,
            probes=self.workspace.prober.busy,
            saved="saving" if saving.light is Light.SAVING else f"saved {saving.at.astimezone():%H:%M}",
            not_saved=saving.reason if saving.light is Light.FAILED else "",
            read_only=self.assessment.read_only,
        )
        self.header.tell(heading)

    def _draw_sections(self) -> None:
        counted = self.state.counted
        lines = [
            SectionLine(section.title, count.done, count.total, MARKS[mark])
            for section, count, mark in zip(
                self.checklist.sections, counted.sections, counted.marks, strict=True
            )
        ]
        sought = f" /{self.state.sought}" if self.state.sought else ""
        self.sections.tell(lines, self.state.here, f"view: {self.state.view}{sought}")
