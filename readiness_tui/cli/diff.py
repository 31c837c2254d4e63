"""`readiness diff`: what changed between two days, most important first."""

from __future__ import annotations

import click

from readiness_tui.assessment import utc_now
from readiness_tui.cli.support.folder import sessions_at
from readiness_tui.cli.support.options import json_option, sessions_option
from readiness_tui.cli.support.printing import data, document, raw
from readiness_tui.compare import seen
from readiness_tui.errors import ExitCode
from readiness_tui.reports.parts import drift as pages
from readiness_tui.rules.drift import drift


@click.command(short_help="Show what changed between two days, most important first.")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@json_option
@click.option("--markdown", "as_markdown", is_flag=True, help="Print Markdown, for a message or a wiki.")
@sessions_option
def command(before: str, after: str, as_json: bool, as_markdown: bool, sessions: str | None) -> ExitCode:
    """Show what changed from A to B: LAUNCH@DAY, LAUNCH (its newest day) or a session file.

    The exit status is 1 only if an item that was satisfied no longer is.
    """
    folder, now = sessions_at(sessions), utc_now()
    changes = drift(seen(folder, before, now), seen(folder, after, now))
    if as_json:
        raw(pages.payload(changes))
    elif as_markdown:
        document(pages.markdown(changes))
    else:
        data(pages.text(changes).rstrip("\n"))
    return ExitCode.NOT_READY if changes.regressed else ExitCode.READY
