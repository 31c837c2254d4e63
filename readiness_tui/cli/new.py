"""`readiness new`: create a launch with its first session, without the TUI."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import click
from pydantic import JsonValue

from readiness_tui import settings
from readiness_tui.checklist.find import find
from readiness_tui.cli.host import parse
from readiness_tui.cli.support.folder import sessions_at
from readiness_tui.cli.support.options import Moment, sessions_option
from readiness_tui.cli.support.printing import data, say
from readiness_tui.cli.support.values import parameters
from readiness_tui.compare import read_file
from readiness_tui.errors import UsageError
from readiness_tui.launch import begin, load_checklist, reference
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.inventory import Host
from readiness_tui.model.session import Record, Session
from readiness_tui.rules import host_roles
from readiness_tui.rules.times import local


@click.command(short_help="Create a launch with its first session.")
@click.argument("launch")
@click.option(
    "--checklist", default="production", show_default=True, metavar="C", help="A built-in name, or a file."
)
@click.option(
    "--host",
    "hosts",
    multiple=True,
    metavar="NAME=[USER@]ADDR[:PORT],ROLE,...",
    help="A host with its roles (repeatable). ADDR may be `local`, or `exec:COMMAND`; IPv6 as [::1]:22.",
)
@click.option(
    "--no-hosts", is_flag=True, help="Create the launch without hosts; add them with readiness host."
)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="K=V",
    help="A parameter's value (repeatable): a text, a number, true, false, or [a, b].",
)
@click.option("--operator", metavar="WHO", help="The operator's name (default: your login).")
@click.option(
    "--launch-at",
    type=Moment(),
    metavar="T0",
    help="The launch time, ISO 8601; local time if there is no zone.",
)
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Start with the answers, notes, parameters and hosts of another session file. "
    "What probes found, waivers and sign-offs stay behind.",
)
@sessions_option
def command(
    launch: str,
    checklist: str,
    hosts: tuple[str, ...],
    no_hosts: bool,
    given: tuple[str, ...],
    operator: str | None,
    launch_at: datetime | None,
    source: Path | None,
    sessions: str | None,
) -> None:
    """Create a launch with today's session and print the path of its file.

    \b
    readiness new payments-2.4 \\
        --host web=deploy@192.0.2.10,app,proxy --host db-1=db-1.internal,db \\
        --set app_name=payments --launch-at 2026-11-27T06:00Z
    """
    document = load_checklist(str(find(checklist).absolute()))
    origin = read_file(source) if source else None
    named = _hosts(hosts, origin)
    given_values = {**_known(document, origin), **parameters(document, given)}
    launch = _named(launch)
    if not named and not no_hosts and host_roles.without(document, ()):
        raise UsageError(
            "a launch needs at least one host",
            hint="add --host NAME=ADDR,ROLE (this machine: --host this=local,app), or use --no-hosts",
        )
    host_roles.check(document, named)
    session = Session(
        launch=launch,
        day=date.today(),
        checklist=reference(document),
        operator=operator or settings.operator(),
        launch_at=launch_at,
        hosts=named,
        parameters=given_values,
        items=_answers(document, origin),
    )
    path = begin(sessions_at(sessions), session, document)
    for role, items in host_roles.without(document, named).items():
        say(f"no host has the role {role}: {items} items stay unknown")
    if launch_at is not None:
        say(f"launch time {local(launch_at)}")
    data(str(path))


def _named(launch: str) -> str:
    if not launch.strip() or not launch.isprintable():
        raise UsageError(
            f"not a valid launch name: {launch!r}", hint="it must be one line of printable characters"
        )
    return launch


def _hosts(words: tuple[str, ...], origin: Session | None) -> tuple[Host, ...]:
    """The hosts given, after those of the other session. A host with the same name replaces the other."""
    hosts = {host.name: host for host in origin.hosts} if origin else {}
    named: set[str] = set()
    for word in words:
        host = parse(word, where="--host")
        if host.name in named:
            raise UsageError(f"two hosts have the name {host.name!r}", where="--host")
        named.add(host.name)
        hosts[host.name] = host
    return tuple(hosts.values())


def _known(checklist: Checklist, origin: Session | None) -> Mapping[str, JsonValue]:
    names = {parameter.name for parameter in checklist.parameters}
    return {name: value for name, value in (origin.parameters if origin else {}).items() if name in names}


def _answers(checklist: Checklist, origin: Session | None) -> dict[str, Record]:
    """The human part of the other session, in this checklist's order, under its present ids."""
    if origin is None:
        return {}
    kept = {item.id: _human(origin, (item.id, *item.was)) for item in checklist.items.values()}
    return {item_id: record for item_id, record in kept.items() if not record.empty}


def _human(origin: Session, ids: tuple[str, ...]) -> Record:
    record = next((origin.items[item_id] for item_id in ids if item_id in origin.items), Record())
    return record.model_copy(update={"outcomes": {}, "waiver": None})
