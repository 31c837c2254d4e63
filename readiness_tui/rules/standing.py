"""Standing: computed from outcome, answer, waiver and now; never stored (design.md, section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from readiness_tui.model.answer import AnswerKind, Decision
from readiness_tui.model.checklist import Checklist, Derivation, Item, Mode, Phase, Severity
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.session import Record, Session
from readiness_tui.rules import matchers, parameters
from readiness_tui.rules.plan import probe_of, targets
from readiness_tui.rules.seal import seal


class Standing(StrEnum):
    """Where an item stands now."""

    READY = "ready"
    NOT_READY = "not-ready"
    CONFLICT = "conflict"
    UNKNOWN = "unknown"
    STALE = "stale"
    OPEN = "open"
    WAIVED = "waived"
    NOT_APPLICABLE = "n/a"
    PENDING = "pending"


SATISFIED = frozenset({Standing.READY, Standing.WAIVED, Standing.NOT_APPLICABLE, Standing.PENDING})
"""The standings that do not keep the gate shut."""


@dataclass(frozen=True, slots=True)
class ItemStanding:
    """An item's standing and why.

    reason: one line. underlying: beneath a waiver, the standing without it. overridden: ready
    by a reason against the probe. deferred: open because someone put it off. due: for a later
    phase, when.
    """

    standing: Standing
    reason: str = ""
    underlying: Standing | None = None
    overridden: bool = False
    deferred: bool = False
    due: datetime | None = None

    @property
    def satisfied(self) -> bool:
        """The gate does not mind it."""
        return self.standing in SATISFIED


Standings = Mapping[str, ItemStanding]


def standings(checklist: Checklist, session: Session, now: datetime) -> Standings:
    """Every item's standing, by id, in checklist order. now: UTC; the only clock there is."""
    found = {
        item.id: _standing(item, checklist, session, now)
        for item in checklist.items.values()
        if item.mode is not Mode.DERIVED
    }
    for derivation in (Derivation.APPROVAL, *(d for d in Derivation if d is not Derivation.APPROVAL)):
        for item in checklist.items.values():
            if item.derive is derivation:
                found[item.id] = _phased(item, session, now) or _waived(
                    session.record(item.id), now, _derived(item, checklist, session, found)
                )
    return {item_id: found[item_id] for item_id in checklist.items}


def outcomes(item: Item, checklist: Checklist, session: Session) -> dict[str, Outcome | None]:
    """The item's outcome on every target that concerns it; None where nobody has looked yet.

    An item that is the same as another has that other's outcomes.
    """
    held = session.record(item.same_as or item.id).outcomes
    spec = probe_of(item, checklist)
    if spec is None:
        return dict(held)
    return {target: held.get(target) for target in targets(spec, session.hosts)}


def _standing(item: Item, checklist: Checklist, session: Session, now: datetime) -> ItemStanding:
    if (pending := _phased(item, session, now)) is not None:
        return pending
    record = session.record(item.id)
    source = checklist.items.get(item.same_as or item.id, item)
    beneath = _unwaived(item, record, outcomes(item, checklist, session), source.fresh, now)
    return _waived(record, now, beneath)


def _phased(item: Item, session: Session, now: datetime) -> ItemStanding | None:
    """Rule 1: a later phase whose due time has not come."""
    if item.phase is Phase.LAUNCH:
        return None
    if session.launch_at is None:
        return ItemStanding(Standing.PENDING, f"due {item.phase} after launch")
    due = session.launch_at + item.phase.due
    return ItemStanding(Standing.PENDING, f"due {due:%Y-%m-%d %H:%M} UTC", due=due) if now < due else None


def _waived(record: Record, now: datetime, beneath: ItemStanding) -> ItemStanding:
    """Rule 2: a valid waiver; an expired one is as if absent."""
    waiver = record.waiver
    if waiver is None or now >= datetime.combine(waiver.expires, time(), UTC) + timedelta(days=1):
        return beneath
    said = f"{waiver.reason} (owner {waiver.owner}, approved by {waiver.approver}, to {waiver.expires})"
    return ItemStanding(Standing.WAIVED, said, underlying=beneath.standing)


