"""Probe an open launch: one run at a time, the others wait. Tracks what is running by item."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from readiness_tui.display.checks import RunCount
from readiness_tui.display.hosts import CONNECTING
from readiness_tui.display.rows import Running
from readiness_tui.engine.events import AskStarted, Event, HostChanged, HostState, OutcomeFound, Progress
from readiness_tui.engine.progress import details
from readiness_tui.errors import ReadinessError
from readiness_tui.launch import Launch
from readiness_tui.model.outcome import Cause
from readiness_tui.rules.probing.plan import Plan

if TYPE_CHECKING:
    from readiness_tui.engine.run import Run


@dataclass(slots=True)
class _Flight:
    """An item being probed. since: when it was sent, None while it waits. left: remaining targets."""

    left: set[str] = field(default_factory=set)
    since: float | None = None


class Prober:
    """Runs plans one after the other and keeps what is in flight.

    changed: called on the event loop after every change; the caller may coalesce calls.
    say: called with one line for the operator. blocked: called with the error that prevented a plan.
    """

    def __init__(
        self,
        launch: Launch,
        changed: Callable[[], None],
        say: Callable[[str], None],
        blocked: Callable[[ReadinessError], None],
    ) -> None:
        self._launch = launch
        self._changed = changed
        self._say = say
        self._blocked = blocked
        self._turn = asyncio.Lock()
        self._flights: dict[str, _Flight] = {}
        self._run: Run | None = None
        self._cancelled = 0

    @property
    def busy(self) -> int:
        """The number of items that are running or waiting."""
        return len(self._flights)

    def words(self) -> str:
        """The progress of the run as text; empty if there is none."""
        if self._run is None:
            return ""
        progress = self._run.progress()
        return f"probing {progress.checks_done}/{progress.checks_total}, {details(progress)}"

    def running(self, item: str) -> Running | None:
        """The state of an item's probe; None if it is not running."""
        flight = self._flights.get(item)
        if flight is None:
            return None
        return Running(None if flight.since is None else int(time.monotonic() - flight.since))

    async def probe(self, only: Sequence[str]) -> None:
        """Probe these items (ids or prefixes; all if empty), except those already running."""
        try:
            made = self._without_flying(await asyncio.to_thread(self._launch.plan, only=tuple(only)))
            if made.checks:
                await self._in_turn(made)
            else:
                self._say("already being probed")
        except ReadinessError as error:
            self._blocked(error)

    def _without_flying(self, made: Plan) -> Plan:
        """The plan without the items that are already running."""
        checks = tuple(check for check in made.checks if check.item not in self._flights)
        concerned = {check.target for check in checks}
        hosts = {name: host for name, host in made.hosts.items() if name in concerned}
        return replace(made, checks=checks, hosts=hosts)

    async def _in_turn(self, made: Plan) -> None:
        mine: dict[str, _Flight] = {}
        for check in made.checks:
            mine.setdefault(check.item, _Flight()).left.add(check.target)
        self._flights.update(mine)
        self._changed()
        asked = self._cancelled
        try:
            async with self._turn:
                if asked == self._cancelled:
                    await self._go(made)
        finally:
            for item, flight in mine.items():
                if self._flights.get(item) is flight:
                    del self._flights[item]
            self._changed()

    async def _go(self, made: Plan) -> None:
        self._run = self._launch.run(made)
        count, began = RunCount(), time.monotonic()
        try:
            async for event in self._launch.probe(self._run):
                self._note(event)
                if isinstance(event, OutcomeFound) and event.outcome.cause is not Cause.CANCELLED:
                    count.add(event.target, event.outcome)
        finally:
            self._run = None
        self._say(count.words(time.monotonic() - began, len(made.checks)))

    def _note(self, event: Event) -> None:
        match event:
            case AskStarted(items=items):
                for item in items:
                    flight = self._flights.get(item)
                    if flight is not None and flight.since is None:
                        flight.since = time.monotonic()
            case OutcomeFound(item=item, target=target):
                if (flight := self._flights.get(item)) is not None:
                    flight.left.discard(target)
                    if not flight.left:
                        del self._flights[item]
            case HostChanged(cause=cause) if cause in CONNECTING:
                pass  # shown with the outcomes, once for all of the host's
            case HostChanged(target=target, state=HostState.FAILED, detail=detail, hint=hint):
                self._say(f"{target}: {detail}" + (f" - {hint}" if hint else ""))
            case Progress():
                return
        self._changed()

    async def cancel(self) -> None:
        """Stop what is running and drop what is waiting."""
        self._cancelled += 1
        if self._run is not None:
            await self._run.cancel()
