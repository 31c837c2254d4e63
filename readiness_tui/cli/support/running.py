"""Run the plan for a verb: show the progress, stop on Ctrl+C, save as hosts end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from readiness_tui.cli.support.opened import Work
from readiness_tui.cli.support.passphrases import OnTerminal, can_ask
from readiness_tui.cli.support.printing import say
from readiness_tui.cli.support.progress import narrator
from readiness_tui.engine.events import HostChanged, HostState, OutcomeFound
from readiness_tui.engine.run import Run
from readiness_tui.rules.probing.plan import Plan
from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys

ENDED = (HostState.DONE, HostState.FAILED, HostState.CANCELLED)
TICK_S = 1.0
"""Seconds between two updates of the progress."""

Outcomes = dict[tuple[str, str], OutcomeFound]
"""Outcomes by item and target."""


async def run_plan(opened: Work, made: Plan) -> tuple[Outcomes, bool]:
    """Run the plan to its end, or to the first Ctrl+C. The outcomes are saved in both cases.

    The connections stay open for further runs. Returns the outcomes, and whether Ctrl+C ended the run.
    """
    launch = opened.launch
    run, outcomes = launch.run(made), Outcomes()
    stop = _Stop(run)
    try:
        with stop, narrator() as show:
            if can_ask():
                launch.unlock_with(UnlockedKeys(OnTerminal(show.aside)))
            show.begin(made)
            with _ticking(lambda: show.event(run.progress())):
                async for event in launch.probe(run):
                    show.event(event)
                    if isinstance(event, OutcomeFound):
                        outcomes[event.item, event.target] = event
                    elif isinstance(event, HostChanged) and event.state in ENDED:
                        opened.save()
    finally:
        opened.save()
    return outcomes, stop.asked


@contextmanager
def _ticking(tick: Callable[[], None]) -> Iterator[None]:
    """Call `tick` every TICK_S seconds, because the estimate changes also without events."""

    async def ticks() -> None:
        while True:
            await asyncio.sleep(TICK_S)
            tick()

    task = asyncio.create_task(ticks())
    try:
        yield
    finally:
        task.cancel()


class _Stop:
    """Ctrl+C during a run: the first cancels the run in order, the second stops waiting for that."""

    def __init__(self, run: Run) -> None:
        self.asked = False
        self._run = run
        self._task: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        self._loop, self._main = asyncio.get_running_loop(), asyncio.current_task()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._loop.add_signal_handler(number, self._ask)

    def __exit__(self, *raised: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._loop.remove_signal_handler(number)

    def _ask(self) -> None:
        if self.asked and self._main is not None:
            self._main.cancel()
            return
        self.asked = True
        self._task = self._loop.create_task(self._run.cancel())
        say("stopping; outcomes so far are kept (again to stop at once)")  # last: the terminal may be closed
