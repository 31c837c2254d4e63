"""`readiness probe`: the plan run without the TUI."""

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
from readiness_tui.cli.support.running import Found, run_plan
from readiness_tui.errors import ExitCode, UsageError
from readiness_tui.model.outcome import Verdict
from readiness_tui.reports import json as status_json
from readiness_tui.rules.probing.plan import Plan


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
    try:
        return await run_plan(opened, made)
    finally:
        await opened.launch.close()


def exit_code(found: Found) -> ExitCode:
    """A fail weighs more than an unknown, an unknown more than nothing."""
    verdicts = {event.outcome.verdict for event in found.values()}
    if Verdict.FAIL in verdicts:
        return ExitCode.NOT_READY
    return ExitCode.COULD_NOT_LOOK if Verdict.UNKNOWN in verdicts else ExitCode.READY


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
