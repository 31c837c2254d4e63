"""What the sign-off page says, before any format: the gate, what is in the way, and who signs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from readiness_tui.model.answer import Signoff
from readiness_tui.model.checklist import Checklist, Derivation, Item, Section, Severity
from readiness_tui.model.session import Session
from readiness_tui.reports.parts import sheet
from readiness_tui.reports.parts.text import counted
from readiness_tui.rules.decision.gate import Gate, Obstacle
from readiness_tui.rules.decision.review import Review
from readiness_tui.rules.standing import ItemStanding, Standing, Standings

COLUMNS = (
    Standing.READY,
    Standing.NOT_READY,
    Standing.CONFLICT,
    Standing.UNKNOWN,
    Standing.STALE,
    Standing.OPEN,
    Standing.WAIVED,
    Standing.NOT_APPLICABLE,
    Standing.PENDING,
)
_LOUDEST_FIRST = (Standing.CONFLICT, Standing.NOT_READY, Standing.UNKNOWN, Standing.STALE, Standing.OPEN)


@dataclass(frozen=True, slots=True)
class Line:
    """One item on the page. who: who answered it. verdict: the standing beneath a waiver."""

    id: str
    text: str
    severity: str
    role: str
    standing: str
    reason: str
    who: str = ""
    at: datetime | None = None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class OpenItems:
    """A section's items that nobody has looked at or answered, told by number."""

    section: str
    majors: int
    minors: int


@dataclass(frozen=True, slots=True)
class Row:
    """A section's items by standing, in the order of `COLUMNS`."""

    section: str
    total: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A role's place to sign. current: what was signed is what stands now."""

    role: str
    title: str
    signed: Signoff | None
    current: bool
    verified: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The sign-off page. Times are UTC; standings are judged at `gate.at`."""

    checklist: Checklist
    session: Session
    written: datetime
    gate: Gate
    seal: str
    blocking: tuple[Line, ...]
    unsigned: tuple[Obstacle, ...]
    minors: tuple[Line, ...]
    open: tuple[OpenItems, ...]
    waived: tuple[Line, ...]
    overridden: tuple[Line, ...]
    not_applicable: tuple[Line, ...]
    rows: tuple[Row, ...]
    blocks: tuple[Block, ...]
    figures: sheet.Figures
    leads: tuple[sheet.Figures, ...]
    progress: tuple[sheet.Figures, ...]
    risks: tuple[sheet.Risk, ...]
    annex: tuple[tuple[str, tuple[sheet.ItemRow, ...]], ...]

    @property
    def totals(self) -> Row:
        """All sections together."""
        counts = tuple(sum(column) for column in zip(*(row.counts for row in self.rows), strict=True))
        return Row("All", sum(row.total for row in self.rows), counts)

    @property
    def summary(self) -> str:
        """The decision's reasons by number: how many of each severity, how many signatures."""
        tally = Counter(one.severity for one in self.gate.blocking if one.item)
        unlooked = sum(one.standing == Standing.UNKNOWN for one in (*self.gate.blocking, *self.gate.minors))
        figures = (tally["blocker"], tally["major"], len(self.gate.minors))
        unmet = ", ".join(counted(n, s.value) for n, s in zip(figures, Severity, strict=True))
        missing = f"{len(self.unsigned)} of {counted(len(self.blocks), 'signature')} missing"
        return f"{unmet} not met, {unlooked} of them unknown; {missing}"

    @property
    def day(self) -> date:
        """The session's day."""
        return self.session.day


def page(review: Review) -> Page:
    """The page as it would be read now, judged at the launch time when one is set."""
    checklist, session, gate, found = review.checklist, review.session, review.gate, review.at_launch
    told = {item.id: _line(item, session, found[item.id]) for item in checklist.items.values()}
    in_the_way = [checklist.items[one.item] for one in gate.blocking if one.item]
    minors = [checklist.items[one.item] for one in gate.minors]
    return Page(
        checklist=checklist,
        session=session,
        written=review.now,
        gate=gate,
        seal=review.seal,
        blocking=_loudest(told, [i for i in in_the_way if _named(i, found) and not _approval(i)]),
        unsigned=tuple(one for one in gate.blocking if not one.item),
        minors=_loudest(told, [i for i in minors if _named(i, found)]),
        open=_open(checklist.sections, [i for i in (*in_the_way, *minors) if not _named(i, found)]),
        waived=tuple(told[item_id] for item_id in gate.waived),
        overridden=tuple(told[item_id] for item_id in gate.overridden),
        not_applicable=tuple(
            told[item_id] for item_id, one in found.items() if one.standing is Standing.NOT_APPLICABLE
        ),
        rows=tuple(_row(section, found) for section in checklist.sections),
        blocks=tuple(
            Block(s.role, s.title, s.signoff, s.current, s.verified, s.problem) for s in review.signoffs
        ),
        figures=sheet.everything(review),
        leads=sheet.by_role(review),
        progress=sheet.by_section(review),
        risks=sheet.risks(review),
        annex=sheet.sections(review),
    )


def _named(item: Item, found: Standings) -> bool:
    """ParsedReply by name: every blocker, and whatever somebody looked at or answered."""
    return item.severity is Severity.BLOCKER or found[item.id].standing is not Standing.OPEN


def _approval(item: Item) -> bool:
    """The approvals are the sign-offs, and those are told as such."""
    return item.derive is Derivation.APPROVAL


def _line(item: Item, session: Session, one: ItemStanding) -> Line:
    record = session.record(item.id)
    return Line(
        id=item.id,
        text=item.text,
        severity=item.severity.value,
        role=item.role,
        standing=one.standing.value,
        reason=one.reason,
        who=record.by,
        at=record.at,
        verdict=one.underlying.value if one.underlying else "",
    )


def _loudest(told: dict[str, Line], items: Iterable[Item]) -> tuple[Line, ...]:
    """Blockers before majors before minors; within each, what speaks against before what is open."""
    severities = [severity.value for severity in Severity]
    loudness = [standing.value for standing in _LOUDEST_FIRST]
    lines = (told[item.id] for item in items)
    return tuple(
        sorted(lines, key=lambda line: (severities.index(line.severity), loudness.index(line.standing)))
    )


def _open(sections: Iterable[Section], items: Iterable[Item]) -> tuple[OpenItems, ...]:
    tally = Counter((item.id, item.severity) for item in items)
    found = []
    for section in sections:
        majors, minors = (
            sum(tally[item.id, severity] for item in section.items)
            for severity in (Severity.MAJOR, Severity.MINOR)
        )
        if majors or minors:
            found.append(OpenItems(section.title, majors, minors))
    return tuple(found)


def _row(section: Section, found: Standings) -> Row:
    tally = Counter(found[item.id].standing for item in section.items)
    return Row(section.title, len(section.items), tuple(tally[standing] for standing in COLUMNS))
