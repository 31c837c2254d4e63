"""The vantage point `network`: public endpoints as seen from the operator's machine.

Each kind of ask has its own limits, separate from those of hosts, so that checks cannot cause a ban
(catalogue, section 2).
"""

from __future__ import annotations

import asyncio
import importlib
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack

from readiness_tui.errors import TransportError
from readiness_tui.model.inventory import NETWORK
from readiness_tui.model.network_asks import HttpAsk, PortsAsk
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.transports.contract import Pace, Started, ignore_start
from readiness_tui.transports.network.contract import Look, Trust
from readiness_tui.transports.replies import facts_reply, now, refused

AT_ONCE: Mapping[str, int] = {"tls": 8, "http": 8, "dns": 4, "ports": 4, "prometheus": 4}
"""Asks of a kind under way at once; a kind that is not here is none of the network's."""

BETWEEN_GETS_S = 0.2
"""Seconds between requests to the same host; samples have their own rate."""


class NetworkTransport:
    """The vantage point `network`. There is nothing to open, and asks are independent."""

    def __init__(self, *, trust: Trust | None = None) -> None:
        """trust: used instead of the system's authorities."""
        self._trust = trust or Trust()
        self._running: set[asyncio.Task[Reply]] = set()
        self._kinds = {kind: asyncio.Semaphore(count) for kind, count in AT_ONCE.items()}
        self._alone: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._next_get: dict[str, float] = {}

    @property
    def host(self) -> str:
        """The vantage point's name."""
        return NETWORK

    async def open(self, pace: Pace | None = None) -> None:
        """Nothing to do."""

    async def ask(self, asks: Sequence[Ask], started: Started = ignore_start) -> AsyncGenerator[Reply, None]:
        """See the contract."""
        longest_first = sorted(asks, key=lambda ask: -ask.timeout_s)
        tasks = {asyncio.create_task(self._one(ask, started)): ask for ask in longest_first}
        self._running |= tasks.keys()
        waiting = set(tasks)
        try:
            while waiting:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    if task.cancelled():
                        yield refused(self.host, tasks[task], Cause.CANCELLED, "cancelled")
                    else:
                        yield task.result()
        finally:
            self._running -= tasks.keys()
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _one(self, ask: Ask, started: Started) -> Reply:
        """One ask. The time it waits for its turn does not count."""
        if ask.kind not in AT_ONCE:
            started(ask)
            return refused(
                self.host, ask, Cause.UNSUPPORTED, f"the network does not answer asks of kind {ask.kind}"
            )
        async with AsyncExitStack() as turn:
            if (key := _alone(ask)) is not None:
                await turn.enter_async_context(self._alone[key])
            elif isinstance(ask, HttpAsk):
                await self._spaced(ask.host)
            await turn.enter_async_context(self._kinds[ask.kind])
            started(ask)
            return await self._look(ask)

    async def _spaced(self, host: str) -> None:
        """Wait for this request's turn at its host."""
        present = time.monotonic()
        place = max(present, self._next_get.get(host, present))
        self._next_get[host] = place + BETWEEN_GETS_S
        await asyncio.sleep(place - present)

    async def _look(self, ask: Ask) -> Reply:
        look = await _loaded(ask.kind)
        asked_at, began = now(), time.monotonic()
        try:
            async with asyncio.timeout(ask.timeout_s):
                lines = await look(ask, self._trust)
        except TimeoutError:
            detail = f"{_WAITED_FOR[ask.kind]} within {ask.timeout_s:g} s"
            reply = refused(self.host, ask, Cause.TIMEOUT, detail)
        except TransportError as error:
            reply = refused(self.host, ask, Cause(error.cause), error.message, error.hint)
        else:
            reply = facts_reply(self.host, ask, lines)
        took = round((time.monotonic() - began) * 1000)
        return reply.model_copy(update={"asked_at": asked_at, "took_ms": took})

    async def cancel(self) -> None:
        """See the contract."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def close(self) -> None:
        """Stop what runs."""
        await self.cancel()


_WAITED_FOR: Mapping[str, str] = {
    "tls": "no handshake",
    "http": "no answer",
    "dns": "no answer",
    "ports": "not every port was tried",
    "prometheus": "not everything was answered",
}


async def _loaded(kind: str) -> Look:
    """The module of a kind, loaded when first needed, because an HTTP client is slow to import."""
    module = await asyncio.to_thread(importlib.import_module, f"{__package__}.{kind}")
    look: Look = module.look
    return look


def _alone(ask: Ask) -> tuple[str, str] | None:
    """The key of asks that must not run in parallel: the host, for samples and for ports."""
    if isinstance(ask, PortsAsk) or (isinstance(ask, HttpAsk) and ask.sample is not None):
        return ask.kind, ask.host
    return None
