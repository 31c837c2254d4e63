"""`readiness host`: add, change, remove and allow a launch's hosts."""

from __future__ import annotations

import click
from pydantic import ValidationError

from readiness_tui.cli.support.opened import to_work
from readiness_tui.cli.support.options import launch_argument, operator_option, sessions_option
from readiness_tui.cli.support.printing import data
from readiness_tui.errors import UsageError
from readiness_tui.model.inventory import Host
from readiness_tui.rules import edits
from readiness_tui.store import allow
from readiness_tui.suggest import near
from readiness_tui.transports import registry

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
        hosts = {host.name: host for host in work.assessment.session.hosts}
        for word in words:
            _do(action, word, hosts)
        work.assessment.apply(edits.SetHosts(tuple(hosts.values())))
        work.save()
    for host in hosts.values():
        data(",".join((f"{host.name}={host.address}", *host.roles)))


def _do(action: str, word: str, hosts: dict[str, Host]) -> None:
    if action == "remove":
        if word not in hosts:
            raise _unknown(word, hosts)
        del hosts[word]
        return
    if action == "allow":
        if word not in hosts:
            raise _unknown(word, hosts)
        allow.allow_address(hosts[word].address)
        return
    host = parse(word, where=f"host {action}")
    if action == "add" and host.name in hosts:
        raise UsageError(f"host {host.name!r} already exists", hint="to change it: readiness host ... change")
    if action == "change" and host.name not in hosts:
        raise _unknown(host.name, hosts)
    hosts[host.name] = host


def parse(word: str, *, where: str) -> Host:
    """Parse a host as `NAME=[USER@]ADDR[:PORT]`. It was entered here and is therefore allowed.

    Raises UsageError with what is wrong in it.
    """
    try:
        host = Host.parse(word)
    except ValueError as error:
        message = str(error.errors()[0]["msg"]) if isinstance(error, ValidationError) else str(error)
        raise UsageError(message.removeprefix("Value error, "), where=where) from None
    registry.check(host.address)
    allow.allow_address(host.address)
    return host


def _unknown(name: str, hosts: dict[str, Host]) -> UsageError:
    return UsageError(f"no host {name!r}{near(name, tuple(hosts))}", hint="its hosts: " + ", ".join(hosts))
