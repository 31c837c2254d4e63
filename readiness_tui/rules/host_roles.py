"""The roles that hosts may have in a checklist."""

from __future__ import annotations

from collections.abc import Iterable

from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.inventory import ALL, VANTAGES, Host
from readiness_tui.suggest import near

STANDARD = ("app", "db", "cache", "proxy", "monitor", "build")
"""The roles of the built-in checklist, in display order."""


def roles(checklist: Checklist) -> tuple[str, ...]:
    """The standard roles and those named by the checklist's probes."""
    own = {place for item in checklist.items.values() if item.probe for place in item.probe.where}
    return (*STANDARD, *sorted(own - {*STANDARD, *VANTAGES, ALL}))


def check(checklist: Checklist, hosts: Iterable[Host]) -> None:
    """Raise UsageError for a role that the checklist does not define, with the nearest name."""
    known = roles(checklist)
    for host in hosts:
        for role in host.roles:
            if role not in known:
                raise UsageError(
                    f"host {host.name}: unknown role {role!r}{near(role, known)}",
                    hint="the roles of this checklist: " + ", ".join(known),
                )


def without(checklist: Checklist, hosts: Iterable[Host]) -> dict[str, int]:
    """The roles that probes need and no host has, each with the number of items that need it."""
    hosts = tuple(hosts)
    had = {role for host in hosts for role in host.roles}
    needed: dict[str, int] = {}
    for item in checklist.items.values():
        for place in item.probe.where if item.probe else ():
            if place not in VANTAGES and place not in had and (place != ALL or not hosts):
                needed[place] = needed.get(place, 0) + 1
    return needed
