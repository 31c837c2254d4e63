"""`readiness probe`: the plan run without the TUI."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from readiness_tui.cli.support.opened import Work, to_work
from readiness_tui.cli.support.options import (
    json_option,
    launch_argument,
    narrowing,
    operator_option,
    sessions_option,
)
from readiness_tui.cli.support.passphrases import OnTerminal, somebody_there
from readiness_tui.cli.support.printing import raw, say, table
from readiness_tui.cli.support.progress import narrator
from readiness_tui.engine.events import HostChanged, HostState, OutcomeFound
from readiness_tui.engine.run import Run
from readiness_tui.errors import ExitCode, UsageError
from readiness_tui.model.outcome import Verdict
from readiness_tui.reports import json as status_json
from readiness_tui.rules.probing.plan import Plan
from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys

ENDED = (HostState.DONE, HostState.FAILED, HostState.CANCELLED)
TICK_S = 1.0
"""Seconds between two looks at how far it is."""

Found = dict[tuple[str, str], OutcomeFound]
"""Outcomes by item and target."""


@click.command(short_help="Run the probes, print what they find, save it.")
@launch_argument
@narrowing
@json_option
@operator_option
@sessions_option
def command(
    launch: str,
    hosts: tuple[str, ...],
    only: tuple[str, ...],
    as_json: bool,
    operator: str | None,
    sessions: str | None,
) -> ExitCode:
    """Run the probes, print what they find as it comes, and save it. Changes nothing on a host.

    Exit status: 1 when a probe failed, else 3 when one could not look, else 0. Ctrl+C stops the
    run, keeps what was found, and marks the rest as cancelled. `--json` prints the same shape as
    `readiness status --json`.
    """
    with to_work(sessions, launch, operator) as opened:
        made = opened.launch.plan(only=only, hosts=hosts)
        if not made.checks:
            raise UsageError("nothing to probe: no item of the checklist has a probe")
        found, interrupted = asyncio.run(_probed(opened, made))
        work = opened.assessment
    if as_json:
        raw(status_json.render(work.review()).decode())
    else:
        _told(made, found)
    return ExitCode.INTERRUPTED if interrupted else exit_code(found)


async def _probed(opened: Work, made: Plan) -> tuple[Found, bool]:
    """Run the plan to its end, or to the first Ctrl+C; what was found is on disk either way."""
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
        try:
            opened.save()
        finally:
            await launch.close()
    return found, stop.asked


@contextmanager
def _ticking(tick: Callable[[], None]) -> Iterator[None]:
    """Call it every second: what is left shrinks also while nothing happens."""

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
    """Ctrl+C while a run goes on: once cancels it in order, again gives up waiting for that."""

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


def exit_code(found: Found) -> ExitCode:
    """A fail weighs more than an unknown, an unknown more than nothing."""
    verdicts = {event.outcome.verdict for event in found.values()}
    if Verdict.FAIL in verdicts:
        return ExitCode.NOT_READY
    return ExitCode.COULD_NOT_CHECK if Verdict.UNKNOWN in verdicts else ExitCode.READY


def _told(made: Plan, found: Found) -> None:
    """What was found, in the checklist's order."""
    rows = []
    for check in made.checks:
        if (event := found.get((check.item, check.target))) is not None:
            outcome = event.outcome
            rows.append(
                (outcome.verdict.value, outcome.cause or "", event.target, event.item, outcome.evidence)
            )
    table(rows, ("verdict", "cause", "on", "item", "evidence"))
    hints = {event.outcome.hint: event.target for event in found.values() if event.outcome.hint}
    for hint, target in hints.items():
        say(f"hint ({target}): {hint}")
