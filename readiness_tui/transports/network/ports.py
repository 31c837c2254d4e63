"""TCP connections to a host's ports, on each of its addresses, closed as soon as they stand."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from readiness_tui.errors import TransportError
from readiness_tui.model.network_asks import PortsAsk
from readiness_tui.model.outcome import Cause
from readiness_tui.transports.network.contract import Lines, Trust
from readiness_tui.transports.network.errors import trouble
from readiness_tui.transports.sockets import words

AT_ONCE = 5
"""Ports tried at once on a host (catalogue, section 8)."""

ADDRESSES = 4
"""Addresses of a host that are tried; a name with more is a content network's."""

_ANSWERED_NO = frozenset({errno.ECONNREFUSED, errno.ECONNRESET})
_FILTERED = frozenset({errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.EACCES})
"""What a firewall's reject looks like from here, beside silence."""

SocketAddress = tuple[Any, ...]
"""Address and port, and for IPv6 flow and scope."""


class State(Enum):
    """What became of one connection."""

    OPEN = auto()
    CLOSED = auto()
    FILTERED = auto()
    UNREACHABLE = auto()


@dataclass(frozen=True, slots=True)
class Tried:
    """One port on one address; why: for an address that there is no way to."""

    address: str
    port: int
    state: State
    why: str = ""


async def look(ask: PortsAsk, trust: Trust) -> Lines:
    """Try every port on every address. Raises TransportError when there is a way to none of them."""
    addresses = await _addresses(ask.host)
    gate = asyncio.Semaphore(AT_ONCE)
    pairs = [(family, where, port) for port in ask.ports for family, where in addresses[:ADDRESSES]]
    tried = await asyncio.gather(*(_try(*pair, gate, ask.wait_s) for pair in pairs))
    unreachable = {one.address: one.why for one in tried if one.state is State.UNREACHABLE}
    asked = [one for one in tried if one.address not in unreachable]
    if not asked:
        why = next(iter(unreachable.values()))
        raise TransportError(f"no way to {ask.host} from here: {why}", cause=Cause.UNREACHABLE)
    opened = [one for one in asked if one.state is State.OPEN]
    counts = Counter(one.state for one in asked)
    return [
        *(("address", address) for address in dict.fromkeys(one.address for one in asked)),
        *(("unreachable", f"{address}|{why}") for address, why in unreachable.items()),
        *(("skipped", where[0]) for _, where in addresses[ADDRESSES:]),
        *(("open", str(port)) for port in sorted({one.port for one in opened})),
        *(("open_at", f"{one.port}|{one.address}") for one in opened),
        ("closed_count", str(counts[State.CLOSED])),
        ("filtered_count", str(counts[State.FILTERED])),
        ("asked_count", str(len(asked))),
    ]


async def _addresses(host: str) -> list[tuple[int, SocketAddress]]:
    """Every address of a name, IPv4 and IPv6, with its family; there is at least one."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise trouble(host, error) from error
    return list(dict.fromkeys((family, where) for family, _, _, _, where in found))


async def _try(family: int, where: SocketAddress, port: int, gate: asyncio.Semaphore, wait_s: float) -> Tried:
    address = str(where[0])
    async with gate:
        try:
            with socket.socket(family, socket.SOCK_STREAM) as plug:
                plug.setblocking(False)
                async with asyncio.timeout(wait_s):
                    await asyncio.get_running_loop().sock_connect(plug, (address, port, *where[2:]))
        except TimeoutError:
            return Tried(address, port, State.FILTERED)
        except OSError as error:
            if error.errno in _ANSWERED_NO:
                return Tried(address, port, State.CLOSED)
            if error.errno in _FILTERED:
                return Tried(address, port, State.FILTERED)
            return Tried(address, port, State.UNREACHABLE, words(error))
        return Tried(address, port, State.OPEN)
