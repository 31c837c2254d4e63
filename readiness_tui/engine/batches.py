"""Gather events that follow each other quickly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def batches(events: AsyncIterator[T], seconds: float) -> AsyncGenerator[list[T], None]:
    """The events in order, in lists; none waits longer than `seconds` for those that follow."""
    loop, batch, due = asyncio.get_running_loop(), list[T](), 0.0
    following = asyncio.ensure_future(_next(events))
    try:
        while True:
            left = max(0.0, due - loop.time()) if batch else None
            await asyncio.wait({following}, timeout=left)
            if following.done():
                event = following.result()
                if event is None:
                    break
                due = due if batch else loop.time() + seconds
                batch.extend(event)
                following = asyncio.ensure_future(_next(events))
            if batch and loop.time() >= due:
                yield batch
                batch = []
        if batch:
            yield batch
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        if isinstance(events, AsyncGenerator):
            await events.aclose()


async def _next(events: AsyncIterator[T]) -> list[T] | None:
    """The next event in a list; None at the end."""
    async for event in events:
        return [event]
    return None
