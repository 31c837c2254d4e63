"""Cache the rows of the list and the counts of the sections; only what changed is made again."""

from __future__ import annotations

from collections.abc import Set

from readiness_tui.display.rows import NO_HOSTS, Line, Running, Tally, line, section_mark, tally
from readiness_tui.model.checklist import Checklist, Item
from readiness_tui.model.inventory import Host
from readiness_tui.model.session import Record, Session
from readiness_tui.rules.standing import ItemStanding, Standing, Standings

Inputs = tuple[Record, Record, tuple[Host, ...], ItemStanding, Running | None, Set[str]]
"""What a row's words are made from. All of it is immutable: the same object says the same."""


class RowCache:
    """The rows' words, by item."""

    def __init__(self, checklist: Checklist) -> None:
        self._checklist = checklist
        self._lines: dict[str, tuple[Inputs, Line]] = {}

    def line(
        self,
        item: Item,
        session: Session,
        one: ItemStanding,
        running: Running | None,
        unreachable: Set[str] = NO_HOSTS,
    ) -> Line:
        """What the item's row says now."""
        record = session.record(item.id)
        source = session.record(item.same_as) if item.same_as else record
        made_from = (record, source, session.hosts, one, running, unreachable)
        held = self._lines.get(item.id)
        if held is None or any(new is not old for new, old in zip(made_from, held[0], strict=True)):
            held = (made_from, line(item, self._checklist, session, one, running, unreachable))
            self._lines[item.id] = held
        return held[1]


class SectionCounts:
    """Progress and mark of every section, and of all; a section is counted again when one of its items moved.

    found: the standings that were counted.
    """

    def __init__(self, checklist: Checklist, found: Standings, before: SectionCounts | None = None) -> None:
        self.found = found
        self.sections: list[Tally] = []
        self.marks: list[Standing] = []
        self._ones = [tuple(found[item.id] for item in section.items) for section in checklist.sections]
        for index, section in enumerate(checklist.sections):
            if before is not None and before._ones[index] == self._ones[index]:
                self.sections.append(before.sections[index])
                self.marks.append(before.marks[index])
            else:
                self.sections.append(tally(section.items, found))
                self.marks.append(section_mark(section, found))
        self.all = sum(self.sections, Tally())
