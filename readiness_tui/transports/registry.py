"""Transports of plug-ins, by entry point: an address `NAME:REST` uses the transport NAME."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points

from readiness_tui.errors import TransportError, UsageError
from readiness_tui.model.inventory import BUILT_IN, Address
from readiness_tui.model.outcome import Cause
from readiness_tui.suggest import near
from readiness_tui.transports.contract import Transport

GROUP = "readiness_tui.transports"
"""The entry point group; each entry names a `Make`. Entries with the name of a built-in transport are
ignored.
"""

Make = Callable[[str, str], Transport]
"""Creates a transport, not yet opened, from the host's name in the launch and the address after the colon."""

_UPDATE = "update or remove its package"

_CONTRACT = ("host", "open", "ask", "cancel", "close")


def check(address: str) -> None:
    """Raise UsageError if no installed package provides the transport of the address."""
    name = Address.parse(address).transport
    if name not in BUILT_IN and not _entries(name):
        raise UsageError(_no_transport(name, address), hint=_hint())


def find(name: str) -> Make:
    """The loaded transport with that name. Raises TransportError, naming the package if it is broken."""
    entries = _entries(name)
    if not entries:
        raise TransportError(_no_transport(name, name + ":"), cause=Cause.UNSUPPORTED, hint=_hint())
    if len(entries) > 1:
        packages = " and ".join(sorted(_package(entry) for entry in entries))
        raise TransportError(f"two packages provide a transport {name!r}: {packages}", cause=Cause.ERROR)
    return _loaded(entries[0])


def made(name: str, host: str, rest: str) -> Transport:
    """Create the transport for `NAME:REST`. Raises TransportError if it does not satisfy the contract."""
    transport = find(name)(host, rest)
    if missing := [word for word in _CONTRACT if not hasattr(transport, word)]:
        package = _package(_entries(name)[0])
        detail = f"the transport {name!r} of {package} is incomplete: it has no {missing[0]!r}"
        raise TransportError(detail, cause=Cause.ERROR, hint=_UPDATE)
    return transport


def _loaded(entry: EntryPoint) -> Make:
    try:
        make: Make = entry.load()
    except Exception as error:
        # A third-party module may raise anything when it is imported. The other hosts must not be
        # affected, and the message must name its package.
        problem = f"{type(error).__name__}: {error}"
        detail = f"the transport {entry.name!r} of {_package(entry)} does not load: {problem}"
        raise TransportError(detail, cause=Cause.ERROR, hint=_UPDATE) from error
    return make


def _entries(name: str) -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group=GROUP, name=name))


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else entry.value


def _no_transport(name: str, address: str) -> str:
    names = (*BUILT_IN, *(entry.name for entry in entry_points(group=GROUP)))
    return f"no transport named {name!r}{near(name, names)}: {address}"


def _hint() -> str:
    return "a port must be a number; a plug-in's transport needs its package installed"
