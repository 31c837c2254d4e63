"""Draws what stands around the list: the header, the sections, the status line and the card."""

from __future__ import annotations

from dataclasses import dataclass

from readiness_tui.display.marks import MARKS
from readiness_tui.model.checklist import Item
from readiness_tui.rules.probing.plan import probe_of
from readiness_tui.store.autosave import Light
from readiness_tui.tui.item.plans import ProbeCommands
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.walk.state import WalkState
from readiness_tui.tui.widgets.card import Card
from readiness_tui.tui.widgets.header import Alert, Header, Heading
from readiness_tui.tui.widgets.item_list import ItemList
from readiness_tui.tui.widgets.sections import SectionLine, Sections

PLAN_S = 0.3
"""Seconds from the first card until the probes are planned: planning imports every kind of probe, and the
first screen and the first keys come before that."""


@dataclass(frozen=True, slots=True)
class Panes:
    """The walk's widgets that this module draws."""

    header: Header
    alert: Alert
    sections: Sections
    list: ItemList
    card: Card


class Surroundings:
    """Draws from the walk's state into its panes; only what differs is sent."""

    def __init__(self, screen: CommandScreen, state: WalkState, panes: Panes) -> None:
        self._screen = screen
        self._panes = panes
        self.state = state
        self._commands = ProbeCommands(state.workspace.launch)

    def draw(self) -> None:
        """Draw all of it."""
        panes, state = self._panes, self.state
        panes.header.tell(self._heading())
        panes.alert.tell([host.line for host in state.unreachable])
        self._draw_sections()
        self._screen.status.tell(state.remaining())
        if (item := state.item) is not None and panes.card.display:
            self.draw_card(item)

    def draw_card(self, item: Item) -> None:
        """Draw the card of an item."""
        self._panes.card.tell(self.state.sheet(item, self.commands_of(item)))

    def commands_of(self, item: Item) -> tuple[str, ...]:
        """What its probe will run; drawn later when it is not planned yet."""
        if probe_of(item, self.state.checklist) is None:
            return ()
        if self._commands.wanted:
            self._screen.set_timer(PLAN_S, self._begin_planning)
        return self._commands.of(item.id)

    def _begin_planning(self) -> None:
        self._screen.run_worker(self._plan(), group="plans")

    async def _plan(self) -> None:
        await self._commands.plan()
        if self._screen.is_current:
            self.draw()

    def _heading(self) -> Heading:
        workspace, saving = self.state.workspace, self.state.workspace.save_state
        return Heading(
            launch=self.state.assessment.session.launch,
            all=self.state.counted.all,
            probes=workspace.prober.busy,
            saved="saving" if saving.light is Light.SAVING else f"saved {saving.at.astimezone():%H:%M}",
            not_saved=saving.reason if saving.light is Light.FAILED else "",
            read_only=self.state.assessment.read_only,
        )

    def _draw_sections(self) -> None:
        counted = self.state.counted
        lines = [
            SectionLine(section.title, count.short, MARKS[mark])
            for section, count, mark in zip(
                self.state.checklist.sections, counted.sections, counted.marks, strict=True
            )
        ]
        self._panes.sections.tell(lines, self.state.here, self.state.shown_as)
        self._panes.list.show_progress([count.words for count in counted.sections])
