"""`readiness set`: correct a launch's parameters, launch time and operator."""

from __future__ import annotations

from datetime import datetime

import click

from readiness_tui.cli.support.opened import to_work
from readiness_tui.cli.support.options import Moment, launch_argument, operator_option, sessions_option
from readiness_tui.cli.support.printing import data, say
from readiness_tui.cli.support.values import parameters
from readiness_tui.errors import UsageError
from readiness_tui.model.facts import plain
from readiness_tui.rules import edits
from readiness_tui.rules.times import local


@click.command(short_help="Correct a launch's parameters and launch time.")
@launch_argument
@click.argument("values", nargs=-1, metavar="[K=V]...")
@click.option("--unset", multiple=True, metavar="K", help="Restore the default (repeatable).")
@click.option("--launch-at", type=Moment(), metavar="T0", help="The launch time, ISO 8601.")
@click.option("--zone", metavar="ZONE", help="The time zone in which a waiver's last day ends, such as UTC.")
@click.option(
    "--probe-on-open/--no-probe-on-open",
    default=None,
    help="Whether the screen runs missing and stale checks as soon as the launch is opened.",
)
@click.option("--no-launch-at", is_flag=True, help="Remove the launch time.")
@operator_option
@sessions_option
def command(
    launch: str,
    values: tuple[str, ...],
    unset: tuple[str, ...],
    launch_at: datetime | None,
    no_launch_at: bool,
    zone: str | None,
    probe_on_open: bool | None,
    operator: str | None,
    sessions: str | None,
) -> None:
    """Correct a launch's parameters and launch time, and print the new values.

    Unknown names and invalid values are refused before anything is written. Outcomes of probes with
    another value become stale.
    """
    if launch_at is not None and no_launch_at:
        raise UsageError("--launch-at and --no-launch-at exclude each other")
    if not (values or unset or launch_at or no_launch_at or zone or probe_on_open is not None):
        raise UsageError("nothing to set", hint="write NAME=VALUE, --unset NAME or --launch-at T0")
    with to_work(sessions, launch, operator) as work:
        given = parameters(work.assessment.checklist, values)
        for name, value in given.items():
            work.assessment.apply(edits.SetParameter(name, value))
        for name in unset:
            work.assessment.apply(edits.SetParameter(name, None))
        if launch_at is not None or no_launch_at:
            work.assessment.apply(edits.SetLaunchAt(launch_at))
        if zone is not None:
            work.assessment.apply(edits.SetZone(zone))
        if probe_on_open is not None:
            work.assessment.apply(edits.SetProbeOnOpen(probe_on_open))
        work.save()
        session = work.assessment.session
    for name in (*given, *unset):
        value = session.parameters.get(name)
        data(f"{name} = {plain(value)}" if value is not None else f"{name}: restored to the default")
    if launch_at is not None:
        say(f"launch time {local(launch_at)}")
