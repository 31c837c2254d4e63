"""What the parts of the walk share: the open launch, the item under the cursor, and drawing."""

from __future__ import annotations

import asyncio
from functools import partial

from textual.timer import Timer

from readiness_tui.display.filters import Query, Subject, View, shown
from readiness_tui.display.marks import MARKS, mark_of
from readiness_tui.display.row_cache import RowCache, SectionCounts
from readiness_tui.display.rows import Line, rows
from readiness_tui.errors import ReadinessError, UsageError
from readiness_tui.model.checklist import Item, Mode
from readiness_tui.rules import edits
from readiness_tui.rules.plan import probe_of
from readiness_tui.rules.standing import outcomes
from readiness_tui.store.autosave import Light
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.widgets.bar import Status
from readiness_tui.tui.widgets.card import Card, Sheet
from readiness_tui.tui.widgets.header import Header, Heading
from readiness_tui.tui.widgets.item_list import ItemList
from readiness_tui.tui.widgets.prompt import Prompt
from readiness_tui.tui.widgets.sections import SectionLine, Sections
from readiness_tui.workspace.workspace import Workspace

FRAME_S = 0.1
"""Seconds between two repaints while results stream in."""


class WalkBase(CommandScreen):
    """The state of the walk and how it is drawn; truth stays in the assessment."""

    def __init__(self, desk: Workspace, *, view: View = View.ALL, at: str = "") -> None:
        """view: what the list shows first. at: the item to begin with; where the walk was left without."""
        super().__init__()
        self.at = at
        self.desk = desk
        self.assessment = desk.assessment
        self.checklist = desk.assessment.checklist
        self.view = view
        self.sought = ""
        self.found = self.assessment.standings()
        self._order = list(self.checklist.items)
        self._sections = {item.id: n for n, s in enumerate(self.checklist.sections) for item in s.items}
        self._drawn = RowCache(self.checklist)
        self._probed = False
        self._counted = SectionCounts(self.checklist, self.found)
        self._commands: dict[str, tuple[str, ...]] = {}
        self._frame: Timer | None = None

    @property
    def list(self) -> ItemList:
        """The list."""
        return self.query_one(ItemList)

    @property
    def card(self) -> Card:
        """The card."""
        return self.query_one(Card)

    @property
    def prompt(self) -> Prompt:
        """The line that asks."""
        return self.query_one(Prompt)

    @property
    def item(self) -> Item | None:
        """The item under the cursor."""
        return self.checklist.items.get(self.list.key)

    @property
    def counted(self) -> SectionCounts:
        """Progress by section, and of all, as the standings found last tell it."""
        if self._counted.found is not self.found:
            self._counted = SectionCounts(self.checklist, self.found, self._counted)
        return self._counted

    def to_list(self) -> None:
        """Give the keys back to the list."""
        self.set_focus(self.list)

    def apply(self, edit: edits.Edit) -> bool:
        """Make a change; what does not fit is said in the bar."""
        try:
            self.assessment.apply(edit)
        except UsageError as error:
            self.say(error.message + (f" - {error.hint}" if error.hint else ""), bad=True)
            return False
        return True

    def soon(self) -> None:
        """Draw what changed, at most ten times a second."""
        if self._frame is None and self.is_mounted:
            self._frame = self.set_timer(FRAME_S, self.draw)

    def draw(self) -> None:
        """Draw what changed, now."""
        if self._frame is not None:
            self._frame.stop()
            self._frame = None
        before, self.found = self.found, self.assessment.standings()
        probed, self._probed = self._probed, bool(self.desk.prober.busy)
        every = probed or self._probed
        # What touches an item has its standing worked out again: another object, though it may say the same.
        touched = (key for key in self.list.keys if every or self.found[key] is not before[key])
        self.list.update({key: self._line(key) for key in touched})
        self.draw_around()

    def draw_around(self) -> None:
        """Header, sections, card and what is left; for a moved cursor this is enough."""
        self._draw_header()
        self._draw_sections()
        self.query_one(Status).tell(self.left_words())
        if (item := self.item) is not None and self.card.display:
            self.card.tell(self._sheet(item))

    def relist(self, key: str = "") -> None:
        """Apply view and filter anew; the cursor goes to `key`, else stays, else goes on to what is shown."""
        self.found = self.assessment.standings()
        query = Query.parse(self.sought)
        listed = rows(self.checklist, partial(self._wanted, query))
        lines = {row.key: self._line(row.key) for row in listed if row.key}
        wanted, order = key or self.list.key, self._order
        at = order.index(wanted) if wanted in self.checklist.items else 0
        self.list.show(listed, lines, next((i for i in (*order[at:], *order) if i in lines), ""))
        self.draw_around()

    def _wanted(self, query: Query, key: str) -> bool:
        item = self.checklist.items[key]
        section = self.checklist.sections[self._sections[key]].title
        record = self.assessment.session.record(key)
        return shown(self.view, query, Subject(item, section, record, self.found[key]))

    def _line(self, key: str) -> Line:
        item = self.checklist.items[key]
        running = self.desk.prober.running(item.same_as or key)
        return self._drawn.line(item, self.assessment.session, self.found[key], running)

    def _sheet(self, item: Item) -> Sheet:
        session, one = self.assessment.session, self.found[item.id]
        running = self.desk.prober.running(item.same_as or item.id) is not None
        return Sheet(
            item=item,
            record=session.record(item.id),
            standing=one,
            mark=mark_of(one, running=running),
            outcomes=outcomes(item, self.checklist, session),
            commands=self.commands_of(item),
            shared=item.same_as or "",
        )

    def commands_of(self, item: Item) -> tuple[str, ...]:
        """What its probe will run, as the plan says; computed once, off the loop, then drawn."""
        if probe_of(item, self.checklist) is None:
            return ()
        if item.id not in self._commands:
            self._commands[item.id] = ()
            self.run_worker(self._plan(item), group="plans", exit_on_error=True)
        return self._commands[item.id]

    async def _plan(self, item: Item) -> None:
        try:
            made = await asyncio.to_thread(self.desk.launch.plan, only=(item.id,))
        except ReadinessError as error:
            self._commands[item.id] = (error.message,)
        else:
            asked = [ask.command for check in made.checks for ask in check.asks]
            asked += [check.not_configured for check in made.checks if check.not_configured]
            self._commands[item.id] = tuple(dict.fromkeys(asked))
        if self.is_current and self.item is not None and self.item.id == item.id:
            self.draw_around()

    def _draw_header(self) -> None:
        here, session, state = self.list.section, self.assessment.session, self.desk.save_state
        section = self.checklist.sections[here] if here >= 0 else None
        heading = Heading(
            launch=session.launch,
            section=f"{here + 1} {section.title}" if section else "",
            here=self.counted.sections[here] if section else None,
            all=self.counted.all,
            probes=self.desk.prober.busy,
            saved="saving" if state.light is Light.SAVING else f"saved {state.at.astimezone():%H:%M}",
            not_saved=state.reason if state.light is Light.FAILED else "",
            read_only=self.assessment.read_only,
        )
        self.query_one(Header).tell(heading)

    def _draw_sections(self) -> None:
        lines = [
            SectionLine(section.title, count.done, count.total, MARKS[mark])
            for section, count, mark in zip(
                self.checklist.sections, self.counted.sections, self.counted.marks, strict=True
            )
        ]
        words = f"{self.view}" + (f" /{self.sought}" if self.sought else "")
        self.query_one(Sections).tell(lines, self.list.section, f"view: {words}")

    def left_words(self) -> str:
        """What is left, in words: of the run while one goes on, else of the walk."""
        if words := self.desk.prober.words():
            return words
        here = self.list.section
        if here < 0:
            nothing = f"nothing found for {self.sought!r}" if self.sought else f"nothing in view {self.view}"
            return f"{nothing}; F changes the view, Esc takes the filter away"
        section = self.checklist.sections[here]
        counts = self.counted.sections
        left = counts[here].left
        said = f"{left} left in {section.title}." if left else f"{section.title} is complete."
        later = next((n for n in range(here + 1, len(counts)) if counts[n].left), None)
        if later is not None:
            title = self.checklist.sections[later].title
            said += f" Next after this: {title} ({counts[later].left} left)"
        shown_as = [f"view {self.view}"] if self.view is not View.ALL else []
        shown_as += [f"filter {self.sought!r}"] if self.sought else []
        return "  ".join((said, *shown_as))

    def why_no_answer(self) -> str:
        """Why the item under the cursor cannot be answered."""
        if self.assessment.read_only:
            return f"read-only: {self.assessment.read_only}; T opens it to work on"
        if (item := self.item) is None:
            return "no item here"
        if item.mode is Mode.DERIVED:
            return "computed from the other items and the sign-offs; cannot be answered by hand"
        return ""