def _unwaived(
    item: Item,
    record: Record,
    found: Mapping[str, Outcome | None],
    fresh: timedelta | None,
    now: datetime,
) -> ItemStanding:
    """Rules 4 to 9."""
    looked = {target: outcome for target, outcome in found.items() if outcome is not None}
    changed = record.answer is not None and record.text != item.digest
    if record.answer is AnswerKind.NOT_APPLICABLE and not changed:
        return ItemStanding(Standing.NOT_APPLICABLE, record.reason)
    if changed:
        return ItemStanding(Standing.STALE, "the item's text changed since it was answered")
    if (stale := _aged(item, record, looked, fresh, now)) is not None:
        return stale
    failing = _on(looked, Verdict.FAIL)
    unknown = _on(looked, Verdict.UNKNOWN)
    if record.answer is AnswerKind.DONE:
        return _done(item, record, failing, unknown)
    if record.answer is AnswerKind.NOT_DONE:
        return ItemStanding(Standing.NOT_READY, record.reason or "answered not done")
    if failing:
        return ItemStanding(Standing.NOT_READY, failing)
    if item.mode is Mode.AUTO and unknown:
        return ItemStanding(Standing.UNKNOWN, unknown)
    passed = bool(found) and all(o is not None and o.verdict is Verdict.PASS for o in found.values())
    if item.mode is Mode.AUTO and passed and record.answer is None:
        return ItemStanding(Standing.READY, _on(looked, Verdict.PASS))
    if record.answer is AnswerKind.DEFERRED:
        return ItemStanding(Standing.OPEN, record.reason or "put off", deferred=True)
    return ItemStanding(Standing.OPEN, _why_open(item, found, unknown))


def _aged(
    item: Item,
    record: Record,
    looked: Mapping[str, Outcome],
    fresh: timedelta | None,
    now: datetime,
) -> ItemStanding | None:
    """Rule 5: an answer past `valid`, or an outcome past `fresh`: which, and since when."""
    holds = record.answer in (AnswerKind.DONE, AnswerKind.NOT_DONE)
    if holds and item.valid is not None and record.at is not None and now - record.at > item.valid:
        since = record.at + item.valid
        return ItemStanding(Standing.STALE, f"the answer is too old since {since:%Y-%m-%d %H:%M} UTC")
    for target, outcome in looked.items():
        if fresh is not None and now - outcome.asked_at > fresh:
            since = outcome.asked_at + fresh
            return ItemStanding(
                Standing.STALE, f"the probe of {target} is too old since {since:%Y-%m-%d %H:%M} UTC"
            )
    return None


def _done(item: Item, record: Record, failing: str, unknown: str) -> ItemStanding:
    """Rule 6: an answer never hides a verdict, a probe never overwrites an answer."""
    against = failing or (unknown if item.mode is Mode.AUTO else "")
    if not against:
        return ItemStanding(Standing.READY, record.reason)
    if record.reason.strip():
        return ItemStanding(Standing.READY, f"{record.reason} (against: {against})", overridden=True)
    if failing:
        return ItemStanding(Standing.CONFLICT, f"answered done, but {failing}")
    return ItemStanding(Standing.UNKNOWN, f"answered done, but {unknown}")


def _on(looked: Mapping[str, Outcome], verdict: Verdict) -> str:
    """`web: PermitRootLogin yes` of the first target with that verdict, and how many more."""
    hits = [(target, outcome) for target, outcome in looked.items() if outcome.verdict is verdict]
    if not hits:
        return ""
    target, outcome = hits[0]
    said = outcome.evidence or (f"could not look: {outcome.cause}" if outcome.cause else verdict)
    more = f" (and {len(hits) - 1} more)" if len(hits) > 1 else ""
    return f"{target}: {said}{more}"


def _why_open(item: Item, found: Mapping[str, Outcome | None], unknown: str) -> str:
    if unknown:
        return unknown
    missing = [target for target, outcome in found.items() if outcome is None]
    if item.mode is Mode.AUTO and missing and len(missing) < len(found):
        return f"not yet probed on {', '.join(missing)}"
    if item.mode is Mode.AUTO and found and not missing:
        return "the probe informs only; a human decides"
    return "not yet probed" if item.mode is Mode.AUTO and found else "not answered"


def _derived(item: Item, checklist: Checklist, session: Session, found: Standings) -> ItemStanding:
    """Rule 3: computed; nobody can tick it."""
    match item.derive:
        case Derivation.APPROVAL:
            return _approval(item, session)
        case Derivation.ALL_COMPLETE:
            return _all_complete(item, checklist, found)
        case Derivation.CRITICAL_RESOLVED:
            waiting = _unmet(checklist, found, {Severity.BLOCKER})
            if waiting:
                return ItemStanding(Standing.NOT_READY, f"{len(waiting)} blockers open: {_first(waiting)}")
            return ItemStanding(Standing.READY, "no blocker is open or failing")
        case _:
            return _criteria(checklist, session, found)


