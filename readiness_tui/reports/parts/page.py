"""The content of the sign-off page, independent of the format: the gate, what blocks it, and who signs."""

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
    """One item on the page. who: who answered it. verdict: the standing without the waiver."""

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
    """The number of a section's items that have been neither checked nor answered."""

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
    """A role's signature block. current: the signed page is the present page."""

    role: str
    title: str
    signed: Signoff | None
    current: bool
    verified: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The sign-off page. Times are UTC. Standings are judged at `gate.at`."""

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
        """The reasons for the decision as numbers: unmet items by severity, missing signatures."""
        tally = Counter(obstacle.severity for obstacle in self.gate.blocking if obstacle.item)
        unlooked = sum(
            obstacle.standing == Standing.UNKNOWN for obstacle in (*self.gate.blocking, *self.gate.minors)
        )
        figures = (tally["blocker"], tally["major"], len(self.gate.minors))
        unmet = ", ".join(counted(n, s.value) for n, s in zip(figures, Severity, strict=True))
        missing = f"{len(self.unsigned)} of {counted(len(self.blocks), 'signature')} missing"
        return f"{unmet} not met, {unlooked} of them unknown; {missing}"

    @property
    def day(self) -> date:
        """The session's day."""
        return self.session.day


def page(review: Review) -> Page:
    """The present page, judged at the launch time if it is set, else now."""
    checklist, session, gate, results = review.checklist, review.session, review.gate, review.at_launch
    item_lines = {item.id: _line(item, session, results[item.id]) for item in checklist.items.values()}
    blocked = [checklist.items[obstacle.item] for obstacle in gate.blocking if obstacle.item]
    minors = [checklist.items[obstacle.item] for obstacle in gate.minors]
    return Page(
        checklist=checklist,
        session=session,
        written=review.now,
        gate=gate,
        seal=review.seal,
        blocking=_most_severe_first(
            item_lines, [i for i in blocked if _named(i, results) and not _approval(i)]
        ),
        unsigned=tuple(obstacle for obstacle in gate.blocking if not obstacle.item),
        minors=_most_severe_first(item_lines, [i for i in minors if _named(i, results)]),
        open=_open(checklist.sections, [i for i in (*blocked, *minors) if not _named(i, results)]),
        waived=tuple(item_lines[item_id] for item_id in gate.waived),
        overridden=tuple(item_lines[item_id] for item_id in gate.overridden),
        not_applicable=tuple(
            item_lines[item_id]
            for item_id, standing in results.items()
            if standing.standing is Standing.NOT_APPLICABLE
        ),
        rows=tuple(_row(section, results) for section in checklist.sections),
        blocks=tuple(
            Block(s.role, s.title, s.signoff, s.current, s.verified, s.problem) for s in review.signoffs
        ),
        figures=sheet.everything(review),
        leads=sheet.by_role(review),
        progress=sheet.by_section(review),
        risks=sheet.risks(review),
        annex=sheet.sections(review),
    )


def _named(item: Item, results: Standings) -> bool:
    """Whether an item is listed by name: every blocker, and every item that was checked or answered."""
    return item.severity is Severity.BLOCKER or results[item.id].standing is not Standing.OPEN


def _approval(item: Item) -> bool:
    """Whether an item is an approval. These are the sign-offs, which are listed separately."""
    return item.derive is Derivation.APPROVAL


def _line(item: Item, session: Session, standing: ItemStanding) -> Line:
    record = session.record(item.id)
    return Line(
        id=item.id,
        text=item.text,
        severity=item.severity.value,
        role=item.role,
        standing=standing.standing.value,
        reason=standing.reason,
        who=record.by,
        at=record.at,
        verdict=standing.underlying.value if standing.underlying else "",
    )


def _most_severe_first(item_lines: dict[str, Line], items: Iterable[Item]) -> tuple[Line, ...]:
    """Blockers, then majors, then minors; within each, failures before open items."""
    severities = [severity.value for severity in Severity]
    loudness = [standing.value for standing in _LOUDEST_FIRST]
    lines = (item_lines[item.id] for item in items)
    return tuple(
        sorted(lines, key=lambda line: (severities.index(line.severity), loudness.index(line.standing)))
    )


def _open(sections: Iterable[Section], items: Iterable[Item]) -> tuple[OpenItems, ...]:
    tally = Counter((item.id, item.severity) for item in items)
    sections_ = []
    for section in sections:
        majors, minors = (
            sum(tally[item.id, severity] for item in section.items)
            for severity in (Severity.MAJOR, Severity.MINOR)
        )
        if majors or minors:
            sections_.append(OpenItems(section.title, majors, minors))
    return tuple(sections_)


def _row(section: Section, results: Standings) -> Row:
    tally = Counter(results[item.id].standing for item in section.items)
    return Row(section.title, len(section.items), tuple(tally[standing] for standing in COLUMNS))
