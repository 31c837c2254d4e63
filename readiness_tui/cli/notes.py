"""`readiness notes`: the notes of a launch."""

from __future__ import annotations

import sys

import click

from readiness_tui.cli.support.opened import to_read, to_work
from readiness_tui.cli.support.options import Place, launch_argument, operator_option, sessions_option
from readiness_tui.cli.support.printing import data, say
from readiness_tui.errors import UsageError
from readiness_tui.rules import edits

LONGEST = 1 << 20
"""Characters of notes read from standard input."""


@click.command(short_help="Print or write the launch's notes.")
@launch_argument
@click.argument("text", required=False)
@click.option("--append", is_flag=True, help="Add TEXT as a new line instead of replacing the notes.")
@operator_option
@sessions_option
def command(launch: str, text: str | None, append: bool, operator: str | None, sessions: str | None) -> None:
    """Print the launch's notes, or replace them with TEXT; `-` reads standard input.

    The history records the old notes.
    """
    if text is None:
        data(to_read(sessions, Place(launch)).assessment.session.notes)
        return
    if text == "-":
        text = sys.stdin.read(LONGEST + 1)
        if len(text) > LONGEST:
            raise UsageError(f"notes of more than {LONGEST} characters")
    with to_work(sessions, launch, operator) as work:
        old = work.assessment.session.notes
        notes = f"{old.rstrip()}\n{text}".lstrip("\n") if append else text
        work.assessment.apply(edits.SetNotes(notes))
        work.save()
    say("notes written")
