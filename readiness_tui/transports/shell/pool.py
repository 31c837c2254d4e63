"""Spreads collectors over a few workers of one host, streams the replies, ends what must end."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from functools import lru_cache

from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import CollectorAsk, Reply, asked
from readiness_tui.transports.contract import Started
from readiness_tui.transports.replies import refused
from readiness_tui.transports.shell.channel import Shells
from readiness_tui.transports.shell.jobs import Job, SudoState, WorkerExit, WorkerLimits
from readiness_tui.transports.shell.worker import ShellWorker

WORKERS = 4
"""ShellPool a host; more only cost it processor time (measured, engine.md section 1)."""

FEW_HOSTS = 50
"""Hosts at once that have all their workers; with more, this side and not the distance is the limit."""

_TRIES = 3
"""ShellPool that may end before a job ran; then it is answered as an error."""

_REFUSALS = 6
"""Times to wait for a session, 0.1 s and doubling, when the host gives none at all."""

_ROOTED = re.compile(r"\b(root|rd|asuser)\b")
"""The prelude's functions that may call sudo."""


def workers_each(hosts: int) -> int:
    """ShellPool that each of so many hosts asked at once may have (engine.md, section 5.1)."""
    return WORKERS if hosts <= FEW_HOSTS else 2 if hosts <= 2 * FEW_HOSTS else 1


class ShellPool:
    """The workers of one host; what was learnt of it is kept from one batch to the next.

    allowed: how many the host lets us have. wanted: how many we want. learned: seconds an ask took
    the last time, by `model.probe.asked`.
    """

    def __init__(
        self, host: str, shells: Shells, *, workers: int = WORKERS, limits: WorkerLimits | None = None
    ) -> None:
        self.host = host
        self.shells = shells
        self.allowed = self.wanted = workers
        self.limits = limits or WorkerLimits()
        self.elevation = SudoState()
        self.learned: dict[str, float] = {}
        self._batches: set[_Batch] = set()

    @property
    def alone(self) -> bool:
        """One batch has all of the host's sessions."""
        return len(self._batches) < 2

    def estimate(self, job: Job) -> float:
        """Seconds the job will take: as last time, else a share of its limit."""
        return self.learned.get(job.asked, job.ask.timeout_s / 500)

    async def ask(self, asks: Sequence[CollectorAsk], started: Started) -> AsyncGenerator[Reply, None]:
        """One reply for each ask as they finish; ending the iteration early ends the rest."""
        batch = _Batch(self, asks, started)
        self._batches.add(batch)
        running = asyncio.create_task(batch.run())
        batch.task = running
        try:
            while (reply := await batch.replies.get()) is not None:
                yield reply
            await asyncio.wait([running])
            if not running.cancelled() and (bug := running.exception()) is not None:
                raise bug
        finally:
            try:
                await batch.stop()
            finally:  # not before: who closes the host waits for the batches there are
                self._batches.discard(batch)

    async def cancel(self) -> None:
        """Answer what is open with `cancelled`, then end it on the host."""
        batches = tuple(self._batches)
        for batch in batches:
            batch.answer_all(Cause.CANCELLED, "cancelled")
        await asyncio.gather(*(batch.stop() for batch in batches))


