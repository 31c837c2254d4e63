"""The gate: go or no-go, computed, no-go by default, with everything that blocks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from readiness_tui.model.checklist import Checklist, Item, Mode, Phase, Severity
from readiness_tui.model.session import Session
from readiness_tui.rules.decision.contradictions import contradictions
from readiness_tui.rules.decision.signoffs import SignatureCheck, judged, unverified
from readiness_tui.rules.standing import ItemStanding, Standing, Standings, standings


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that blocks the gate: an item, or a role that has not signed go (`item` is empty)."""

    what: str
    standing: str
    severity: str
    reason: str
    item: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """The decision, judged at `at` (UTC: T0 if it is set, else now).

    blocking: what blocks the launch. minors: unmet minors, which do not block. waived, overridden: item
    ids, shown on every report. counts: number of items by standing.
    """

    decision: Literal["go", "no-go"]
    at: datetime
    blocking: tuple[Obstacle, ...]
    minors: tuple[Obstacle, ...]
    waived: tuple[str, ...]
    overridden: tuple[str, ...]
    counts: dict[str, int]


def decide(
    checklist: Checklist,
    session: Session,
    now: datetime,
    *,
    at: datetime | None = None,
    check: SignatureCheck = unverified,
) -> Gate:
    """Judge the session at `at`, else at its T0, else now.

    Go requires every blocker and major of phase launch to be satisfied, no contradiction, and a sign-off
    with go over the present page from every role. check: returns why a signature does not count.
    """
    moment = at or session.launch_at or now
    results = standings(checklist, session, moment, clock=now, check=check)
    unmet = [
        item
        for item in checklist.items.values()
        if item.phase is Phase.LAUNCH and not results[item.id].satisfied
    ]
    blocking = [_obstacle(item, results[item.id]) for item in unmet if item.severity is not Severity.MINOR]
    blocking += _unsigned(checklist, session, moment, check)
    blocking += [
        Obstacle("Contradiction", "conflict", "blocker", why) for why in contradictions(checklist, session)
    ]
    if not any(_decides(item) for item in checklist.items.values()):
        nothing = "the checklist has no blocker and no major of phase launch, so it cannot decide"
        blocking.append(Obstacle("Items that decide", "missing", "blocker", nothing))
    if not checklist.roles:
        blocking.append(Obstacle("Sign-off", "unsigned", "blocker", "the checklist has no sign-off roles"))
    return Gate(
        decision="no-go" if blocking else "go",
        at=moment,
        blocking=tuple(blocking),
        minors=tuple(_obstacle(i, results[i.id]) for i in unmet if i.severity is Severity.MINOR),
        waived=tuple(i for i, result in results.items() if result.standing is Standing.WAIVED),
        overridden=tuple(i for i, result in results.items() if result.overridden),
        counts=counts(results),
    )


def _decides(item: Item) -> bool:
    due = item.phase is Phase.LAUNCH and item.mode is not Mode.DERIVED
    return due and item.severity is not Severity.MINOR


def counts(results: Standings) -> dict[str, int]:
    """The number of items by standing, including zeros, in the order of `Standing`."""
    tally = Counter(result.standing for result in results.values())
    return {standing.value: tally[standing] for standing in Standing}


def progress(results: Iterable[ItemStanding]) -> tuple[int, int]:
    """The number of satisfied items and of items that are due. Items of a later phase count in neither."""
    due = [result for result in results if result.standing is not Standing.PENDING]
    return sum(result.satisfied for result in due), len(due)


def _obstacle(item: Item, standing: ItemStanding) -> Obstacle:
    return Obstacle(
        item.text, standing.standing, item.severity, standing.reason, item=item.id, role=item.role
    )


def _unsigned(checklist: Checklist, session: Session, at: datetime, check: SignatureCheck) -> list[Obstacle]:
    return [
        Obstacle(each.title, "unsigned", "blocker", each.problem, role=each.role)
        for each in judged(checklist, session, at, check)
        if each.problem
    ]
