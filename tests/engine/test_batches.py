"""Events that follow each other quickly are batched; none waits long, none is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from readiness_tui.engine.batches import batches


async def given(*parts: int | asyncio.Event) -> AsyncGenerator[int, None]:
    """Numbers; between them it waits for what is awaited."""
    for part in parts:
        if isinstance(part, asyncio.Event):
            await part.wait()
        else:
            yield part


async def test_quick_ones_come_together_at_the_end() -> None:
    assert [batch async for batch in batches(given(1, 2, 3), 60)] == [[1, 2, 3]]


async def test_nothing_gives_nothing() -> None:
    assert [batch async for batch in batches(given(), 60)] == []


async def test_no_event_waits_for_a_missing_one() -> None:
    never = asyncio.Event()
    gathered = batches(given(1, 2, never, 3), 0.01)
    assert await asyncio.wait_for(anext(gathered), 20) == [1, 2]
    never.set()
    assert await asyncio.wait_for(anext(gathered), 20) == [3]
    await gathered.aclose()


async def test_an_error_comes_after_what_was_gathered() -> None:
    async def failing() -> AsyncGenerator[int, None]:
        yield 1
        raise ValueError("broken")

    gathered = batches(failing(), 60)
    assert await anext(gathered) == [1]
    with pytest.raises(ValueError, match="broken"):
        await anext(gathered)


async def test_closing_closes_the_source() -> None:
    closed = []

    async def source() -> AsyncGenerator[int, None]:
        try:
            while True:
                yield 1
                await asyncio.sleep(0)
        finally:
            closed.append(True)

    gathered = batches(source(), 0)
    await anext(gathered)
    await gathered.aclose()
    assert closed == [True]


async def test_a_source_with_a_task_group_is_read_by_one_task() -> None:
    async def source() -> AsyncGenerator[int, None]:
        queue: asyncio.Queue[int] = asyncio.Queue()
        async with asyncio.TaskGroup() as group:
            for number in range(3):
                group.create_task(queue.put(number))
            tasks = set()
            for _ in range(3):
                number = await queue.get()
                tasks.add(asyncio.current_task())
                yield number
            assert len(tasks) == 1

    assert sorted(n for batch in [b async for b in batches(source(), 0.01)] for n in batch) == [0, 1, 2]
