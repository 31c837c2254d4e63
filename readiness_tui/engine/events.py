"""What a run tells, as it happens. The TUI and `readiness probe` draw from these alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from readiness_tui.model.outcome import Cause, Outcome
from readiness_tui.model.probe import Ask, Reply


class HostState(StrEnum):
    """How far a target has come."""

    WAITING = "waiting"
    CONNECTING = "connecting"
    ASKING = "asking"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class HostChanged:
    """A target's state changed. cause, detail, hint: when it failed."""

    target: str
    state: HostState
    cause: Cause | None = None
    detail: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class AskStarted:
    """An ask began on a target. items: the ids that wait for it."""

    target: str
    ask: Ask
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replied:
    """A reply came, cleaned and redacted."""

    target: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class OutcomeFound:
    """An item was judged on a target."""

    item: str
    target: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts after each judged check. checks: (item, target) pairs."""

    checks_done: int
    checks_total: int
    targets_done: int
    targets_total: int


Event = HostChanged | AskStarted | Replied | OutcomeFound | Progress
