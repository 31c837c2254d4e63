"""`readiness export`: a report of a launch."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from readiness_tui.cli.support.bundled import bundled
from readiness_tui.cli.support.opened import to_read
from readiness_tui.cli.support.options import Place, place_argument, sessions_option
from readiness_tui.cli.support.printing import say
from readiness_tui.reports import registry
from readiness_tui.reports.bundle import moment
from readiness_tui.store import atomic


@click.command(short_help="Write a report.")
@place_argument
@click.option(
    "--format", "format_", required=True, metavar="F", help="One of: " + ", ".join(registry.names()) + "."
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write to this file, not to standard output.",
)
@sessions_option
def command(place: Place, format_: str, output: str | None, sessions: str | None) -> None:
    """Write a report of a launch to standard output, or to a FILE."""
    render = registry.find(format_)
    opened = to_read(sessions, place)
    work = opened.assessment
    if format_ == "bundle":
        made = render(work.review(bundled(opened), moment(work.session)))
    else:
        made = render(work.review())
    if output is None or output == "-":
        sys.stdout.buffer.write(made)
        sys.stdout.flush()
        return
    atomic.write(Path(output), made)
    say(f"written to {output}")
