"""From checklist, session and standings to the rows of the list. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from enum import Enum, auto

from readiness_tui.display.filters import waits
from readiness_tui.display.marks import Mark, decided_by, mark_of, one_line
from readiness_tui.model.checklist import Checklist, Item, Section, Severity
from readiness_tui.model.outcome import WORST_FIRST, Outcome
from readiness_tui.model.session import Record, Session
from readiness_tui.rules.decision.gate import progress
from readiness_tui.rules.standing import ItemStanding, Standing, Standings, outcomes


class RowKind(Enum):
    """What a line of the list is; the cursor rests on items only."""

    SECTION = auto()
    GROUP = auto()
    ITEM = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. section: counts from 0. key: the item's id, else empty."""

    kind: RowKind
    section: int
    title: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What an item's row says.

    by: how it was decided. flag: `"` for a note. evidence: in a column of its own.
    """

    mark: Mark
    by: str
    flag: str
    critical: bool
    title: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Running:
    """A probe in flight. seconds: since it was asked; None while it waits its turn."""

    seconds: int | None = None


def rows(checklist: Checklist, wanted: Callable[[str], bool] = lambda item_id: True) -> tuple[Row, ...]:
    """The rows of the wanted items, each under its section and group."""
    found: list[Row] = []
    for index, section in enumerate(checklist.sections):
        groups: list[Row] = []
        for group in section.groups:
            items = [
                Row(RowKind.ITEM, index, one_line(item.text), item.id)
                for item in group.items
                if wanted(item.id)
            ]
            if items:
                groups += [Row(RowKind.GROUP, index, one_line(group.title)), *items]
        if groups:
            found += [Row(RowKind.SECTION, index, one_line(section.title)), *groups]
    return tuple(found)


NO_HOSTS: frozenset[str] = frozenset()


def line(
    item: Item,
    checklist: Checklist,
    session: Session,
    one: ItemStanding,
    running: Running | None,
    unreachable: Set[str] = NO_HOSTS,
) -> Line:
    """What the item's row says now. unreachable: hosts whose failure to connect is shown elsewhere."""
    record = session.record(item.id)
    return Line(
        mark=mark_of(one, running=running is not None),
        by=decided_by(item, record, one),
        flag='"' if record.note else " ",
        critical=item.severity is Severity.BLOCKER,
        title=one_line(item.text),
        evidence=_evidence(record, outcomes(item, checklist, session), one, running, unreachable),
    )


def _evidence(
    record: Record,
    found: Mapping[str, Outcome | None],
    one: ItemStanding,
    running: Running | None,
    unreachable: Set[str],
) -> str:
    if running is not None:
        return "waiting" if running.seconds is None else f"{running.seconds} s"
    if one.standing in (Standing.STALE, Standing.CONFLICT, Standing.PENDING):
        return one_line(one.reason)
    if record.reason:
        return one_line(record.reason)
    if one.deferred:
        return "deferred"
    return worst(found, unreachable) or _own_words(one)


def _own_words(one: ItemStanding) -> str:
    plain = {"not answered", "not yet probed"}
    return "" if one.reason in plain else one_line(one.reason)


def worst(found: Mapping[str, Outcome | None], unreachable: Set[str] = NO_HOSTS) -> str:
    """The worst target's evidence; its name goes before it when there are several.

    unreachable: hosts that are only counted: `3/4` says that three of four answered so.
    """
    looked = {target: outcome for target, outcome in found.items() if outcome is not None}
    reached = {target: outcome for target, outcome in looked.items() if target not in unreachable}
    for verdict in WORST_FIRST:
        hits = [(target, outcome) for target, outcome in reached.items() if outcome.verdict is verdict]
        if not hits:
            continue
        target, outcome = hits[0]
        said = one_line(outcome.evidence) or (str(outcome.cause) if outcome.cause else verdict.value)
        if len(looked) == 1:
            return said
        alone = len(hits) == 1 and len(reached) > 1
        return f"{target} {said}" if alone else f"{len(hits)}/{len(looked)} {said}"
    return f"0/{len(looked)}" if looked else ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Progress of a section or of all.

    done: satisfied, of `total` that are due; later: due only after the launch, in neither. left: what a
    person has still to look at. not_done: answered so. The other counts are of standings.
    """

    done: int = 0
    total: int = 0
    later: int = 0
    left: int = 0
    not_done: int = 0
    failing: int = 0
    unknown: int = 0
    deferred: int = 0
    waived: int = 0
    stale: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def unresolved(self) -> int:
        """Items due that are not satisfied."""
        return self.total - self.done

    @property
    def words(self) -> str:
        """`119 of 191 done (18 due later)`, or `18 due later` where nothing is due before."""
        if not self.total and self.later:
            return f"{self.later} due later"
        later = f" ({self.later} due later)" if self.later else ""
        return f"{self.done} of {self.total} done{later}"

    @property
    def short(self) -> str:
        """`119/191`, or `18 later` where nothing is due before."""
        return f"{self.later} later" if self.later and not self.total else f"{self.done}/{self.total}"


def tally(items: Iterable[Item], found: Standings) -> Tally:
    """Count the items' standings; a conflict counts as failing."""
    wanted = tuple(items)
    ones = [found[item.id] for item in wanted]

    def count(*wanted: Standing) -> int:
        return sum(one.standing in wanted for one in ones)

    done, due = progress(ones)
    return Tally(
        done=done,
        total=due,
        later=count(Standing.PENDING),
        left=sum(waits(item, found[item.id]) for item in wanted),
        not_done=sum(one.answered_not_done for one in ones),
        failing=count(Standing.NOT_READY, Standing.CONFLICT),
        unknown=count(Standing.UNKNOWN),
        deferred=sum(one.deferred for one in ones),
        waived=count(Standing.WAIVED),
        stale=count(Standing.STALE),
    )


def next_open(
    order: list[str], items: Mapping[str, Item], found: Standings, after: str, *, back: bool = False
) -> str:
    """The next item after `after` that waits for a person, round the end; empty when none does.

    Deferred items come only when nothing else waits.
    """
    if after in order:
        at = order.index(after)
        order = order[at + 1 :] + order[: at + 1] if not back else order[at:] + order[:at]
    around = reversed(order) if back else order
    candidates = [key for key in around if key != after and waits(items[key], found[key])]
    fresh = [key for key in candidates if not found[key].deferred]
    return next(iter(fresh or candidates), "")


def section_mark(section: Section, found: Standings) -> Standing:
    """The standing a section shows: its worst, by how much it wants a look."""
    order = (Standing.NOT_READY, Standing.CONFLICT, Standing.UNKNOWN, Standing.STALE, Standing.OPEN)
    held = {found[item.id].standing for item in section.items}
    quiet = Standing.PENDING if held == {Standing.PENDING} else Standing.READY
    return next((standing for standing in order if standing in held), quiet)