def _approval(item: Item, session: Session) -> ItemStanding:
    signed = next((signoff for signoff in session.signoffs if signoff.role == item.role), None)
    if signed is None:
        return ItemStanding(Standing.OPEN, f"{item.role} has not signed")
    if signed.seal != seal(session):
        return ItemStanding(Standing.STALE, f"changed since {signed.who} signed")
    if signed.decision is Decision.NO_GO:
        return ItemStanding(Standing.NOT_READY, f"{signed.who}: no-go")
    return ItemStanding(Standing.READY, f"{signed.who}: {signed.decision}")


def _all_complete(item: Item, checklist: Checklist, found: Standings) -> ItemStanding:
    """All items of the sections before this item's own (catalogue, Pre-Launch)."""
    here = next(section.id for section, _, other in checklist.walk() if other.id == item.id)
    ids = [section.id for section in checklist.sections]
    earlier = {i.id for s in checklist.sections[: ids.index(here)] for i in s.items}
    waiting = [item_id for item_id in earlier if item_id in found and not found[item_id].satisfied]
    said = f"{len(earlier) - len(waiting)} of {len(earlier)} satisfied"
    if waiting:
        first = next(item_id for item_id in checklist.items if item_id in waiting)
        return ItemStanding(Standing.NOT_READY, f"{said}, first {first}")
    return ItemStanding(Standing.READY, said)


def _criteria(checklist: Checklist, session: Session, found: Standings) -> ItemStanding:
    """`launch_criteria`, a matcher tree over the session's own figures, and every approval."""
    tree = parameters.values(checklist, session).get("launch_criteria")
    if tree is None:
        return ItemStanding(Standing.UNKNOWN, "not configured: parameter launch_criteria is not set")
    wrong = matchers.faults(tree, tuple(figures(checklist, found)))
    if wrong or not isinstance(tree, dict):
        return ItemStanding(Standing.UNKNOWN, f"launch_criteria: {wrong[0][1]}")
    truth = matchers.evaluate(tree, figures(checklist, found))
    if not truth.value:
        return ItemStanding(Standing.NOT_READY, "; ".join(truth.because) or "cannot be computed")
    approvals = [i.id for i in checklist.items.values() if i.derive is Derivation.APPROVAL]
    missing = [item_id for item_id in approvals if not found[item_id].satisfied]
    if missing:
        said = f"{len(approvals) - len(missing)} of {len(approvals)} approvals"
        return ItemStanding(Standing.NOT_READY, f"criteria met; {said}")
    return ItemStanding(Standing.READY, f"criteria met; {len(approvals)} of {len(approvals)} approvals")


def figures(checklist: Checklist, found: Standings) -> dict[str, matchers.Fact | matchers.Missing]:
    """What `launch_criteria` may speak of: open counts by severity, percentages by section.

    Facts: open_blockers, open_majors, open_minors, waived, overridden, percent, and
    `percent_<section>`, hyphens as underscores. Derived items never count, later phases not as open.
    """
    facts: dict[str, matchers.Fact | matchers.Missing] = {
        "open_blockers": len(_unmet(checklist, found, {Severity.BLOCKER})),
        "open_majors": len(_unmet(checklist, found, {Severity.MAJOR})),
        "open_minors": len(_unmet(checklist, found, {Severity.MINOR})),
        "waived": sum(one.standing is Standing.WAIVED for one in found.values()),
        "overridden": sum(one.overridden for one in found.values()),
        "percent": _percent(checklist.items.values(), found),
    }
    for section in checklist.sections:
        facts[f"percent_{section.id.replace('-', '_')}"] = _percent(section.items, found)
    return facts


def _percent(items: Iterable[Item], found: Standings) -> int:
    """Satisfied per hundred, rounded down, so that 100 means all."""
    counted = [found[i.id] for i in items if i.mode is not Mode.DERIVED and i.id in found]
    return 100 * sum(one.satisfied for one in counted) // len(counted) if counted else 100


def _unmet(checklist: Checklist, found: Standings, severities: set[Severity]) -> list[str]:
    """Of the launch itself: what is due later decides nothing about going, whenever it is asked."""
    now = (i for i in checklist.items.values() if i.phase is Phase.LAUNCH and i.mode is not Mode.DERIVED)
    return [item.id for item in now if item.severity in severities and not found[item.id].satisfied]


def _first(ids: list[str]) -> str:
    return ", ".join(ids[:3]) + (", ..." if len(ids) > 3 else "")
