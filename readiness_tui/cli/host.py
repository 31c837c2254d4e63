"""`readiness host`: add, change, remove and allow a launch's hosts."""

from __future__ import annotations

from collections.abc import Sequence

import click

from readiness_tui.cli.support.opened import Work, to_work
from readiness_tui.cli.support.options import launch_argument, operator_option, sessions_option
from readiness_tui.cli.support.printing import data
from readiness_tui.errors import UsageError
from readiness_tui.model.inventory import Host
from readiness_tui.store import allow
from readiness_tui.suggest import near
from readiness_tui.workspace import launch_settings

ACTIONS = ("add", "change", "remove", "allow")


@click.command(short_help="Add, change, remove or allow a launch's hosts.")
@launch_argument
@click.argument("action", type=click.Choice(ACTIONS))
@click.argument("words", nargs=-1, required=True, metavar="HOST...")
@operator_option
@sessions_option
def command(
    launch: str, action: str, words: tuple[str, ...], operator: str | None, sessions: str | None
) -> None:
    """Add, change or remove hosts, and print the hosts of the launch.

    \b
    readiness host payments-2.4 add db-1=db-1.internal,db
    readiness host payments-2.4 change web=deploy@192.0.2.11,app,proxy
    readiness host payments-2.4 remove db-1
    readiness host payments-2.4 allow db-1

    `allow` permits an `exec:` or plug-in address that was not entered on this machine.
    Unknown roles are refused. Outcomes of probes at another address become stale.
    """
    with to_work(sessions, launch, operator) as work:
        for word in words:
            _do(action, word, work)
        hosts = work.assessment.session.hosts
        work.save()
    for host in hosts:
        data(",".join((f"{host.name}={host.address}", *host.roles)))


def _do(action: str, word: str, work: Work) -> None:
    checklist, hosts = work.assessment.checklist, work.assessment.session.hosts
    if action == "remove":
        work.assessment.apply(launch_settings.without_host(hosts, word))
        return
    if action == "allow":
        allow.allow_address(_named(word, hosts).address)
        return
    host = parse(word, where=f"host {action}")
    replaces = _named(host.name, hosts).name if action == "change" else ""
    work.assessment.apply(launch_settings.with_host(checklist, hosts, host, replaces=replaces))


def parse(word: str, *, where: str) -> Host:
    """Parse a host as `NAME=[USER@]ADDR[:PORT]`. It was entered here and is therefore allowed.

    Raises UsageError with what is wrong in it.
    """
    try:
        host = launch_settings.host(word)
    except UsageError as error:
        raise UsageError(error.message, where=where, hint=error.hint) from None
    allow.allow_address(host.address)
    return host


def _named(name: str, hosts: Sequence[Host]) -> Host:
    found = {host.name: host for host in hosts}
    if name not in found:
        raise UsageError(f"no host {name!r}{near(name, tuple(found))}", hint="its hosts: " + ", ".join(found))
    return found[name]
