"""TCP connections to a host's ports, on each of its addresses, closed once they are made."""

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
"""Ports tried in parallel on a host (catalogue, section 8)."""

ADDRESSES = 4
"""Most addresses of a host that are tried; a name with more usually belongs to a CDN."""

_ANSWERED_NO = frozenset({errno.ECONNREFUSED, errno.ECONNRESET})
_FILTERED = frozenset({errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.EACCES})
"""Errors that a firewall's reject causes, besides no answer at all."""

SocketAddress = tuple[Any, ...]
"""Address and port, and for IPv6 flow and scope."""


class State(Enum):
    """The result of one connection."""

    OPEN = auto()
    CLOSED = auto()
    FILTERED = auto()
    UNREACHABLE = auto()


@dataclass(frozen=True, slots=True)
class Tried:
    """One port on one address. why: for an address that has no route."""

    address: str
    port: int
    state: State
    why: str = ""


async def look(ask: PortsAsk, trust: Trust) -> Lines:
    """Try every port on every address. Raises TransportError if none of them has a route."""
    addresses = await _addresses(ask.host)
    gate = asyncio.Semaphore(AT_ONCE)
    pairs = [(family, where, port) for port in ask.ports for family, where in addresses[:ADDRESSES]]
    tried = await asyncio.gather(*(_try(*pair, gate, ask.wait_s) for pair in pairs))
    unreachable = {attempt.address: attempt.why for attempt in tried if attempt.state is State.UNREACHABLE}
    asked = [attempt for attempt in tried if attempt.address not in unreachable]
    if not asked:
        why = next(iter(unreachable.values()))
        raise TransportError(f"no route to {ask.host} from here: {why}", cause=Cause.UNREACHABLE)
    opened = [attempt for attempt in asked if attempt.state is State.OPEN]
    counts = Counter(attempt.state for attempt in asked)
    return [
        *(("address", address) for address in dict.fromkeys(attempt.address for attempt in asked)),
        *(("unreachable", f"{address}|{why}") for address, why in unreachable.items()),
        *(("skipped", where[0]) for _, where in addresses[ADDRESSES:]),
        *(("open", str(port)) for port in sorted({attempt.port for attempt in opened})),
        *(("open_at", f"{attempt.port}|{attempt.address}") for attempt in opened),
        ("closed_count", str(counts[State.CLOSED])),
        ("filtered_count", str(counts[State.FILTERED])),
        ("asked_count", str(len(asked))),
    ]


async def _addresses(host: str) -> list[tuple[int, SocketAddress]]:
    """Every address of a name, IPv4 and IPv6, with its family; at least one."""
    try:
        infos = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise trouble(host, error) from error
    return list(dict.fromkeys((family, where) for family, _, _, _, where in infos))


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
