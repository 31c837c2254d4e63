"""`readiness probe`: run the plan without the TUI."""

from __future__ import annotations

import asyncio

import click

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
from readiness_tui.errors import ExitCode, UsageError
from readiness_tui.model.outcome import Verdict
from readiness_tui.reports import json as status_json
from readiness_tui.rules.probing.plan import Plan


@click.command(short_help="Run the probes, print and save their outcomes.")
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
    """Run the probes, print outcomes as they arrive, and save them. Changes nothing on a host.

    Exit status: 1 if a probe failed, else 3 if one could not check, else 0. Ctrl+C stops the
    run, keeps the outcomes so far, and marks the rest as cancelled. `--json` prints the same shape as
    `readiness status --json`.
    """
    with to_work(sessions, launch, operator) as opened:
        made = opened.launch.plan(only=only, hosts=hosts)
        if not made.checks:
            raise UsageError("nothing to probe: no item of the checklist has a probe")
        outcomes, interrupted = asyncio.run(_probed(opened, made))
        work = opened.assessment
    if as_json:
        raw(status_json.render(work.review()).decode())
    else:
        _print(made, outcomes)
    return ExitCode.INTERRUPTED if interrupted else exit_code(outcomes)


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
