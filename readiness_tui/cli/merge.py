"""`readiness merge`: merge two copies of a session; usable as a git merge driver."""

from __future__ import annotations

from pathlib import Path

import click

from readiness_tui import settings
from readiness_tui.assessment import utc_now
from readiness_tui.cli.support.printing import data, say
from readiness_tui.compare import read_file
from readiness_tui.errors import ExitCode, UsageError
from readiness_tui.reports.parts.text import one_line
from readiness_tui.rules.merging import Conflict, merge
from readiness_tui.store import atomic, codec

INSTALL = """\
# once for each clone:
git config merge.readiness.driver "readiness merge %O %A %B"
# once for the repository, in .gitattributes:
sessions/**/*.toml merge=readiness"""


@click.command(short_help="Merge two copies of a session, item by item.")
@click.argument("files", nargs=-1, metavar="BASE OURS THEIRS", type=click.Path(path_type=Path))
@click.option("--install", is_flag=True, help="Print the two lines that configure git to use this.")
def command(files: tuple[Path, ...], install: bool) -> ExitCode:
    """Merge the changes of OURS and THEIRS since BASE. The result replaces OURS.

    Changes of different items merge without conflict. If both changed the same item differently, OURS
    is kept, THEIRS is written to the history and printed, and the exit status is 1. An empty BASE file
    means that there is no common base.
    """
    if install:
        data(INSTALL)
        return ExitCode.READY
    if len(files) != 3:
        raise UsageError("merge takes three files: BASE OURS THEIRS", hint="readiness merge --install")
    base_file, ours_file, theirs_file = files
    base = read_file(base_file) if base_file.stat().st_size else None
    ours, theirs = read_file(ours_file), read_file(theirs_file)
    if (ours.launch, ours.day) != (theirs.launch, theirs.day):
        raise UsageError(
            f"not the same session: {ours.launch}@{ours.day} and {theirs.launch}@{theirs.day}",
            hint="both files must be copies of the same day's file",
        )
    merged = merge(base, ours, theirs, by=settings.operator(), now=utc_now())
    atomic.write(ours_file, codec.dumps(merged.session).encode())
    for conflict in merged.conflicts:
        _show(conflict)
    return ExitCode.NOT_READY if merged.conflicts else ExitCode.READY


def _show(conflict: Conflict) -> None:
    say(f"conflict: {conflict.what}")
    for side, text in (("base", conflict.base), ("ours, kept", conflict.ours), ("theirs", conflict.theirs)):
        say(f"  {side:10}  {one_line(text) or '-'}")
