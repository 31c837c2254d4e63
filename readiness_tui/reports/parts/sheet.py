"""The figures of the page that leads sign: counts that add up, for all items, by role and by section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from readiness_tui.model.answer import Evidence
from readiness_tui.model.checklist import Item
from readiness_tui.rules.decision.review import Review
from readiness_tui.rules.standing import Standing, outcomes

_MET, _NOT_ANSWERED = Standing.READY, Standing.OPEN
BLOCKING_ROWS, RISK_ROWS = 10, 6
"""How many rows of a list the first sheet has room for; the rest is named by number."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The number of items by result: `total` is the sum of the five; `later` are due after launch."""

    title: str
    total: int
    met: int
    waived: int
    not_applicable: int
    not_met: int
    not_answered: int
    later: int


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item in the annex, with its details."""

    item: Item
    standing: str
    reason: str
    answer: str
    hosts: tuple[tuple[str, str], ...]
    note: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """An accepted risk: a waiver, an override or a lead's condition."""

    kind: str
    text: str
    until: str
    who: str


def figures(review: Review, title: str, items: Iterable[Item]) -> Figures:
    """Count items by their standing at the gate's time."""
    tally = Counter(review.at_launch[item.id].standing for item in items)
    later = tally.pop(Standing.PENDING, 0)
    met, waived = tally.pop(_MET, 0), tally.pop(Standing.WAIVED, 0)
    applicable, unanswered = tally.pop(Standing.NOT_APPLICABLE, 0), tally.pop(_NOT_ANSWERED, 0)
    not_met = sum(tally.values())
    total = met + waived + applicable + unanswered + not_met
    return Figures(title, total, met, waived, applicable, not_met, unanswered, later)


def everything(review: Review) -> Figures:
    """All items together."""
    return figures(review, "All", review.checklist.items.values())


def by_role(review: Review) -> tuple[Figures, ...]:
    """One row per role, in the checklist's order."""
    items = review.checklist.items.values()
    return tuple(
        figures(review, role.title, (i for i in items if i.role == role.id))
        for role in review.checklist.roles
    )


def by_section(review: Review) -> tuple[Figures, ...]:
    """One row per section."""
    return tuple(figures(review, section.title, section.items) for section in review.checklist.sections)


def risks(review: Review) -> tuple[Risk, ...]:
    """Waivers, overrides and conditions, in that order."""
    risks_: list[Risk] = []
    for item_id in review.gate.waived:
        if waiver := review.session.record(item_id).waiver:
            text = f"{review.checklist.items[item_id].text}: {waiver.reason}"
            risks_.append(Risk("waiver", text, str(waiver.expires), f"{waiver.owner} / {waiver.approver}"))
    for item_id in review.gate.overridden:
        record = review.session.record(item_id)
        text = f"{review.checklist.items[item_id].text}: {review.at_launch[item_id].reason}"
        risks_.append(Risk("override", text, "", record.by))
    for each in review.signoffs:
        if each.signoff is not None and each.signoff.conditions:
            text = each.signoff.conditions.replace("\n", "; ")
            risks_.append(Risk("condition", text, "", each.signoff.who))
    return tuple(risks_)


def sections(review: Review) -> tuple[tuple[str, tuple[ItemRow, ...]], ...]:
    """Every item by section, for the annex."""
    return tuple(
        (section.title, tuple(_row(review, item) for item in section.items))
        for section in review.checklist.sections
    )


def _row(review: Review, item: Item) -> ItemRow:
    record, standing_now = review.session.record(item.id), review.at_launch[item.id]
    results = outcomes(item, review.checklist, review.session)
    hosts = tuple((t, f"{o.verdict}: {o.evidence}" if o else "not checked") for t, o in results.items())
    answer = f"{record.answer} by {record.by}, {record.at:%Y-%m-%d %H:%M} UTC" if record.at else ""
    standing = (
        f"{standing_now.standing}, overridden" if standing_now.overridden else standing_now.standing.value
    )
    return ItemRow(item, standing, standing_now.reason, answer, hosts, record.note, record.evidence)
