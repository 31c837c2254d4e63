"""Where a walk stands: the item under the cursor, what is shown, and how each item stands."""

from __future__ import annotations

from functools import partial

from readiness_tui.display.filters import Query, Subject, View, shown
from readiness_tui.display.hosts import UnreachableHost, unreachable_hosts
from readiness_tui.display.marks import mark_of
from readiness_tui.display.row_cache import RowCache, SectionCounts
from readiness_tui.display.rows import Line, Row, rows
from readiness_tui.model.checklist import Item, Mode, Section
from readiness_tui.model.session import Session
from readiness_tui.rules.probing.plan import probe_of
from readiness_tui.rules.standing import outcomes
from readiness_tui.tui.item.advice import next_step
from readiness_tui.tui.widgets.card import Sheet
from readiness_tui.workspace.watcher import named
from readiness_tui.workspace.workspace import Workspace


class WalkState:
    """The walk without its widgets; answers and notes stay in the assessment.

    key: the item under the cursor, empty when none is shown. here: its section, -1 when none is shown.
    view, role, sought: what the list shows; listed: how many items that is. before: the item that a
    jump left. anchor: where the selected range began, empty without one. just_answered: the last key did.
    found: the standings drawn last.
    """

    def __init__(self, workspace: Workspace, view: View = View.ALL) -> None:
        self.workspace = workspace
        self.assessment = workspace.assessment
        self.checklist = workspace.assessment.checklist
        self.view = view
        self.sought = ""
        self.role = ""
        self.key = ""
        self.here = -1
        self.before = ""
        self.anchor = ""
        self.just_answered = False
        self.found = self.assessment.standings()
        self._sections = {item.id: n for n, s in enumerate(self.checklist.sections) for item in s.items}
        self._rows = RowCache(self.checklist)
        self._counts = SectionCounts(self.checklist, self.found)
        self._busy = False
        self.listed = len(self.checklist.items)
        self._reached_in: Session | None = None
        self._unreachable: tuple[UnreachableHost, ...] = ()
        self._unreachable_names: frozenset[str] = frozenset()

    @property
    def unreachable(self) -> tuple[UnreachableHost, ...]:
        """The hosts that could not be reached when they were last probed."""
        session = self.assessment.session
        if self._reached_in is None or self._reached_in.items is not session.items:
            self._unreachable = unreachable_hosts(session)
            names = frozenset(host.name for host in self._unreachable)
            if names != self._unreachable_names:
                self._unreachable_names = names
            self._reached_in = session
        return self._unreachable

    @property
    def item(self) -> Item | None:
        """The item under the cursor."""
        return self.checklist.items.get(self.key)

    @property
    def section(self) -> Section | None:
        """The section under the cursor."""
        return self.checklist.sections[self.here] if self.here >= 0 else None

    @property
    def counted(self) -> SectionCounts:
        """Progress by section and of all, by the standings found last."""
        if self._counts.found is not self.found:
            self._counts = SectionCounts(self.checklist, self.found, self._counts)
        return self._counts

    def refresh(self, keys: list[str]) -> list[str]:
        """Compute the standings anew; those of `keys` whose row may read differently now."""
        before, self.found = self.found, self.assessment.standings()
        names, _ = self._unreachable_names, self.unreachable
        was_busy, self._busy = self._busy, bool(self.workspace.prober.busy)
        # Running probes count their seconds. An item that was touched has a new standing object.
        if was_busy or self._busy or names is not self._unreachable_names:
            return keys
        return [key for key in keys if self.found[key] is not before[key]]

    def rows(self) -> list[Row]:
        """The rows that view and filter show."""
        query = Query.parse(self.sought)
        found = list(rows(self.checklist, partial(self._wanted, query)))
        self.listed = sum(bool(row.key) for row in found)
        return found

    def _wanted(self, query: Query, key: str) -> bool:
        item = self.checklist.items[key]
        section = self.checklist.sections[self._sections[key]].title
        record = self.assessment.session.record(key)
        if self.role and item.role != self.role:
            return False
        return shown(self.view, query, Subject(item, section, record, self.found[key]))

    def nearest(self, wanted: str, listed: set[str]) -> str:
        """The first item that is listed from `wanted` on, going round; empty when none is."""
        order = list(self.checklist.items)
        at = order.index(wanted) if wanted in self.checklist.items else 0
        return next((key for key in (*order[at:], *order) if key in listed), "")

    def line(self, key: str) -> Line:
        """What an item's row says."""
        item = self.checklist.items[key]
        running = self.workspace.prober.running(item.same_as or key)
        session = self.assessment.session
        return self._rows.line(item, session, self.found[key], running, self._unreachable_names)

    def sheet(self, item: Item, commands: tuple[str, ...]) -> Sheet:
        """What the card says of an item. commands: what its probe runs."""
        session, standing = self.assessment.session, self.found[item.id]
        running = self.workspace.prober.running(item.same_as or item.id) is not None
        record, looked = session.record(item.id), outcomes(item, self.checklist, session)
        probed = probe_of(item, self.checklist) is not None
        roles = {role.id: role.title for role in self.checklist.roles}
        return Sheet(
            item=item,
            record=record,
            standing=standing,
            mark=mark_of(standing, running=running),
            outcomes=looked,
            next_step=next_step(item, record, standing, looked, probed=probed, running=running),
            role=roles.get(item.role, item.role),
            commands=commands,
            shared=item.same_as or "",
        )

    @property
    def shown_as(self) -> str:
        """What the list shows, and how much that is: `open, role operations: 12 of 209 items`."""
        of = len(self.checklist.items)
        count = f"{self.listed} items" if self.listed == of else f"{self.listed} of {of} items"
        parts = [str(self.view)]
        parts += [f"role {self.role}"] if self.role else []
        parts += [f"find {self.sought!r}"] if self.sought else []
        return f"{', '.join(parts)}: {count}"

    def remaining(self) -> str:
        """What is left of the run or of the walk, in words; or who has the launch open."""
        if words := self.workspace.prober.words():
            return words
        if (held := self.workspace.launch.held_by) is not None:
            how = "left behind by" if held.alive is False else "open by"
            return f"read-only, shown live: {how} {named(held)}"
        if (section := self.section) is None:
            return self.nothing_shown
        counts = self.counted.sections
        left = counts[self.here].left
        said = f"{left} left in {section.title}." if left else f"{section.title} is complete."
        later = next((n for n in range(self.here + 1, len(counts)) if counts[n].left), None)
        if later is not None:
            title = self.checklist.sections[later].title
            said += f" Next after this: {title} ({counts[later].left} left)"
        filtered = self.view is not View.ALL or self.role or self.sought
        return f"{said}  {self.shown_as}" if filtered else said

    @property
    def nothing_shown(self) -> str:
        """Why the list is empty, and what shows items again."""
        if self.sought:
            where = "" if self.view is View.ALL and not self.role else " here"
            return f"no item{where} matches {self.sought!r}; Esc shows all items"
        whose = f" of role {self.role}" if self.role else ""
        kind = {View.OPEN: "open item", View.PROBLEMS: "problem"}.get(self.view, "item")
        return f"no {kind}{whose}; F and m change the filter, Esc shows all items"

    @property
    def why_read_only(self) -> str:
        """Why nothing can be changed; empty when it can."""
        reason = self.assessment.read_only
        return f"read-only: {reason}; T opens it for editing" if reason else ""

    def why_no_answer(self) -> str:
        """Why the item under the cursor cannot be answered; empty when it can."""
        if reason := self.why_read_only:
            return reason
        if (item := self.item) is None:
            return "no item here"
        if item.mode is Mode.DERIVED:
            return "computed from the other items and the sign-offs; cannot be answered by hand"
        return ""
