"""What will not hold any more at the launch time: outcomes and answers that age, waivers, certificates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from readiness_tui.model.checklist import Item, Mode
from readiness_tui.model.outcome import Outcome
from readiness_tui.rules.decision.review import Review
from readiness_tui.rules.decision.signoffs import conditions
from readiness_tui.rules.item_standing import Standing, outcomes, waiver_ends
from readiness_tui.rules.probing.plan import probe_of

RENEWED_AT = 3
"""A certificate is renewed when a third of its lifetime is left (the default of ACME clients)."""


class Kind(StrEnum):
    """What becomes of it by the launch time."""

    PROBE = "verdicts that will be too old: probe again"
    ANSWER = "answers that will be too old: answer again"
    WAIVER = "waivers that will have ended"
    CERTIFICATE = "certificates that will have ended, or are due for renewal"
    CONDITION = "conditions that are due before"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that changes by the launch time. item: empty for a condition. when: the moment, UTC."""

    kind: Kind
    item: str
    text: str
    why: str
    when: datetime | None = None


def due(review: Review) -> tuple[Due, ...]:
    """What is stale or ended at the gate's moment, T0 when one is set; in the order of `Kind`."""
    found = [one for item in review.checklist.items.values() for one in _item(review, item)]
    found += _conditions(review)
    return tuple(sorted(found, key=lambda one: list(Kind).index(one.kind)))


def to_probe(found: tuple[Due, ...]) -> tuple[str, ...]:
    """The items whose probes, run again, mend what is due; each once."""
    return tuple(dict.fromkeys(one.item for one in found if one.kind is Kind.PROBE))


def _item(review: Review, item: Item) -> Iterator[Due]:
    if item.mode is Mode.DERIVED:
        return
    then, now = review.at_launch[item.id], review.found[item.id]
    record = review.session.record(item.id)
    aged = {then.standing, then.underlying} & {Standing.STALE}
    if aged:
        kind = Kind.PROBE if _by_probe(review, item) else Kind.ANSWER
        yield Due(kind, item.id, item.text, then.reason)
    if now.standing is Standing.WAIVED and then.standing is not Standing.WAIVED and record.waiver:
        ends = waiver_ends(record.waiver, review.session)
        yield Due(Kind.WAIVER, item.id, item.text, f"the waiver holds to {record.waiver.expires}", ends)
    for target, outcome in outcomes(item, review.checklist, review.session).items():
        if outcome is not None and (why := _certificate(outcome, review.gate.at)):
            yield Due(Kind.CERTIFICATE, item.id, item.text, f"{target}: {why}")


def _by_probe(review: Review, item: Item) -> bool:
    """A probe's outcome is what ages; the answer, if there is one, is still recent enough."""
    if probe_of(item, review.checklist) is None:
        return False
    record, at = review.session.record(item.id), review.gate.at
    answered = record.answer is not None and record.at is not None
    old = answered and item.valid is not None and record.at is not None and at - record.at > item.valid
    return not old and record.text in (None, item.digest)


def _certificate(outcome: Outcome, at: datetime) -> str:
    """Why a certificate that was seen wants a look by then; empty when it does not."""
    try:
        left, whole = (float(outcome.facts[name]) for name in ("days_left", "lifetime_days"))
    except (KeyError, ValueError):
        return ""
    ends = outcome.asked_at + timedelta(days=left)
    if ends <= at:
        return f"ends on {ends:%Y-%m-%d}, before the launch"
    if ends - timedelta(days=whole / RENEWED_AT) <= at:
        return f"ends on {ends:%Y-%m-%d}; its renewal is due before the launch"
    return ""


def _conditions(review: Review) -> Iterator[Due]:
    for each in review.signoffs:
        given = conditions(each.signoff.conditions) if each.signoff is not None else ()
        for condition in given:
            if condition.due is not None and condition.due <= review.gate.at.date():
                why = f"asked by {each.title}, owner {condition.owner}, due {condition.due}"
                yield Due(Kind.CONDITION, "", condition.text, why)
