"""Run a plan: all targets in parallel, each check judged as soon as its replies are there."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

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
from readiness_tui.engine.judging import now
from readiness_tui.engine.progress import Meter
from readiness_tui.errors import LockedKeyError, TransportError
from readiness_tui.model.outcome import Cause
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
        self._targets = {
            target: _Target(target, asks, checks[target]) for target, asks in plan.asks().items()
        }
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
                    self._emit_outcome(check, ())
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

    async def _ask(self, target: _Target) -> None:
        """Open a target and send it all asks. Raises the error that affects the whole target.

        While the operator is asked for a passphrase, no time limit runs and no connection slot is used.
        """
        while True:
            try:
                return await self._ask_within_limits(target)
            except LockedKeyError as locked:
                self._emit(target.is_now(HostState.WAITING, locked.message))
                await self._connections.unlocked_keys.unlock(locked.path)

    async def _ask_within_limits(self, target: _Target) -> None:
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
                            self._on_reply(target, reply)

    def _pace(self, target: str) -> Pace:
        hosts = min(self._limits.at_once, len(self._targets))
        return Pace(hosts=hosts, durations=self._durations(target))

    def _asked(self, target: _Target, ask: Ask) -> None:
        self._emit(AskStarted(target.name, ask, target.asks.get(ask, ())))

    def _on_reply(self, target: _Target, reply: Reply) -> None:
        clean = sanitize.clean(reply)
        self._emit(Replied(target.name, clean))
        self._judge(target, target.take(clean))

    def _judge(self, target: _Target, checks: tuple[Check, ...]) -> None:
        for check in checks:
            self._emit_outcome(check, target.replies_for(check))

    def _finish(self, target: _Target, task: asyncio.Task[None]) -> None:
        """Handle the end of a target. Its unanswered checks get the reason why it ended."""
        end = _end_of(target.name, task)
        self._judge(target, target.give_up(end))
        self._meter.target_done()
        self._emit(replace(end, done=target.judged, total=target.checks))
        self._emit(self.progress())

    def _emit_outcome(self, check: Check, replies: tuple[Reply, ...]) -> None:
        outcome = judging.judge(check, replies)
        self._meter.judged(outcome.verdict, time.monotonic() if replies else None)
        self._emit(OutcomeFound(check.item, check.target, outcome))
        self._emit(self.progress())

    def _emit(self, event: Event) -> None:
        self._events.put_nowait(event)


class _Target:
    """The asks of one target, its replies, and the checks that still wait. checks: their number."""

    def __init__(self, name: str, asks: Mapping[Ask, tuple[str, ...]], checks: Sequence[Check]) -> None:
        self.name = name
        self.asks = dict(asks)
        self._unsent = list(asks)
        self._follow_ups: dict[str, tuple[Ask, ...]] = {}
        self.replies: dict[Ask, Reply] = {}
        self.checks = len(checks)
        self._waiting = {check.item: check for check in checks}
        self._needing: dict[Ask, list[Check]] = defaultdict(list)
        for check in checks:
            for ask in dict.fromkeys(check.asks):
                self._needing[ask].append(check)

    @property
    def judged(self) -> int:
        """The number of its checks that are judged."""
        return self.checks - len(self._waiting)

    @property
    def patience_s(self) -> float:
        """Seconds that all its asks may take in sequence."""
        return sum(ask.timeout_s for ask in self.asks)

    def is_now(self, state: HostState, detail: str = "") -> HostChanged:
        """The event for its state, with its progress."""
        return HostChanged(self.name, state, detail=detail, done=self.judged, total=self.checks)

    def take(self, reply: Reply) -> tuple[Check, ...]:
        """Store a reply. Returns the checks whose replies are now complete."""
        self.replies[reply.ask] = reply
        needing = self._needing.pop(reply.ask, ())
        complete = (check for check in needing if all(ask in self.replies for ask in self._asks_of(check)))
        ready = tuple(check for check in complete if not self._asks_more(check))
        for check in ready:
            self._waiting.pop(check.item, None)
        return ready

    def next_asks(self) -> tuple[Ask, ...]:
        """The asks to send now: first those of the plan, then the follow-ups of the replies."""
        asks, self._unsent = tuple(self._unsent), []
        return asks

    def replies_for(self, check: Check) -> tuple[Reply, ...]:
        """The replies of a check, in the order of its asks, then of its follow-ups."""
        return tuple(self.replies[ask] for ask in self._asks_of(check) if ask in self.replies)

    def _asks_of(self, check: Check) -> tuple[Ask, ...]:
        return (*check.asks, *self._follow_ups.get(check.item, ()))

    def _asks_more(self, check: Check) -> bool:
        """Whether the check, whose asks are answered, has unanswered follow-ups (one round per check)."""
        if check.item in self._follow_ups:
            return False
        asks = judging.follow_up(check, self.replies_for(check))
        self._follow_ups[check.item] = asks
        unanswered = [ask for ask in dict.fromkeys(asks) if ask not in self.replies]
        for ask in unanswered:
            if ask not in self.asks:
                self._unsent.append(ask)
            self.asks[ask] = (*self.asks.get(ask, ()), check.item)
            self._needing[ask].append(check)
        return bool(unanswered)

    def give_up(self, end: HostChanged) -> tuple[Check, ...]:
        """End without further replies: fill in failed replies. Returns the checks that were waiting."""
        cause = end.cause or Cause.ERROR
        detail = end.detail or "the transport gave no reply"
        for ask in self.asks:
            if ask not in self.replies:
                self.replies[ask] = Reply(
                    host=self.name, ask=ask, asked_at=now(), cause=cause, detail=detail, hint=end.hint
                )
        waiting, self._waiting = tuple(self._waiting.values()), {}
        self._needing.clear()
        return waiting


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
