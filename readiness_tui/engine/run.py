"""Run a plan: all targets in parallel, each check judged as soon as its replies are there."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from readiness_tui.engine import judging, sanitize
from readiness_tui.engine.events import (
    AskStarted,
    Event,
    HostChanged,
    HostState,
    OutcomeFound,
    Progress,
    Replied,
)
from readiness_tui.engine.progress import Meter
from readiness_tui.engine.target import Target
from readiness_tui.errors import LockedKeyError, TransportError
from readiness_tui.model.outcome import Cause, Outcome
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.rules.probing.plan import Check, Plan
from readiness_tui.transports.contract import Pace
from readiness_tui.transports.pool import Connections


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a run.

    at_once: most targets connected at the same time. open_s: seconds to open one. slack_s: seconds, in
    addition to the sum of its asks' limits, after which a target is abandoned.
    """

    at_once: int = 100
    open_s: float = 60.0
    slack_s: float = 60.0


LARGE = 16 * 1024
"""Characters of replies above which they are processed in a thread, so that keys are still handled."""

T = TypeVar("T")

Durations = Callable[[str], Mapping[str, float]]
"""Seconds that each ask took on a target last time (`rules.probing.durations`)."""


def _unknown(target: str) -> Mapping[str, float]:
    return {}


class Run:
    """One run of a plan. `events` starts it; `cancel` ends it, or one target of it."""

    def __init__(
        self,
        plan: Plan,
        connections: Connections,
        limits: Limits | None = None,
        *,
        durations: Durations = _unknown,
    ) -> None:
        """durations: called with a target's name."""
        self.plan = plan
        self._durations = durations
        self._connections = connections
        self._limits = limits or Limits()
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._slots = asyncio.Semaphore(self._limits.at_once)
        checks: dict[str, list[Check]] = defaultdict(list)
        for check in plan.checks:
            if check.asks:
                checks[check.target].append(check)
        self._targets = {target: Target(target, asks, checks[target]) for target, asks in plan.asks().items()}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._meter = Meter(len(plan.checks), len(self._targets), time.monotonic())
        self._started = False
        self._cancelled = False

    async def events(self) -> AsyncGenerator[Event, None]:
        """Yield all events as they occur; end when everything is judged.

        Every check of the plan is judged exactly once. Closing the iterator early ends the run, also on
        the hosts. Raises RuntimeError if it is iterated a second time.
        """
        if self._started:
            raise RuntimeError("a run can be started only once")
        self._started = True
        running = asyncio.create_task(self._run())
        try:
            while (event := await self._events.get()) is not None:
                yield event
            await running
        finally:
            running.cancel()
            await asyncio.wait([running])

    async def cancel(self, target: str | None = None) -> None:
        """Cancel one target or all. Unfinished checks become `cancelled` at once.

        Returns when nothing of it runs on the hosts any more, which takes time if a connection hangs.
        """
        self._cancelled = self._cancelled or target is None
        ending = {n: task for n, task in self._tasks.items() if target in (None, n) and not task.done()}
        for name, task in ending.items():
            task.cancel()
            self._judge(self._targets[name], self._targets[name].give_up(_cancelled(name)))
        tasks = ending.values()
        if tasks:
            await asyncio.wait(tasks)

    def progress(self) -> Progress:
        """The progress now. Without results the rate drops and the estimate grows."""
        return self._meter.progress(time.monotonic())

    async def _run(self) -> None:
        self._connections.unlocked_keys.forget_refusals()
        self._meter = Meter(len(self.plan.checks), len(self._targets), time.monotonic())
        try:
            for check in self.plan.checks:
                if not check.asks:
                    self._emit_outcome(check, judging.judge(check, ()))
            for target in self._targets.values():
                self._emit(target.is_now(HostState.WAITING))
                task = self._tasks[target.name] = asyncio.create_task(self._ask(target))
                if self._cancelled:  # cancelled before the start
                    task.cancel()
            waiting = {task: self._targets[name] for name, task in self._tasks.items()}
            while waiting:
                done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    self._finish(waiting.pop(task), task)
        finally:
            await self.cancel()
            self._events.put_nowait(None)

    async def _ask(self, target: Target) -> None:
        """Open a target and send it all asks. Raises the error that affects the whole target.

        While the operator is asked for a passphrase, no time limit runs and no connection slot is used.
        """
        while True:
            try:
                return await self._ask_within_limits(target)
            except LockedKeyError as locked:
                self._emit(target.is_now(HostState.WAITING, locked.message))
                await self._connections.unlocked_keys.unlock(locked.path)

    async def _ask_within_limits(self, target: Target) -> None:
        limits = self._limits
        async with self._slots:
            self._emit(target.is_now(HostState.CONNECTING))
            async with asyncio.timeout(limits.open_s + target.patience_s + limits.slack_s) as limit:
                transport = await self._connections.get(target.name, self.plan.hosts.get(target.name))
                async with asyncio.timeout(limits.open_s):
                    await transport.open(self._pace(target.name))
                self._emit(target.is_now(HostState.ASKING))
                while asks := target.next_asks():
                    if target.replies and (deadline := limit.when()) is not None:
                        limit.reschedule(deadline + sum(ask.timeout_s for ask in asks))
                    async with aclosing(transport.ask(asks, lambda ask: self._asked(target, ask))) as replies:
                        async for reply in replies:
                            await self._on_reply(target, reply)

    def _pace(self, target: str) -> Pace:
        hosts = min(self._limits.at_once, len(self._targets))
        return Pace(hosts=hosts, durations=self._durations(target))

    def _asked(self, target: Target, ask: Ask) -> None:
        self._emit(AskStarted(target.name, ask, target.asks.get(ask, ())))

    async def _on_reply(self, target: Target, reply: Reply) -> None:
        clean = await _beside([reply], partial(sanitize.clean, reply))
        self._emit(Replied(target.name, clean))
        for check in target.take(clean):
            await self._settle(target, check)

    async def _settle(self, target: Target, check: Check) -> None:
        """Judge a check that has its replies, unless they make it ask more."""
        if target.asks_once_more(check):
            replies = target.replies_for(check)
            asks = await _beside(replies, partial(judging.follow_up, check, replies))
            if target.follow(check, asks):
                return
        replies = target.replies_for(check)
        outcome = await _beside(replies, partial(judging.judge, check, replies))
        if target.settle(check):
            self._emit_outcome(check, outcome)

    def _judge(self, target: Target, checks: tuple[Check, ...]) -> None:
        for check in checks:
            self._emit_outcome(check, judging.judge(check, target.replies_for(check)))

    def _finish(self, target: Target, task: asyncio.Task[None]) -> None:
        """Handle the end of a target. Its unanswered checks get the reason why it ended."""
        end = _end_of(target.name, task)
        self._judge(target, target.give_up(end))
        self._meter.target_done()
        self._emit(replace(end, done=target.judged, total=target.checks))
        self._emit(self.progress())

    def _emit_outcome(self, check: Check, outcome: Outcome) -> None:
        self._meter.judged(outcome.verdict, time.monotonic() if check.asks else None)
        self._emit(OutcomeFound(check.item, check.target, outcome))
        self._emit(self.progress())

    def _emit(self, event: Event) -> None:
        self._events.put_nowait(event)


async def _beside(replies: Sequence[Reply], work: Callable[[], T]) -> T:
    """The result of the work, done in a thread if the replies are large."""
    if sum(len(reply.stdout) + len(reply.stderr) for reply in replies) < LARGE:
        return work()
    return await asyncio.to_thread(work)


def _cancelled(name: str) -> HostChanged:
    return HostChanged(name, HostState.CANCELLED, Cause.CANCELLED, "cancelled")


def _end_of(name: str, task: asyncio.Task[None]) -> HostChanged:
    """The final state of a target."""
    if task.cancelled():
        return _cancelled(name)
    match task.exception():
        case None:
            return HostChanged(name, HostState.DONE)
        case TransportError() as error:
            cause, detail, hint = Cause(error.cause), error.message, error.hint
        case TimeoutError():
            cause, detail, hint = Cause.TIMEOUT, "time limit for the whole target exceeded", ""
        case error:
            cause, hint = Cause.ERROR, "this is a bug in the transport; please report it"
            detail = f"internal error in the transport: {type(error).__name__}: {error}"
    return HostChanged(name, HostState.FAILED, cause, sanitize.line(detail), sanitize.line(hint))
