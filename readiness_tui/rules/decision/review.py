"""A review: standings, gate, sign-offs and seal of a session, computed once for all screens and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import Session
from readiness_tui.rules.decision.gate import Gate, decide
from readiness_tui.rules.decision.page import page
from readiness_tui.rules.decision.page import seal as seal_of
from readiness_tui.rules.decision.signoffs import RoleSignoff, SignatureCheck, judged, unverified
from readiness_tui.rules.standing import Standings, standings


@dataclass(frozen=True, slots=True)
class Review:
    """A session judged at `now` (UTC) and at the gate's time (T0 if it is set).

    found: standings at `now`. at_launch: standings at `gate.at`. page: the text that leads sign. files:
    files that a report format may include, by their names in the bundle.
    """

    checklist: Checklist
    session: Session
    now: datetime
    gate: Gate
    found: Standings
    at_launch: Standings
    signoffs: tuple[RoleSignoff, ...]
    page: str
    seal: str
    files: Mapping[str, bytes] = field(default_factory=dict)


def review(
    checklist: Checklist,
    session: Session,
    now: datetime,
    *,
    check: SignatureCheck = unverified,
    files: Mapping[str, bytes] | None = None,
) -> Review:
    """Judge a session once. check: returns why a signature does not count."""
    gate = decide(checklist, session, now, check=check)
    signed = judged(checklist, session, gate.at, check)
    at_launch = standings(checklist, session, gate.at, signed=signed, clock=now)
    results = standings(checklist, session, now, check=check) if gate.at != now else at_launch
    return Review(
        checklist=checklist,
        session=session,
        now=now,
        gate=gate,
        found=results,
        at_launch=at_launch,
        signoffs=signed,
        page=page(checklist, session),
        seal=seal_of(checklist, session),
        files=files or {},
    )
