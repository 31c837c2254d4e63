"""Which hosts could not be reached, said once for all items. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from readiness_tui.display.marks import one_line
from readiness_tui.model.outcome import Cause, Outcome
from readiness_tui.model.session import Session

CONNECTING = frozenset({Cause.UNREACHABLE, Cause.HOST_KEY, Cause.AUTH})
"""Causes that concern the connection, so that no probe of the host can have an answer."""


@dataclass(frozen=True, slots=True)
class UnreachableHost:
    """A host whose latest outcome is a connection that failed.

    checks: outcomes that say so. hint: the command that may help, perhaps several lines.
    """

    name: str
    cause: Cause
    message: str
    hint: str
    checks: int

    @property
    def line(self) -> str:
        """One line for the header."""
        checks = f"{self.checks} check{'' if self.checks == 1 else 's'} unknown"
        return f"{one_line(self.name)} could not be reached ({self.cause}): {self.message}; {checks}"


def unreachable_hosts(session: Session) -> tuple[UnreachableHost, ...]:
    """The hosts that could not be reached when they were last probed, in the order of the launch."""
    latest: dict[str, Outcome] = {}
    checks: dict[str, int] = {}
    for record in session.items.values():
        for target, outcome in record.outcomes.items():
            if outcome.cause in CONNECTING:
                checks[target] = checks.get(target, 0) + 1
            known = latest.get(target)
            if known is None or outcome.asked_at > known.asked_at:
                latest[target] = outcome
    return tuple(
        UnreachableHost(host.name, last.cause, one_line(last.evidence), last.hint, checks[host.name])
        for host in session.hosts
        if (last := latest.get(host.name)) is not None and last.cause in CONNECTING and last.cause
    )
