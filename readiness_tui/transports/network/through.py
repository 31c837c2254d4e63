"""An ask for a monitoring system that is answered through a host."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from readiness_tui.errors import TransportError
from readiness_tui.model.monitoring_asks import PrometheusAsk
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Reply
from readiness_tui.transports.network.contract import Trust
from readiness_tui.transports.replies import facts_reply, refused

Way = Callable[[str, int], AbstractAsyncContextManager[Path | None]]
"""Gives the path of a Unix socket that leads to a host and port, or None to connect to them."""


@asynccontextmanager
async def straight(host: str, port: int) -> AsyncIterator[Path | None]:
    """The way from this machine itself."""
    yield None


async def through(host: str, ask: PrometheusAsk, way: Way) -> Reply:
    """The reply of the host's own view. Never raises for what the host does."""
    module = await asyncio.to_thread(importlib.import_module, f"{__package__}.prometheus")
    try:
        async with asyncio.timeout(ask.timeout_s):
            return facts_reply(host, ask, await module.look(ask, Trust(), way))
    except TimeoutError:
        detail = f"not everything was answered within {ask.timeout_s:g} s"
        return refused(host, ask, Cause.TIMEOUT, detail)
    except TransportError as error:
        return refused(host, ask, Cause(error.cause), error.message, error.hint)
