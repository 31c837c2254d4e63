"""Collect events that follow each other quickly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import TypeVar

T = TypeVar("T")


async def batches(events: AsyncGenerator[T, None], seconds: float) -> AsyncGenerator[list[T], None]:
    """Yield the events in order, in lists. None waits longer than `seconds` for later ones.

    One task reads all events, because a generator that holds a task group must be driven by a single
    task. Raises what the events raise, after the events before it.
    """
    queue: asyncio.Queue[T | None] = asyncio.Queue()
    reader = asyncio.create_task(_read(events, queue))
    loop, batch, due = asyncio.get_running_loop(), list[T](), 0.0
    try:
        while True:
            event = None
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due if batch else None):
                    event = await queue.get()
                    if event is None:
                        break
            if event is not None:
                due = due if batch else loop.time() + seconds
                batch.append(event)
            if batch and loop.time() >= due:
                yield batch
                batch = []
        if batch:
            yield batch
        await reader
    finally:
        reader.cancel()
        with suppress(asyncio.CancelledError):
            await reader


async def _read(events: AsyncGenerator[T, None], queue: asyncio.Queue[T | None]) -> None:
    """Put every event into the queue, then None."""
    try:
        async with aclosing(events):
            async for event in events:
                queue.put_nowait(event)
    finally:
        queue.put_nowait(None)
