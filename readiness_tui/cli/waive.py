"""`readiness waive`: accept an unmet item for a while, or end that."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from readiness_tui.assessment import Assessment
from readiness_tui.cli.answer import ItemId
from readiness_tui.cli.support.opened import to_work
from readiness_tui.cli.support.options import Day, launch_argument, operator_option, sessions_option
from readiness_tui.cli.support.passphrases import with_passphrase
from readiness_tui.cli.support.printing import data
from readiness_tui.errors import UsageError
from readiness_tui.model.answer import Waiver
from readiness_tui.rules import edits
from readiness_tui.workspace import waiving
from readiness_tui.workspace.keys import signature_over


@click.command(short_help="Accept an unmet item until a date, or revoke that.")
@launch_argument
@click.argument("item", type=ItemId())
@click.option("--reason", metavar="R", help="Why the unmet item is accepted.")
@click.option("--owner", metavar="WHO", help="Who will fix it.")
@click.option("--approver", metavar="WHO", help="Who approved it; never the owner.")
@click.option("--until", type=Day(), metavar="DATE", help="The last day on which it is valid.")
@click.option("--sign", is_flag=True, help="Sign as the approver; alone, the waiver that the item has.")
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A private key file, or the .pub file of a key in the agent.",
)
@click.option("--revoke", is_flag=True, help="Revoke the waiver now.")
@operator_option
@sessions_option
def command(
    launch: str,
    item: str,
    reason: str | None,
    owner: str | None,
    approver: str | None,
    until: date | None,
    sign: bool,
    key: Path | None,
    revoke: bool,
    operator: str | None,
    sessions: str | None,
) -> None:
    """Waive ITEM until a day, and print its new standing.

    The waiver ends at 23:59:59 of that day in the launch's time zone (UTC unless set).
    """
    terms = (reason, owner, approver, until)
    with to_work(sessions, launch, operator) as opened:
        work = opened.assessment
        if revoke:
            if any(terms) or sign:
                raise UsageError("--revoke cannot be combined with other options")
            work.apply(edits.SetWaiver(item, None))
        else:
            given = _given(work, item, reason, owner, approver, until) if any(terms) or not sign else None
            given = given or waiving.held(work, item)
            waiving.give(work, item, _signed(work, item, given, key) if sign else given)
        opened.save()
    one = work.standings()[item]
    data(f"{one.standing}: {one.reason}" if one.reason else one.standing)


def _given(
    work: Assessment,
    item: str,
    reason: str | None,
    owner: str | None,
    approver: str | None,
    until: date | None,
) -> Waiver:
    if not (reason and owner and approver and until):
        raise UsageError("a waiver needs --reason, --owner, --approver and --until")
    edits.find(work.checklist, item)
    return waiving.waiver(work, reason, owner, approver, until)


def _signed(work: Assessment, item: str, given: Waiver, key: Path | None) -> Waiver:
    message = waiving.message(work, item, given)
    signature = with_passphrase(lambda word: signature_over(message, key, word))
    return waiving.with_signature(work, item, given, signature)
