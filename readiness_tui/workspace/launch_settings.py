"""Create edits of the launch from what an operator enters, for the command line and the screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue, ValidationError

from readiness_tui.checklist.values import read
from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.inventory import Host
from readiness_tui.model.session import Session
from readiness_tui.rules import edits, host_roles, parameters
from readiness_tui.rules.parameter_types import check, users
from readiness_tui.rules.times import moment
from readiness_tui.suggest import near
from readiness_tui.transports import registry


def parameter(checklist: Checklist, name: str, text: str) -> edits.SetParameter:
    """The edit that sets a parameter to the value entered.

    Raises UsageError for an unknown name, with the nearest one, and for an invalid value, with the item
    that needs it.
    """
    known = {parameter.name: parameter for parameter in checklist.parameters}
    if name not in known:
        raise UsageError(
            f"no parameter {name!r} in checklist {checklist.id}{near(name, tuple(known))}",
            hint="readiness checklist show lists them",
        )
    return edits.SetParameter(name, check(checklist, known[name], read(known[name], text)))


def host(line: str) -> Host:
    """Parse `NAME=[USER@]ADDR[:PORT],ROLE,...`. Raises UsageError with what is wrong in it."""
    try:
        parsed = Host.parse(line)
    except ValidationError as error:
        raise UsageError(str(error.errors()[0]["msg"]).removeprefix("Value error, ")) from None
    except ValueError as error:
        raise UsageError(str(error)) from None
    registry.check(parsed.address)
    return parsed


def with_host(
    checklist: Checklist, hosts: Sequence[Host], changed: Host, *, replaces: str = ""
) -> edits.SetHosts:
    """The edit that adds a host, or replaces the host named `replaces`.

    Raises UsageError for an unknown role, and for a second host with the same name.
    """
    host_roles.check(checklist, (changed,))
    if changed.name != replaces and any(host.name == changed.name for host in hosts):
        raise UsageError(
            f"host {changed.name!r} already exists", hint="to change it: readiness host ... change"
        )
    if any(host.name == replaces for host in hosts):
        return edits.SetHosts(tuple(changed if host.name == replaces else host for host in hosts))
    return edits.SetHosts((*hosts, changed))


def without_host(hosts: Sequence[Host], name: str) -> edits.SetHosts:
    """The edit that removes a host. Raises UsageError for an unknown name, with the nearest one."""
    names = tuple(host.name for host in hosts)
    if name not in names:
        raise UsageError(f"no host {name!r}{near(name, names)}", hint="its hosts: " + ", ".join(names))
    return edits.SetHosts(tuple(host for host in hosts if host.name != name))


def launch_at(text: str) -> edits.SetLaunchAt:
    """The edit that sets the launch time; an empty text removes it. Raises UsageError."""
    return edits.SetLaunchAt(moment(text) if text.strip() else None)


@dataclass(frozen=True, slots=True)
class ParameterState:
    """A parameter of a launch. value: the effective value, None if there is none. given: set for this
    launch.

    items: the ids of the items whose probe needs it.
    """

    name: str
    help: str
    value: JsonValue
    given: bool
    items: tuple[str, ...]

    @property
    def lacking(self) -> bool:
        """Whether it has no value although items need one."""
        return self.value is None and bool(self.items)


def parameter_states(checklist: Checklist, session: Session) -> tuple[ParameterState, ...]:
    """Every parameter: first those that lack a value, then by the number of items that need them."""
    known = parameters.values(checklist, session)
    found = (
        ParameterState(
            one.name,
            one.help,
            known.get(one.name),
            one.name in session.parameters,
            users(checklist, one.name),
        )
        for one in checklist.parameters
    )
    return tuple(sorted(found, key=lambda one: (not one.lacking, -len(one.items))))
