"""Code shared by the transport tests: collectors, replies by name, and leftover processes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import aclosing

import psutil

from readiness_tui.model.probe import Ask, CollectorAsk, Reply
from readiness_tui.transports.contract import Started, Transport, ignore_start


def collector(name: str, script: str, *args: str, timeout_s: float = 30) -> CollectorAsk:
    return CollectorAsk(collector=name, script=script, args=args, timeout_s=timeout_s)


def name_of(ask: Ask) -> str:
    return ask.collector if isinstance(ask, CollectorAsk) else ask.kind


async def replies(
    transport: Transport, asks: Sequence[Ask], started: Started = ignore_start
) -> dict[str, Reply]:
    """The replies by the collectors' names; each exactly once."""
    found: dict[str, Reply] = {}
    async with aclosing(transport.ask(asks, started)) as answers:
        async for reply in answers:
            name = name_of(reply.ask)
            assert name not in found, f"{name} was answered twice"
            found[name] = reply
    assert found.keys() == {name_of(ask) for ask in asks}
    return found


async def order(transport: Transport, asks: Sequence[Ask]) -> list[str]:
    """The names in the order the replies came."""
    async with aclosing(transport.ask(asks)) as answers:
        return [name_of(reply.ask) async for reply in answers]


def mark() -> str:
    """A number of seconds to sleep that nothing else on the machine sleeps."""
    return str(random.randrange(10**8, 10**9))


def marked(marker: str) -> list[psutil.Process]:
    """The processes with the marker in their command line."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if any(marker in word for word in process.info["cmdline"] or ()):
            found.append(process)
    return found


async def left(marker: str) -> list[psutil.Process]:
    """Those of them that are still there when the killed ones have had time to die."""
    _, alive = await asyncio.to_thread(psutil.wait_procs, marked(marker), 5)
    return list(alive)


async def gone(processes: Sequence[psutil.Process], timeout_s: float = 30) -> bool:
    """Wait until they have ended."""
    _, alive = await asyncio.to_thread(psutil.wait_procs, list(processes), timeout_s)
    return not alive
