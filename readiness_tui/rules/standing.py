"""Compute every item's standing from its outcomes, answer and waiver. Never stored (design.md, section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from readiness_tui.model.answer import Decision
from readiness_tui.model.checklist import Checklist, Derivation, Item, Mode, Phase, Severity
from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.session import Session
from readiness_tui.rules import matchers, parameters
from readiness_tui.rules.decision.signoffs import RoleSignoff, SignatureCheck, judged, unverified
from readiness_tui.rules.item_standing import (
    SATISFIED,
    ItemStanding,
    Moment,
    Standing,
    alone,
    outcomes,
    phased,
    waived,
)
from readiness_tui.rules.probing.questions import Questions

__all__ = ["SATISFIED", "ItemStanding", "Standing", "Standings", "figures", "outcomes", "standings"]

Standings = Mapping[str, ItemStanding]

NONE: Standings = MappingProxyType({})


def standings(
    checklist: Checklist,
    session: Session,
    now: datetime,
    *,
    held: Standings = NONE,
    signed: Sequence[RoleSignoff] | None = None,
    clock: datetime | None = None,
    check: SignatureCheck = unverified,
) -> Standings:
    """Every item's standing, by id, in checklist order. now: the time judged, UTC.

    held: standings that are still valid (`rules.standing_cache`). signed: the sign-offs, if they are
    judged already. check: returns why a signature does not count. clock: the current time, if `now` is
    another time; dates ahead of it are treated as wrong.
    """
    moment = Moment(now, clock or now, Questions(checklist, session))
    if signed is None:
        signed = judged(checklist, session, now, check)
    results = {
        item.id: held.get(item.id) or alone(item, checklist, session, moment)
        for item in checklist.items.values()
        if item.mode is not Mode.DERIVED
    }
    for derivation in (Derivation.APPROVAL, *(d for d in Derivation if d is not Derivation.APPROVAL)):
        for item in checklist.items.values():
            if item.derive is derivation:
                results[item.id] = phased(item, session, now) or waived(
                    session, item, now, _derived(item, checklist, session, results, signed)
                )
    return {item_id: results[item_id] for item_id in checklist.items}


def _derived(
    item: Item, checklist: Checklist, session: Session, found: Standings, signed: Sequence[RoleSignoff]
) -> ItemStanding:
    """Rule 3: the standing of a derived item, which cannot be answered by hand."""
    match item.derive:
        case Derivation.APPROVAL:
            return _approval(item, signed)
        case Derivation.ALL_COMPLETE:
            return _all_complete(item, checklist, found)
        case Derivation.CRITICAL_RESOLVED:
            waiting = _unmet(checklist, found, {Severity.BLOCKER})
            if waiting:
                return ItemStanding(Standing.NOT_READY, f"{len(waiting)} blockers open: {_first(waiting)}")
            return ItemStanding(Standing.READY, "no blocker is open or failing")
        case _:
            return _criteria(checklist, session, found)


def _approval(item: Item, signed: Sequence[RoleSignoff]) -> ItemStanding:
    given = next((each for each in signed if each.role == item.role), None)
    if given is None or given.signoff is None:
        return ItemStanding(Standing.OPEN, f"{item.role} has not signed")
    if not given.problem:
        return ItemStanding(Standing.READY, f"{given.signoff.who}: {given.signoff.decision}")
    if given.signoff.decision is Decision.NO_GO and given.current:
        return ItemStanding(Standing.NOT_READY, f"{given.signoff.who}: no-go")
    return ItemStanding(Standing.STALE, given.problem)


def _all_complete(item: Item, checklist: Checklist, found: Standings) -> ItemStanding:
    """All items of the sections before this item's section (catalogue, Pre-Launch)."""
    here = next(section.id for section, _, other in checklist.walk() if other.id == item.id)
    ids = [section.id for section in checklist.sections]
    earlier = {i.id for s in checklist.sections[: ids.index(here)] for i in s.items}
    waiting = [item_id for item_id in earlier if item_id in found and not found[item_id].satisfied]
    progress = f"{len(earlier) - len(waiting)} of {len(earlier)} satisfied"
    if waiting:
        first = next(item_id for item_id in checklist.items if item_id in waiting)
        return ItemStanding(Standing.NOT_READY, f"{progress}, first {first}")
    return ItemStanding(Standing.READY, progress)


def _criteria(checklist: Checklist, session: Session, found: Standings) -> ItemStanding:
    """`launch_criteria`, a matcher tree over the session's figures, and every approval."""
    tree = parameters.values(checklist, session).get("launch_criteria")
    if tree is None:
        return ItemStanding(Standing.UNKNOWN, "not configured: parameter launch_criteria is not set")
    wrong = matchers.faults(tree, tuple(figures(checklist, found)))
    if wrong or not isinstance(tree, dict):
        return ItemStanding(Standing.UNKNOWN, f"launch_criteria: {wrong[0][1]}")
    truth = matchers.evaluate(tree, figures(checklist, found))
    if not truth.value:
        return ItemStanding(Standing.NOT_READY, "; ".join(map(str, truth.because)) or "cannot be computed")
    approvals = [i.id for i in checklist.items.values() if i.derive is Derivation.APPROVAL]
    missing = [item_id for item_id in approvals if not found[item_id].satisfied]
    if missing:
        progress = f"{len(approvals) - len(missing)} of {len(approvals)} approvals"
        return ItemStanding(Standing.NOT_READY, f"criteria met; {progress}")
    return ItemStanding(Standing.READY, f"criteria met; {len(approvals)} of {len(approvals)} approvals")


def figures(checklist: Checklist, found: Standings) -> dict[str, Fact | Missing]:
    """The facts that `launch_criteria` may use: open counts by severity, percentages by section.

    Facts: open_blockers, open_majors, open_minors, waived, overridden, percent, and `percent_<section>`
    with underscores for hyphens. Derived items never count; items of later phases do not count as open.
    """
    facts: dict[str, Fact | Missing] = {
        "open_blockers": len(_unmet(checklist, found, {Severity.BLOCKER})),
        "open_majors": len(_unmet(checklist, found, {Severity.MAJOR})),
        "open_minors": len(_unmet(checklist, found, {Severity.MINOR})),
        "waived": sum(standing.standing is Standing.WAIVED for standing in found.values()),
        "overridden": sum(standing.overridden for standing in found.values()),
        "percent": _percent(checklist.items.values(), found),
    }
    for section in checklist.sections:
        facts[f"percent_{section.id.replace('-', '_')}"] = _percent(section.items, found)
    return facts


def _percent(items: Iterable[Item], found: Standings) -> int:
    """The percentage of satisfied items, rounded down, so that 100 means all."""
    counted = [found[i.id] for i in items if i.mode is not Mode.DERIVED and i.id in found]
    return 100 * sum(standing.satisfied for standing in counted) // len(counted) if counted else 100


def _unmet(checklist: Checklist, found: Standings, severities: set[Severity]) -> list[str]:
    """Unmet items of phase launch. Items of later phases never affect the launch decision."""
    now = (i for i in checklist.items.values() if i.phase is Phase.LAUNCH and i.mode is not Mode.DERIVED)
    return [item.id for item in now if item.severity in severities and not found[item.id].satisfied]


def _first(ids: list[str]) -> str:
    return ", ".join(ids[:3]) + (", ..." if len(ids) > 3 else "")
