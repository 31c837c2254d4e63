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
    """A target's state changed.

    cause, detail, hint: when it failed; detail also says what it waits for. done, total: its checks
    judged so far, and all of them.
    """

    target: str
    state: HostState
    cause: Cause | None = None
    detail: str = ""
    hint: str = ""
    done: int = 0
    total: int = 0


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
    """Where the run stands, after each judged check and each target's end.

    checks: (item, target) pairs; failed, unknown: how many of those done are. rate: checks a second
    of late. left_s: seconds that the rest will take at that rate. Both None while too little is known.
    """

    checks_done: int
    checks_total: int
    targets_done: int
    targets_total: int
    failed: int = 0
    unknown: int = 0
    rate: float | None = None
    left_s: float | None = None


Event = HostChanged | AskStarted | Replied | OutcomeFound | Progress
