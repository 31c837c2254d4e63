"""The event loop goes on while large hostile replies are cleaned and judged, and while a run is cancelled."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from readiness_tui.engine import judging, sanitize
from readiness_tui.engine.run import Run
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.probe import Reply
from readiness_tui.transports.pool import Connections
from tests.engine.fleet import kept
from tests.engine.running import Says, all_events, check, outcomes, plan
from tests.transports.asking import collector

HOSTILE = collector("hostile", "yes -- '-eyJ-eyJ://a:b' | head -c 200000")
PATIENCE_S = 20.0


@pytest.fixture
async def connections() -> AsyncIterator[Connections]:
    async with kept(Connections()) as connections:
        yield connections


@pytest.mark.parametrize(
    ("module", "name"), [(sanitize, "clean"), (judging, "judge"), (judging, "follow_up")]
)
async def test_the_loop_goes_on_meanwhile(
    module: Any, name: str, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work waits for the event loop: on the loop itself it would wait in vain."""
    loop, original = asyncio.get_running_loop(), getattr(module, name)
    seen: list[bool] = []

    def waits(*words: Any) -> Any:
        turned = threading.Event()
        loop.call_soon_threadsafe(turned.set)
        seen.append(turned.wait(PATIENCE_S))
        return original(*words)

    monkeypatch.setattr(module, name, waits)
    results = outcomes(await all_events(Run(plan([check("a", "local", Says(HOSTILE))]), connections)))
    assert results["a", "local"].verdict is Verdict.FAIL
    assert seen
    assert all(seen)


async def test_a_run_cancelled_while_a_reply_is_judged_judges_once(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(plan([check("a", "local", Says(HOSTILE))]), connections)
    loop, original, cancelled = asyncio.get_running_loop(), judging.judge, threading.Event()
    tasks: list[asyncio.Task[None]] = []

    def cancel() -> None:
        task = asyncio.create_task(run.cancel())
        task.add_done_callback(lambda _: cancelled.set())
        tasks.append(task)

    def judge(which: Any, replies: Sequence[Reply]) -> Any:
        if threading.current_thread() is not threading.main_thread():
            loop.call_soon_threadsafe(cancel)
            cancelled.wait(PATIENCE_S)
        return original(which, replies)

    monkeypatch.setattr(judging, "judge", judge)
    results = outcomes(await all_events(run))  # refuses a check that is judged twice
    assert len(results) == 1
    assert tasks
