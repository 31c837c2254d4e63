"""What workers and their scheduler tell each other: jobs, limits, how a worker ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import CollectorAsk
from readiness_tui.transports.shell import framing


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What a worker may take.

    cap: bytes kept of each stream of one collector. hello_s: seconds from the start to the first
    words. grace_s: seconds the deadman waits beyond the sum of the time limits; budget_s: when
    set, the deadman's whole time instead.
    """

    cap: int = framing.CAP
    hello_s: float = 15.0
    grace_s: float = 30.0
    budget_s: float | None = None


@dataclass(slots=True)
class Job:
    """An ask on its way.

    needs_root: may call `root`. asked: see `model.probe.asked`. tries: workers that ended before it ran.
    """

    number: int
    ask: CollectorAsk
    needs_root: bool = False
    asked: str = ""
    tries: int = 0


@dataclass(slots=True)
class SudoState:
    """Whether root steps may be tried on the host: found out once, by one worker.

    allowed: None until known. full: everything is allowed, so strays of root can be killed too.
    """

    allowed: bool | None = None
    full: bool = False
    asking: bool = False
    waiting: list[Callable[[], None]] = field(default_factory=list)

    def found(self, allowed: bool | None, *, full: bool = False) -> None:
        """Say so to every worker that holds root steps back; None: ask again another time."""
        self.allowed, self.full, self.asking = allowed, full, False
        for tell in self.waiting:
            tell()
        self.waiting.clear()


@dataclass(frozen=True, slots=True)
class WorkerExit:
    """How a worker ended and what it leaves undone.

    refused: no shell was to be had; lost: the link went; silent: the shell never said hello, and
    why. answered: it finished or failed at least one job. `detail` is for people.
    """

    left: tuple[Job, ...] = ()
    refused: bool = False
    lost: bool = False
    silent: Cause | None = None
    answered: bool = False
    detail: str = ""
