"""The checks of a launch: which were not run yet, and what a run found. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from readiness_tui.model.checklist import Checklist
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.session import Session
from readiness_tui.rules.standing import Standing, Standings, outcomes

GUESS_MS = 150
"""Milliseconds that a check takes on a host, where it was never run."""

AT_ONCE = 4
"""Checks that a host runs at once, about."""

CONNECT_S = 1.0
"""Seconds until a host has answered the first check, about."""


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Checks without an outcome, and those whose outcome is stale.

    seconds: what they take, about. items: the ids that they belong to.
    """

    missing: int = 0
    stale: int = 0
    seconds: int = 0
    items: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """`29 checks not run yet`, `3 checks stale`, or both; empty for none."""
        parts = [f"{self.missing} {_checks(self.missing)} not run yet"] if self.missing else []
        if self.stale:
            parts.append(f"{self.stale} stale" if parts else f"{self.stale} {_checks(self.stale)} stale")
        return ", ".join(parts)


def unchecked(checklist: Checklist, session: Session, found: Standings) -> Unchecked:
    """Count a launch's checks, one for each item with a probe and each of its targets."""
    missing = stale = 0
    took: dict[str, int] = {}
    items: dict[str, None] = {}
    for item in checklist.items.values():
        if item.probe is None or found[item.id].standing is Standing.PENDING:
            continue
        old = found[item.id].standing is Standing.STALE and session.record(item.id).answer is None
        for target, outcome in outcomes(item, checklist, session).items():
            if outcome is None or old:
                missing += outcome is None
                stale += outcome is not None
                items[item.id] = None
                took[target] = took.get(target, 0) + (outcome.took_ms if outcome else GUESS_MS)
    slowest = max(took.values(), default=0) / 1000 / AT_ONCE
    return Unchecked(missing, stale, round(CONNECT_S + slowest) if took else 0, tuple(items))


@dataclass(slots=True)
class RunCount:
    """What a run has found so far."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    targets: set[str] = field(default_factory=set)

    def add(self, target: str, outcome: Outcome) -> None:
        """Count one outcome."""
        self.verdicts[outcome.verdict] += 1
        self.targets.add(target)

    def words(self, seconds: float, planned: int) -> str:
        """`29 checks, 4 hosts, 1.2 s: 20 pass, 5 fail, 4 unknown`.

        seconds: how long the run took. planned: how many checks it was to make; those that are missing
        were stopped.
        """
        done, hosts = self.verdicts.total(), len(self.targets)
        order = (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.INFO)
        found = ", ".join(
            f"{self.verdicts[verdict]} {verdict}" for verdict in order if self.verdicts[verdict]
        )
        counted = f"{done} {_checks(done)}, {hosts} {'host' if hosts == 1 else 'hosts'}, {seconds:.1f} s"
        stopped = f"; {planned - done} not re-checked" if planned > done else ""
        return f"{counted}: {found or 'nothing found'}{stopped}"


def _checks(count: int) -> str:
    return "check" if count == 1 else "checks"
