"""`readiness attach`: store a file as evidence of an item."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from readiness_tui.cli.answer import ItemId
from readiness_tui.cli.support.opened import to_work
from readiness_tui.cli.support.options import Day, launch_argument, operator_option, sessions_option
from readiness_tui.cli.support.printing import data
from readiness_tui.model.answer import Evidence
from readiness_tui.rules import edits
from readiness_tui.store import attachments


@click.command(short_help="Store a file as evidence of an item.")
@launch_argument
@click.argument("item", type=ItemId())
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as-of", type=Day(), metavar="DATE", help="The date that the file describes.")
@operator_option
@sessions_option
def command(
    launch: str, item: str, file: Path, as_of: date | None, operator: str | None, sessions: str | None
) -> None:
    """Copy FILE into the launch, named by its sha256, and list it as evidence of ITEM. At most 32 MiB."""
    with to_work(sessions, launch, operator) as opened:
        work = opened.assessment
        held = work.session.record(edits.find(work.checklist, item).id).evidence
        folder = opened.launch.sessions.folder_of(work.session.launch)
        digest, path = attachments.keep(folder, file)
        kept = tuple(proof for proof in held if proof.path != path)
        work.apply(edits.SetEvidence(item, (*kept, Evidence(path=path, sha256=digest, as_of=as_of))))
        opened.save()
    data(f"{digest}  {path}")
