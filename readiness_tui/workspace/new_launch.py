"""Create the first session from the form of a new launch, with every fault at its field. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from pydantic import JsonValue

from readiness_tui.errors import UsageError
from readiness_tui.launch import reference
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.inventory import ALL, VANTAGES, Host
from readiness_tui.model.session import Session
from readiness_tui.rules import host_roles
from readiness_tui.rules.times import moment
from readiness_tui.workspace.launch_settings import host

__all__ = ["THIS_MACHINE", "Faults", "Typed", "begin", "host", "this_machine"]

THIS_MACHINE = "this"


@dataclass(frozen=True, slots=True)
class Typed:
    """The present contents of the form. values: parsed parameters, by name."""

    name: str
    operator: str
    launch_at: str
    hosts: tuple[str, ...]
    values: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults by field; those of hosts by line."""

    fields: Mapping[str, str]
    hosts: Mapping[int, str]

    @property
    def any(self) -> bool:
        """Whether there is any fault."""
        return bool(self.fields or self.hosts)


def this_machine(checklist: Checklist) -> str:
    """The host suggested first: this machine, with every role that the checklist's probes use."""
    played = {
        place for item in checklist.items.values() if item.probe is not None for place in item.probe.where
    }
    roles = [role for role in host_roles.STANDARD if role in played or not played]
    roles += sorted(played - {*VANTAGES, ALL, *host_roles.STANDARD})
    return ",".join((f"{THIS_MACHINE}=local", *roles))


def begin(typed: Typed, checklist: Checklist, taken: Sequence[str], today: date) -> Session | Faults:
    """The first session, or all faults. taken: the names of existing launches."""
    fields: dict[str, str] = {}
    if not typed.name:
        fields["name"] = "enter a name, such as payments-2.4"
    elif not typed.name.isprintable():
        fields["name"] = "must be one line of printable characters"
    elif typed.name in taken:
        fields["name"] = "a launch with that name already exists"
    if not typed.operator:
        fields["operator"] = "enter the operator's name"
    launch_at: datetime | None = None
    if typed.launch_at:
        try:
            launch_at = moment(typed.launch_at)
        except UsageError as error:
            fields["launch_at"] = error.message
    hosts, wrong = _hosts(checklist, typed.hosts)
    if fields or wrong:
        return Faults(fields, wrong)
    return Session(
        launch=typed.name,
        day=today,
        checklist=reference(checklist),
        operator=typed.operator,
        launch_at=launch_at,
        hosts=hosts,
        parameters={p.name: typed.values[p.name] for p in checklist.parameters if p.name in typed.values},
    )


def _hosts(checklist: Checklist, lines: Sequence[str]) -> tuple[tuple[Host, ...], dict[int, str]]:
    hosts: dict[str, Host] = {}
    wrong: dict[int, str] = {}
    for index, line in enumerate(lines):
        if not line:
            continue
        try:
            read = host(line)
        except UsageError as error:
            wrong[index] = error.message
            continue
        try:
            host_roles.check(checklist, (read,))
        except UsageError as error:
            wrong[index] = error.message
        if read.name in hosts:
            wrong[index] = f"two hosts are called {read.name!r}"
        hosts[read.name] = read
    return tuple(hosts.values()), wrong
