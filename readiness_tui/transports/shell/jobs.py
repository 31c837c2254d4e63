"""The data shared by the workers and their pool: jobs, limits, how a worker ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import CollectorAsk
from readiness_tui.transports.shell import framing


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """The limits of a worker.

    cap: bytes kept of each stream of one collector. hello_s: seconds from the start to the hello.
    grace_s: seconds the watchdog waits beyond the sum of the time limits. budget_s: if set, the
    watchdog's total time instead.
    """

    cap: int = framing.CAP
    hello_s: float = 15.0
    grace_s: float = 30.0
    budget_s: float | None = None


@dataclass(slots=True)
class Job:
    """An ask being processed.

    needs_root: may call `root`. asked: see `model.probe.asked`. tries: number of workers that ended
    before it ran.
    """

    number: int
    ask: CollectorAsk
    needs_root: bool = False
    asked: str = ""
    tries: int = 0


@dataclass(slots=True)
class SudoState:
    """Whether commands may be run as root on the host. One worker finds out, once.

    allowed: None until known. full: every command is allowed, so leftover processes of root can be killed
    too.
    """

    allowed: bool | None = None
    full: bool = False
    asking: bool = False
    waiting: list[Callable[[], None]] = field(default_factory=list)

    def resolve(self, allowed: bool | None, *, full: bool = False) -> None:
        """Give the answer to every worker that holds root commands back; None: ask again another time."""
        self.allowed, self.full, self.asking = allowed, full, False
        for tell in self.waiting:
            tell()
        self.waiting.clear()


@dataclass(frozen=True, slots=True)
class WorkerExit:
    """How a worker ended and which jobs it leaves.

    refused: no shell was available. lost: the connection was lost. silent: the shell sent no hello, and
    why. answered: it finished or failed at least one job. `detail` is for people.
    """

    left: tuple[Job, ...] = ()
    refused: bool = False
    lost: bool = False
    silent: Cause | None = None
    answered: bool = False
    detail: str = ""
