"""The events of a run. The TUI and `readiness probe` display only these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from readiness_tui.model.outcome import Cause, Outcome
from readiness_tui.model.probe import Ask, Reply


class HostState(StrEnum):
    """The progress of a target."""

    WAITING = "waiting"
    CONNECTING = "connecting"
    ASKING = "asking"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class HostChanged:
    """A target's state changed.

    cause, detail, hint: if it failed; detail also says what it is waiting for. done, total: its checks
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
    """An ask started on a target. items: the ids of the items that need it."""

    target: str
    ask: Ask
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replied:
    """A reply arrived, cleaned and redacted."""

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
    """The progress of the run, sent after each judged check and at the end of each target.

    checks: (item, target) pairs; failed, unknown: how many of the judged ones. rate: recent checks per
    second. left_s: estimated seconds left. Both are None until enough is known.
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
