"""A run of the plan that a terminal verb starts: narrated, stopped by Ctrl+C, saved as hosts end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from readiness_tui.cli.support.opened import Work
from readiness_tui.cli.support.passphrases import OnTerminal, somebody_there
from readiness_tui.cli.support.printing import say
from readiness_tui.cli.support.progress import narrator
from readiness_tui.engine.events import HostChanged, HostState, OutcomeFound
from readiness_tui.engine.run import Run
from readiness_tui.rules.probing.plan import Plan
from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys

ENDED = (HostState.DONE, HostState.FAILED, HostState.CANCELLED)
TICK_S = 1.0
"""Seconds between two updates of the progress."""

Found = dict[tuple[str, str], OutcomeFound]
"""Outcomes by item and target."""


async def run_plan(opened: Work, made: Plan) -> tuple[Found, bool]:
    """Run the plan to its end, or to the first Ctrl+C; what was found is on disk either way.

    The connections stay open for another run. Gives the outcomes, and whether Ctrl+C ended the run.
    """
    launch = opened.launch
    run, found = launch.run(made), Found()
    stop = _Stop(run)
    try:
        with stop, narrator() as show:
            if somebody_there():
                launch.unlock_with(UnlockedKeys(OnTerminal(show.aside)))
            show.begin(made)
            with _ticking(lambda: show.event(run.progress())):
                async for event in launch.probe(run):
                    show.event(event)
                    if isinstance(event, OutcomeFound):
                        found[event.item, event.target] = event
                    elif isinstance(event, HostChanged) and event.state in ENDED:
                        opened.save()
    finally:
        opened.save()
    return found, stop.asked


@contextmanager
def _ticking(tick: Callable[[], None]) -> Iterator[None]:
    """Call `tick` every second, so that the time left shrinks also while nothing happens."""

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
        say("stopping: what was found is kept (again to stop at once)")  # after: the terminal may be gone
