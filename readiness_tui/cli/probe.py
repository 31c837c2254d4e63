"""`readiness probe`: run the plan without the TUI."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import click

from readiness_tui.assessment import utc_now
from readiness_tui.cli.support.opened import Work, to_work
from readiness_tui.cli.support.options import (
    json_option,
    launch_argument,
    narrowing,
    operator_option,
    sessions_option,
)
from readiness_tui.cli.support.printing import raw, say, table
from readiness_tui.cli.support.running import Outcomes, run_plan
from readiness_tui.cli.support.sampling import sample
from readiness_tui.errors import ExitCode, UsageError
from readiness_tui.model.base import parse_duration
from readiness_tui.model.checklist import Phase
from readiness_tui.model.outcome import Verdict
from readiness_tui.reports import json as status_json
from readiness_tui.rules.probing.plan import Plan

SHORTEST = timedelta(seconds=10)
"""The least time between two rounds."""


@click.command(short_help="Run the probes, print and save their outcomes.")
@launch_argument
@narrowing
@click.option(
    "--phase",
    type=click.Choice([phase.value for phase in Phase]),
    help="Only items that are due in this phase.",
)
@click.option("--every", metavar="TIME", help="Ask again every so often (10m, 1h), until the phase ends.")
@json_option
@operator_option
@sessions_option
def command(
    launch: str,
    hosts: tuple[str, ...],
    only: tuple[str, ...],
    phase: str | None,
    every: str | None,
    as_json: bool,
    operator: str | None,
    sessions: str | None,
) -> ExitCode:
    """Run the probes, print outcomes as they arrive, and save them. Changes nothing on a host.

    Exit status: 1 if a probe failed, else 3 if one could not check, else 0. Ctrl+C stops the
    run, keeps the outcomes so far, and marks the rest as cancelled. `--json` prints the same shape as
    `readiness status --json`.

    With `--every` the same is asked again until the phase ends (24 hours after the launch for
    `--phase 24h`), or until Ctrl+C without `--phase`. Started again after it was cut off, it goes on
    where it was.
    """
    pause = _period(every)
    with to_work(sessions, launch, operator) as opened:

        def planned() -> Plan:
            return _of_phase(opened.launch.plan(only=only, hosts=hosts), opened, phase)

        made = planned()
        if not made.checks:
            raise UsageError(f"nothing to probe: no item{f' of phase {phase}' if phase else ''} has a probe")
        if pause is not None:
            until = _end(opened, phase)
            outcomes, interrupted = asyncio.run(_sampled(opened, planned, pause, until))
        else:
            outcomes, interrupted = asyncio.run(_probed(opened, made))
        work = opened.assessment
    if as_json:
        raw(status_json.render(work.review()).decode())
    else:
        _print(made, outcomes)
    return ExitCode.INTERRUPTED if interrupted else exit_code(outcomes)


def _period(text: str | None) -> timedelta | None:
    """The time between two rounds. Raises UsageError."""
    if text is None:
        return None
    try:
        period = parse_duration(text)
    except ValueError as error:
        raise UsageError(f"--every {text}: {error}") from None
    if period < SHORTEST:
        raise UsageError(f"--every {text}: the shortest time is 10s, so that nobody is asked too often")
    return period


def _of_phase(made: Plan, opened: Work, phase: str | None) -> Plan:
    """The part of the plan that is of a phase; all of it without one."""
    if phase is None:
        return made
    items = opened.assessment.checklist.items
    checks = tuple(check for check in made.checks if items[check.item].phase == phase)
    targets = {check.target for check in checks}
    return replace(made, checks=checks, hosts={name: h for name, h in made.hosts.items() if name in targets})


def _end(opened: Work, phase: str | None) -> datetime | None:
    """When the phase ends; None without a phase. Raises UsageError for a launch without a launch time."""
    if phase is None:
        return None
    session = opened.assessment.session
    if session.launch_at is None:
        raise UsageError(
            f"the launch has no launch time, so the phase {phase} has no end",
            hint=f"readiness set {session.launch} --launch-at TIME",
        )
    return session.launch_at + Phase(phase).due


async def _sampled(
    opened: Work, planned: Callable[[], Plan], pause: timedelta, until: datetime | None
) -> tuple[Outcomes, bool]:
    try:
        return await sample(opened, planned, pause, until, utc_now)
    finally:
        await opened.launch.close()


async def _probed(opened: Work, made: Plan) -> tuple[Outcomes, bool]:
    """Run the plan to its end, or to the first Ctrl+C. The outcomes are saved in both cases."""
    try:
        return await run_plan(opened, made)
    finally:
        await opened.launch.close()


def exit_code(outcomes: Outcomes) -> ExitCode:
    """A failure takes precedence over an unknown, an unknown over a pass."""
    verdicts = {event.outcome.verdict for event in outcomes.values()}
    if Verdict.FAIL in verdicts:
        return ExitCode.NOT_READY
    return ExitCode.COULD_NOT_CHECK if Verdict.UNKNOWN in verdicts else ExitCode.READY


def _print(made: Plan, outcomes: Outcomes) -> None:
    """Print the outcomes, in the checklist's order."""
    rows = []
    for check in made.checks:
        if (event := outcomes.get((check.item, check.target))) is not None:
            outcome = event.outcome
            rows.append(
                (outcome.verdict.value, outcome.cause or "", event.target, event.item, outcome.evidence)
            )
    table(rows, ("verdict", "cause", "on", "item", "evidence"))
    hints = {event.outcome.hint: event.target for event in outcomes.values() if event.outcome.hint}
    for hint, target in hints.items():
        say(f"hint ({target}): {hint}")
