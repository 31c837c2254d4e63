"""`readiness open`: the TUI, where the walk was left."""

from __future__ import annotations

import click

from readiness_tui import settings
from readiness_tui.cli.support.folder import folder_at
from readiness_tui.cli.support.options import Place, operator_option, place_argument, sessions_option


@click.command(short_help="Open the TUI where the walk was left.")
@place_argument
@operator_option
@sessions_option
@click.pass_context
def command(context: click.Context, place: Place, operator: str | None, sessions: str | None) -> int:
    """Open the TUI where the walk was left; an earlier DAY is read-only."""
    folder = folder_at(sessions)
    who = (operator or "").strip() or settings.named_operator()
    return int(context.find_root().obj(folder, place.launch, place.day, who))
