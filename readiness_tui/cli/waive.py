"""`readiness waive`: accept an unmet item until a date, or revoke that."""

from __future__ import annotations

from datetime import date

import click

from readiness_tui.cli.answer import ItemId
from readiness_tui.cli.support.opened import to_work
from readiness_tui.cli.support.options import Day, launch_argument, operator_option, sessions_option
from readiness_tui.cli.support.printing import data
from readiness_tui.errors import UsageError
from readiness_tui.model.answer import Waiver
from readiness_tui.rules import edits
from readiness_tui.signing.statement import principal


@click.command(short_help="Accept an unmet item until a date, or revoke that.")
@launch_argument
@click.argument("item", type=ItemId())
@click.option("--reason", metavar="R", help="Why the unmet item is accepted.")
@click.option("--owner", metavar="WHO", help="Who will fix it.")
@click.option("--approver", metavar="WHO", help="Who approved it; never the owner.")
@click.option("--until", type=Day(), metavar="DATE", help="The last day on which it is valid.")
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
    revoke: bool,
    operator: str | None,
    sessions: str | None,
) -> None:
    """Waive ITEM until a day, and print its new standing.

    The waiver ends at 23:59:59 of that day in the launch's time zone (UTC unless set).
    """
    with to_work(sessions, launch, operator) as opened:
        work = opened.assessment
        if revoke:
            if reason or owner or approver or until:
                raise UsageError("--revoke cannot be combined with other options")
            work.apply(edits.SetWaiver(item, None))
        else:
            if not (reason and owner and approver and until):
                raise UsageError("a waiver needs --reason, --owner, --approver and --until")
            who, agreed = principal(owner), principal(approver)
            if who.casefold() == agreed.casefold():
                raise UsageError("a waiver's approver must not be its owner")
            waiver = Waiver(
                reason=reason,
                owner=who,
                approver=agreed,
                expires=until,
                by=work.operator,
                at=work.now(),
            )
            work.apply(edits.SetWaiver(item, waiver))
        opened.save()
    standing = work.standings()[item]
    data(f"{standing.standing}: {standing.reason}" if standing.reason else standing.standing)
