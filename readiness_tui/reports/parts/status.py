"""The JSON shape of a launch for other programs: `status --json` and `probe --json`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.base import Frozen
from readiness_tui.model.checklist import Checklist, Item, Mode, Phase, Severity
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.model.session import Session
from readiness_tui.rules.decision.gate import Gate, Obstacle, counts
from readiness_tui.rules.decision.review import Review
from readiness_tui.rules.decision.signoffs import RoleSignoff
from readiness_tui.rules.standing import ItemStanding, Standing, Standings, outcomes


class OutcomeView(Frozen):
    """The outcome on one host, one vantage point, or for a role that no host has."""

    host: str
    verdict: Verdict
    cause: Cause | None = Field(description="why the check was not possible; only with verdict `unknown`")
    evidence: str
    asked_at: datetime
    took_ms: int


class WaiverView(Frozen):
    """A waiver, whether or not it is still valid."""

    reason: str
    owner: str
    approver: str
    expires: date


class EvidenceView(Frozen):
    """An attached file or URL."""

    path: str | None
    url: str | None
    sha256: str | None
    as_of: date | None


class SignoffView(Frozen):
    """A role's sign-off. problem: why it does not count; empty if it does."""

    role: str
    who: str | None
    decision: str | None
    at: datetime | None
    verified: bool
    problem: str


class ItemView(Frozen):
    """One item: its text in the checklist, its standing now, and the details."""

    id: str
    text: str
    section: str = Field(description="the section's id")
    group: str = Field(description="the group's id")
    mode: Mode
    severity: Severity
    role: str
    phase: Phase
    standing: Standing
    answer: AnswerKind | None
    reason: str = Field(description="why not done, why n/a, or why done against the probe")
    by: str
    at: datetime | None
    overridden: bool
    attachments: tuple[EvidenceView, ...]
    note: str
    waiver: WaiverView | None
    outcomes: tuple[OutcomeView, ...]


class ObstacleView(Frozen):
    """Something that blocks the gate: an item, or a role that has not signed."""

    item: str | None
    role: str
    what: str
    standing: str = Field(description="the item's standing at the gate's moment, or `unsigned`")
    severity: Severity
    reason: str


class GateView(Frozen):
    """The gate, judged at the launch time if it is set, else now."""

    decision: Literal["go", "no-go"]
    blocking: tuple[ObstacleView, ...]


class StatusView(Frozen):
    """A launch on one day. counts: number of items by standing, including zeros."""

    launch: str
    day: date
    items: tuple[ItemView, ...]
    counts: dict[Standing, int]
    gate: GateView
    signoffs: tuple[SignoffView, ...]


def _signoff(given: RoleSignoff) -> SignoffView:
    signed = given.signoff
    return SignoffView(
        role=given.role,
        who=signed.who if signed else None,
        decision=signed.decision.value if signed else None,
        at=signed.at if signed else None,
        verified=given.verified,
        problem=given.problem,
    )


def status(review: Review) -> StatusView:
    """The launch as it is now; the gate as judged for the launch time."""
    checklist, session, results = review.checklist, review.session, review.found
    return StatusView(
        launch=session.launch,
        day=session.day,
        items=tuple(
            _item(item, section.id, group.id, checklist, session, results[item.id])
            for section, group, item in checklist.walk()
        ),
        counts=_counts(results),
        gate=gate_view(review.gate),
        signoffs=tuple(map(_signoff, review.signoffs)),
    )


def gate_view(gate: Gate) -> GateView:
    """The decision and everything that blocks it."""
    return GateView(
        decision=gate.decision, blocking=tuple(obstacle_view(obstacle) for obstacle in gate.blocking)
    )


def _counts(results: Standings) -> dict[Standing, int]:
    return {Standing(word): number for word, number in counts(results).items()}


def obstacle_view(obstacle: Obstacle) -> ObstacleView:
    """One obstacle, for other programs."""
    return ObstacleView(
        item=obstacle.item or None,
        role=obstacle.role,
        what=obstacle.what,
        standing=str(obstacle.standing),
        severity=Severity(obstacle.severity),
        reason=obstacle.reason,
    )


def _item(
    item: Item, section: str, group: str, checklist: Checklist, session: Session, standing: ItemStanding
) -> ItemView:
    record = session.record(item.id)
    waiver = record.waiver
    return ItemView(
        id=item.id,
        text=item.text,
        section=section,
        group=group,
        mode=item.mode,
        severity=item.severity,
        role=item.role,
        phase=item.phase,
        standing=standing.standing,
        answer=record.answer,
        reason=record.reason,
        by=record.by,
        at=record.at,
        overridden=standing.overridden,
        attachments=tuple(
            EvidenceView(path=e.path, url=e.url, sha256=e.sha256, as_of=e.as_of) for e in record.evidence
        ),
        note=record.note,
        waiver=waiver
        and WaiverView(
            reason=waiver.reason, owner=waiver.owner, approver=waiver.approver, expires=waiver.expires
        ),
        outcomes=tuple(
            OutcomeView(
                host=target,
                verdict=outcome.verdict,
                cause=outcome.cause,
                evidence=outcome.evidence,
                asked_at=outcome.asked_at,
                took_ms=outcome.took_ms,
            )
            for target, outcome in outcomes(item, checklist, session).items()
            if outcome is not None
        ),
    )
