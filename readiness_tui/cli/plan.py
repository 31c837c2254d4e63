"""`readiness plan`: what a run would ask of each host, and with which privileges."""

from __future__ import annotations

from datetime import date

import click
from pydantic import BaseModel

from readiness_tui.cli.support.opened import to_read
from readiness_tui.cli.support.options import Place, json_option, narrowing, place_argument, sessions_option
from readiness_tui.cli.support.printing import data, raw, say, table
from readiness_tui.model.inventory import LOCAL, NETWORK
from readiness_tui.model.privilege import NONE, Privilege
from readiness_tui.model.probe import Ask, CollectorAsk
from readiness_tui.model.session import Session
from readiness_tui.reports.parts.text import counted
from readiness_tui.rules.probing.plan import Plan

VANTAGES = {LOCAL: "this machine, in the current folder", NETWORK: "from this machine over the network"}


class AskView(BaseModel):
    """One ask of a target.

    root: the commands it runs as root. script: what a collector's shell reads, else null.
    """

    kind: str
    command: str
    priv: str
    root: tuple[str, ...]
    timeout_s: float
    digest: str
    script: str | None
    items: tuple[str, ...]


class TargetView(BaseModel):
    """A host or a vantage point, and everything asked there."""

    target: str
    address: str | None
    roles: tuple[str, ...]
    asks: tuple[AskView, ...]


class Unlooked(BaseModel):
    """An item that cannot be checked, and why."""

    item: str
    target: str
    why: str


class PlanView(BaseModel):
    """The output of `plan --json`."""

    launch: str
    day: date
    targets: tuple[TargetView, ...]
    not_configured: tuple[Unlooked, ...]


@click.command(short_help="Show every command on every host, without connecting.")
@place_argument
@narrowing
@json_option
@sessions_option
def command(
    place: Place, hosts: tuple[str, ...], only: tuple[str, ...], as_json: bool, sessions: str | None
) -> None:
    """Show every command on every host with the privilege it needs, without connecting.

    `--json` includes the collectors' scripts, exactly as a host's shell would read them.
    """
    launch = to_read(sessions, place)
    view = plan_view(launch.assessment.session, launch.plan(only=only, hosts=hosts))
    if as_json:
        raw(view.model_dump_json(indent=2) + "\n")
    else:
        _print(view)


def plan_view(session: Session, plan: Plan) -> PlanView:
    """The plan, for other programs."""
    return PlanView(
        launch=session.launch,
        day=session.day,
        targets=tuple(_target(target, plan) for target in plan.asks()),
        not_configured=tuple(
            Unlooked(item=check.item, target=check.target, why=check.not_configured)
            for check in plan.checks
            if check.not_configured
        ),
    )


def _target(target: str, plan: Plan) -> TargetView:
    host = plan.hosts.get(target)
    asks = tuple(
        AskView(
            kind=ask.kind,
            command=ask.command,
            priv=str(_privilege(ask)),
            root=_privilege(ask).root,
            timeout_s=ask.timeout_s,
            digest=ask.digest,
            script=ask.script if isinstance(ask, CollectorAsk) else None,
            items=items,
        )
        for ask, items in (*plan.asks()[target].items(), *plan.announced().get(target, {}).items())
    )
    address, roles = (host.address, host.roles) if host else (None, ())
    return TargetView(target=target, address=address, roles=roles, asks=asks)


def _print(view: PlanView) -> None:
    for target in view.targets:
        data(f"{target.target}: {_where(target)}")
        rows = [(_in_words(ask.priv), ask.command, _items(ask.items)) for ask in target.asks]
        table(rows, ("privilege", "command", "for"))
        data()
    if view.not_configured:
        data("cannot be checked")
        table([(entry.item, entry.target, entry.why) for entry in view.not_configured], ("item", "on", "why"))
    asks = sum(len(target.asks) for target in view.targets)
    say(f"{counted(asks, 'ask')} on {counted(len(view.targets), 'target')}; no connection was made")


def _where(target: TargetView) -> str:
    if target.address is None:
        return VANTAGES.get(target.target, "")
    return f"{target.address} ({', '.join(target.roles) or 'no roles'})"


def _privilege(ask: Ask) -> Privilege:
    return ask.privilege if isinstance(ask, CollectorAsk) else NONE


def _in_words(priv: str) -> str:
    return "-" if priv == "none" else priv


def _items(items: tuple[str, ...]) -> str:
    return items[0] if len(items) == 1 else f"{items[0]} and {len(items) - 1} more"
