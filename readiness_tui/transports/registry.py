"""Transports that other packages bring, by entry point: `NAME:REST` is reached by the one called NAME."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points

from readiness_tui.errors import TransportError, UsageError
from readiness_tui.model.inventory import BUILT_IN, Address
from readiness_tui.model.outcome import Cause
from readiness_tui.suggest import near
from readiness_tui.transports.contract import Transport

GROUP = "readiness_tui.transports"
"""The entry point group; each entry names a `Make`. One called as a transport of ours is never looked at."""

Make = Callable[[str, str], Transport]
"""Makes a transport, not yet opened, of the host's name in the launch and the address behind the colon."""

_UPDATE = "update or remove its package"

_CONTRACT = ("host", "open", "ask", "cancel", "close")


def check(address: str) -> None:
    """Whether somebody can reach it. Raises UsageError when no package brings its transport."""
    name = Address.parse(address).transport
    if name not in BUILT_IN and not _entries(name):
        raise UsageError(_nobody(name, address), hint=_hint())


def find(name: str) -> Make:
    """The transport of that name, loaded. Raises TransportError; of a broken one it names the package."""
    entries = _entries(name)
    if not entries:
        raise TransportError(_nobody(name, name + ":"), cause=Cause.UNSUPPORTED, hint=_hint())
    if len(entries) > 1:
        packages = " and ".join(sorted(_package(entry) for entry in entries))
        raise TransportError(f"two packages bring a transport {name!r}: {packages}", cause=Cause.ERROR)
    return _loaded(entries[0])


def made(name: str, host: str, rest: str) -> Transport:
    """The transport to a host behind `NAME:REST`. Raises TransportError when it is none."""
    transport = find(name)(host, rest)
    if missing := [word for word in _CONTRACT if not hasattr(transport, word)]:
        package = _package(_entries(name)[0])
        detail = f"the transport {name!r} of {package} is none: it has no {missing[0]!r}"
        raise TransportError(detail, cause=Cause.ERROR, hint=_UPDATE)
    return transport


def _loaded(entry: EntryPoint) -> Make:
    try:
        make: Make = entry.load()
    except Exception as error:
        # A stranger's module runs when it is imported and may raise anything; the other hosts must
        # not be lost for it, and the operator must hear whose it is.
        said = f"{type(error).__name__}: {error}"
        detail = f"the transport {entry.name!r} of {_package(entry)} does not load: {said}"
        raise TransportError(detail, cause=Cause.ERROR, hint=_UPDATE) from error
    return make


def _entries(name: str) -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group=GROUP, name=name))


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else entry.value


def _nobody(name: str, address: str) -> str:
    names = (*BUILT_IN, *(entry.name for entry in entry_points(group=GROUP)))
    return f"no transport is called {name!r}{near(name, names)}: {address}"


def _hint() -> str:
    return "a port is a number; another transport needs its package installed"
