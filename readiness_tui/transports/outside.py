"""Connections from the operator's machine to ports of a host that should be filtered (OutsideAsk)."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Sequence

BETWEEN_S = 0.2
"""Seconds from one connection to the next."""

_RECVERR = {socket.AF_INET: (socket.IPPROTO_IP, 11), socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}
"""IP_RECVERR and IPV6_RECVERR (ip(7)): an ICMP answer is then in the socket's error queue."""


async def outside(address: str, ports: Sequence[int], wait_s: float) -> list[tuple[str, str]]:
    """Facts of an OutsideAsk: the address, and for each port accepted, reset or silent."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    tries = [_later(number * BETWEEN_S, family, address, port, wait_s) for number, port in enumerate(ports)]
    states = await asyncio.gather(*tries)
    return [("address", address), *((state, str(port)) for state, port in zip(states, ports, strict=True))]


async def _later(delay_s: float, family: int, address: str, port: int, wait_s: float) -> str:
    await asyncio.sleep(delay_s)
    return await _try(family, address, port, wait_s)


async def _try(family: int, address: str, port: int, wait_s: float) -> str:
    with socket.socket(family, socket.SOCK_STREAM) as plug:
        plug.setblocking(False)
        reports_icmp = sys.platform == "linux"
        if reports_icmp:
            plug.setsockopt(*_RECVERR[socket.AddressFamily(family)], 1)
        try:
            async with asyncio.timeout(wait_s):
                await asyncio.get_running_loop().sock_connect(plug, (address, port))
        except ConnectionRefusedError:
            return "reset" if reports_icmp and not _by_icmp(plug) else "silent"
        except OSError:  # no answer in time, or ICMP said no
            return "silent"
        return "accepted"


def _by_icmp(plug: socket.socket) -> bool:
    """Whether the refusal came by ICMP, from a filter, and not as a reset."""
    if sys.platform != "linux":
        return False
    try:
        plug.recvmsg(1, 1024, socket.MSG_ERRQUEUE)
    except OSError:
        return False
    return True
