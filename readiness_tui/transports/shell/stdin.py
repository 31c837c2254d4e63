"""The input of a worker's shell: jobs at once, root commands when they may be tried."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from readiness_tui.transports.shell import framing, script
from readiness_tui.transports.shell.jobs import Job, SudoState, WorkerLimits

PREFLIGHT_S = 10.0
"""Seconds that `sudo -n -l` may take. Without an answer, root commands count as refused."""

PREFLIGHT = 0
"""The number of the sudo check; jobs count from 1."""


class WorkerInput:
    """The jobs of one worker, to be written to its shell.

    reader: reads the shell's output and is told what to expect. checking: this worker runs the sudo check
    and has no answer yet.
    """

    def __init__(self, jobs: Sequence[Job], elevation: SudoState, limits: WorkerLimits) -> None:
        self._jobs = jobs
        self._elevation = elevation
        self._limits = limits
        self._nonce = script.new_nonce()
        self._sent: deque[Job] = deque()
        self._held: deque[Job] = deque(jobs)
        self.reader = framing.FrameReader(self._nonce, limits.cap)
        self.checking = False

    @property
    def left(self) -> tuple[Job, ...]:
        """The jobs that no shell has started."""
        return (*self._sent, *self._held)

    @property
    def holding(self) -> bool:
        """Whether jobs wait for the sudo check."""
        return bool(self._held)

    def begin(self) -> Job | None:
        """The job that the shell runs now; None while it runs the sudo check or has no job."""
        return self._sent.popleft() if self._sent and not self.checking else None

    def opening(self, *, own_group: bool, released: Callable[[], None]) -> bytes:
        """The first text. released: called when the held jobs may be fetched with `rest`."""
        limits, elevation = self._limits, self._elevation
        total = sum(job.ask.timeout_s for job in self._jobs) + limits.grace_s + PREFLIGHT_S
        budget = limits.budget_s if limits.budget_s is not None else total
        text = [script.opening(self._nonce, budget_s=budget, own_group=own_group)]
        rooted = [job for job in self._jobs if job.needs_root]
        self._held.clear()
        if rooted and elevation.allowed is None and not elevation.asking:
            elevation.asking = self.checking = True
            self.reader.expect(PREFLIGHT)
            text.append(script.preflight(PREFLIGHT))
        elif rooted and elevation.allowed is None:
            elevation.waiting.append(released)
            self._held.extend(rooted)
        elif rooted and not elevation.allowed:
            text.append(script.NO_ROOT)
        text.extend(self._ask(job) for job in self._jobs if not job.needs_root)
        if not self._held:
            text.extend(map(self._ask, rooted))
            text.append(script.closing())
        return _bytes(text)

    def rest(self) -> bytes:
        """The text of the held jobs, and the closing text; empty if none were held."""
        if not self._held:
            return b""
        text = [] if self._elevation.allowed else [script.NO_ROOT]
        text.extend(map(self._ask, self._held))
        self._held.clear()
        return _bytes([*text, script.closing()])

    def checked(self, frame: framing.Frame | None, *, sure: bool = True) -> None:
        """The sudo check is over, with a frame or without an answer.

        sure: no answer counts as a refusal; else the next run asks again.
        """
        if self.checking:
            self.checking = False
            if frame is not None:
                self._elevation.resolve(frame.exit == 0, full=b"NOPASSWD: ALL" in frame.stdout)
            else:
                self._elevation.resolve(False if sure else None)

    def _ask(self, job: Job) -> str:
        self.reader.expect(job.number)
        self._sent.append(job)
        return script.asking(job.number, job.ask.script, job.ask.args)


def _bytes(text: Sequence[str]) -> bytes:
    return "".join(text).encode("utf-8", "surrogatepass")
