"""`readiness open`: the walk at the last item, on the full screen or line by line."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Sequence

import click

from readiness_tui import settings
from readiness_tui.cli.plain.walk import PlainWalk
from readiness_tui.cli.support.folder import folder_at
from readiness_tui.cli.support.opened import Work, to_work
from readiness_tui.cli.support.options import Place, operator_option, place_argument, sessions_option
from readiness_tui.cli.support.printing import data
from readiness_tui.cli.support.running import run_plan
from readiness_tui.errors import SessionError, UsageError


@click.command(short_help="Open the walk at the last item.")
@place_argument
@click.option("--plain", is_flag=True, help="Ask line by line instead of drawing a full screen.")
@operator_option
@sessions_option
@click.pass_context
def command(
    context: click.Context, place: Place, plain: bool, operator: str | None, sessions: str | None
) -> int:
    """Open the walk at the last item; an earlier DAY is read-only.

    `--plain` prints each item and reads one command a line, for screen readers, terminals that cannot
    move their cursor, and pipes; `help` there lists the commands.
    """
    if plain:
        if place.day is not None:
            raise UsageError("--plain opens the newest day only", hint="readiness status LAUNCH@DAY")
        with to_work(sessions, place.launch, operator) as work:
            walk_plainly(work)
        return 0
    folder = folder_at(sessions)
    who = (operator or "").strip() or settings.named_operator()
    return int(context.find_root().obj(folder, place.launch, place.day, who))


def walk_plainly(work: Work) -> None:
    """Walk the launch line by line on the standard streams; connections stay open between probes."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # an undecodable byte must not end the walk
    with asyncio.Runner() as runner:

        def probe(only: Sequence[str]) -> None:
            made = work.launch.plan(only=tuple(only))
            if not made.checks:
                raise UsageError("no check to run: no host has a role that these items need")
            runner.run(run_plan(work, made))

        try:
            PlainWalk(work, _read, data, probe).run()
        finally:
            try:
                _save_at_last(work)
            finally:
                runner.run(work.launch.close())


def _save_at_last(work: Work) -> None:
    """Save what an earlier attempt could not, or write a copy elsewhere. Raises SessionError."""
    if work.assessment.read_only:
        return
    try:
        work.save()
    except SessionError as error:
        kept = work.keep()
        message = f"{error.message}; a copy is in {kept.path}"
        raise SessionError(message, where=error.where, hint=f"merge it with: {kept.command}") from error


def _read(prompt: str) -> str:
    click.echo(prompt, nl=False)
    line = sys.stdin.readline()
    if not line:
        click.echo()
        raise EOFError
    return line