class _Batch:
    """The asks of one call of `ask`."""

    def __init__(self, workers: ShellPool, asks: Sequence[CollectorAsk], started: Started) -> None:
        self._workers = workers
        self._started = started
        jobs = [Job(number, ask, _needs_root(ask), asked([ask])) for number, ask in enumerate(asks, 1)]
        self._pending = {job.number: job for job in jobs}
        self._pool = deque(sorted(jobs, key=lambda job: -workers.estimate(job)))
        self._running: set[asyncio.Task[WorkerExit]] = set()
        self._spoken = False
        self._allowed = min(workers.allowed, workers.wanted)
        self._silent = False
        self._refused = False
        self._refusals = 0
        self._over = False
        self.replies: asyncio.Queue[Reply | None] = asyncio.Queue()
        self.task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Start workers while there is work, until every job is answered."""
        try:
            while self._pool or self._running:
                self._fill()
                ended, self._running = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                for task in ended:
                    if not task.cancelled():
                        self._take(task.result())
                if self._refused and self._pool and not self._running:
                    await self._wait_for_a_session()
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)
            self.replies.put_nowait(None)

    async def stop(self) -> None:
        """End the workers, on the host too, and wait until that is done."""
        if self.task is not None:
            if not self._over:
                self._over = True
                self.task.cancel()
            await asyncio.wait([self.task])

    def _fill(self) -> None:
        """Share the waiting jobs out, each to the worker with the least to do so far."""
        room = self._allowed - len(self._running)
        doubtful = self._silent and not self._spoken and bool(self._running)
        if not self._pool or room <= 0 or doubtful:
            return
        shares: list[list[Job]] = [[] for _ in range(min(room, len(self._pool)))]
        loads = [0.0] * len(shares)
        for job in self._pool:
            worker = loads.index(min(loads))
            shares[worker].append(job)
            loads[worker] += self._workers.estimate(job)
        self._pool.clear()
        for share in shares:
            self._running.add(asyncio.create_task(self._worker(share).run()))

    def _worker(self, jobs: Sequence[Job]) -> ShellWorker:
        workers = self._workers
        return ShellWorker(
            workers.host, workers.shells, jobs, workers.elevation, workers.limits, self._begun, self._done
        )

    def _begun(self, job: Job) -> None:
        self._spoken = True
        self._refusals = 0
        if not self._over:
            self._started(job.ask)

    def _done(self, job: Job, reply: Reply) -> None:
        if self._pending.pop(job.number, None) is None:
            return
        if reply.cause is None:
            self._workers.learned[job.asked] = reply.took_ms / 1000
        self.replies.put_nowait(reply)

    def _take(self, end: WorkerExit) -> None:
        """A worker ended: put back what it left, or say why nobody can run it."""
        if end.lost:
            self.answer_all(Cause.UNREACHABLE, end.detail or "the connection was lost")
        elif end.silent is not None and not self._spoken:
            self._pool.extend(job for job in end.left if job.number in self._pending)
            self._silent = True
            if not self._running:
                self.answer_all(end.silent, f"no shell: {end.detail}", self._workers.shells.no_shell_hint)
        elif end.refused:
            self._refused = True
            self._allowed = max(1, min(self._allowed, len(self._running)))
            if self._workers.alone:  # else the sessions may only be lent to another batch
                self._workers.allowed = self._allowed
            self._pool.extend(job for job in end.left if job.number in self._pending)
        else:
            for job in end.left:
                self._put_back(job, end)

    def _put_back(self, job: Job, end: WorkerExit) -> None:
        job.tries += not end.answered
        if job.number not in self._pending:
            return
        if job.tries < _TRIES:
            self._pool.append(job)
        else:
            why = f": {end.detail}" if end.detail else ""
            self._done(job, self._not_run(job, Cause.ERROR, f"its shell ended early{why}"))

    async def _wait_for_a_session(self) -> None:
        self._refused = False
        self._refusals += 1
        if self._refusals < _REFUSALS:
            await asyncio.sleep(0.1 * 2**self._refusals)
        else:
            hint = "sshd's MaxSessions may be too low, or all of its sessions are in use"
            self.answer_all(Cause.UNSUPPORTED, "the host gives no session", hint)

    def answer_all(self, cause: Cause, detail: str, hint: str = "") -> None:
        """Answer every open job alike."""
        self._pool.clear()
        for job in tuple(self._pending.values()):
            self._done(job, self._not_run(job, cause, detail, hint))
        for task in self._running:
            task.cancel()

    def _not_run(self, job: Job, cause: Cause, detail: str, hint: str = "") -> Reply:
        """The reply for a job that no worker ran."""
        return refused(self._workers.host, job.ask, cause, detail, hint)


def _needs_root(ask: CollectorAsk) -> bool:
    return bool(ask.privilege.root or ask.privilege.as_user) or _may_call_root(ask.script)


@lru_cache
def _may_call_root(script: str) -> bool:
    """Once for each text: a run asks the same ones of every host."""
    return _ROOTED.search(script) is not None
