"""Distribute collectors to a few workers of one host, stream the replies, stop what must stop."""

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
"""Workers per host; more only take processor time on the host (measured, engine.md section 1)."""

FEW_HOSTS = 50
"""With at most so many parallel hosts each has all its workers; with more, this machine is the bottleneck."""

_TRIES = 3
"""Workers that may end before a job has run; then it is answered as an error."""

_REFUSALS = 6
"""How often to wait for a session if the host allows none; 0.1 s, then doubling."""

_ROOTED = re.compile(r"\b(root|rd|asuser)\b")
"""The prelude's functions that may call sudo."""


def workers_each(hosts: int) -> int:
    """Workers for each of so many hosts queried in parallel (engine.md, section 5.1)."""
    return WORKERS if hosts <= FEW_HOSTS else 2 if hosts <= 2 * FEW_HOSTS else 1


class ShellPool:
    """The workers of one host. What is known about the host is kept between batches.

    allowed: the number of workers that the host allows. wanted: the number we want. learned: seconds an
    ask took last time, by `model.probe.asked`.
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
        """Whether one batch has all of the host's sessions."""
        return len(self._batches) < 2

    def estimate(self, job: Job) -> float:
        """Seconds the job will take: as last time, else a fraction of its limit."""
        return self.learned.get(job.asked, job.ask.timeout_s / 500)

    async def ask(self, asks: Sequence[CollectorAsk], started: Started) -> AsyncGenerator[Reply, None]:
        """Yield one reply for each ask as they finish. Ending the iteration early ends the rest."""
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
            finally:  # last: `close` waits for the existing batches
                self._batches.discard(batch)

    async def cancel(self) -> None:
        """Answer open asks with `cancelled`, then stop them on the host."""
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
        """Stop the workers, also on the host, and wait for that."""
        if self.task is not None:
            if not self._over:
                self._over = True
                self.task.cancel()
            await asyncio.wait([self.task])

    def _fill(self) -> None:
        """Distribute the waiting jobs, each to the worker with the least work."""
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
        """A worker ended: put back its remaining jobs, or report why they cannot run."""
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
            if self._workers.alone:  # otherwise another batch may be using the sessions
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
            self._done(job, self._not_run(job, Cause.ERROR, f"the shell ended early{why}"))

    async def _wait_for_a_session(self) -> None:
        self._refused = False
        self._refusals += 1
        if self._refusals < _REFUSALS:
            await asyncio.sleep(0.1 * 2**self._refusals)
        else:
            hint = "sshd's MaxSessions may be too low, or all of its sessions are in use"
            self.answer_all(Cause.UNSUPPORTED, "the host allows no session", hint)

    def answer_all(self, cause: Cause, detail: str, hint: str = "") -> None:
        """Answer every open job with the same reply."""
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
    """Cached for each script, since a run sends the same scripts to every host."""
    return _ROOTED.search(script) is not None
