"""Cancel at any time, one host or all: five seconds later none of our processes runs there."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import psutil
import pytest

from readiness_tui.engine.events import AskStarted, Event, HostChanged, HostState, OutcomeFound
from readiness_tui.engine.run import Run
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.transports.pool import Connections
from tests.engine.fleet import Fleet, kept
from tests.engine.running import WELL, Says, all_events, check, outcomes, plan, states
from tests.sshd import Sshd
from tests.transports.asking import collector, gone, left, mark
from tests.transports.conftest import Servers

pytestmark = pytest.mark.needs("sshd")

MOMENTS = (HostState.WAITING, HostState.CONNECTING, HostState.ASKING, AskStarted, OutcomeFound)


def moment_of(event: Event) -> HostState | type[Event] | None:
    """Which of those moments of `web` an event is."""
    match event:
        case HostChanged(target="web"):
            return event.state
        case AskStarted(target="web") | OutcomeFound(target="web"):
            return type(event)
    return None


def ours(server: Sshd) -> list[psutil.Process]:
    """What was started by way of a server, wherever it went since."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("SSH_CONNECTION", "").endswith(f" {server.port}"):
                found.append(process)
    return found


async def ours_after(seconds: float, server: Sshd) -> list[psutil.Process]:
    """The same once it had that long to end; a shell may only be starting when it is given up."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while (found := ours(server)) and loop.time() < until:
        await asyncio.to_thread(psutil.wait_procs, found, until - loop.time())
    return found


@pytest.mark.parametrize("only", ["web", None])
@pytest.mark.parametrize("moment", MOMENTS, ids=["waiting", "connecting", "asking", "begun", "judged"])
async def test_cancelling_at_any_time_leaves_no_process(
    sshds: Servers, tmp_path: Path, moment: object, only: str | None
) -> None:
    """Hung collectors, also one that ignores every signal it can, and a daemon it leaves behind."""
    marker = mark()
    bare = f"SetEnv HOME={tmp_path}"  # what the account's own start-up files begin is not ours
    web, other, fleet = sshds(bare), sshds(bare), Fleet(tmp_path)
    fleet.add("web", web)
    fleet.add("other", other)
    deaf = f"trap '' TERM HUP INT; sleep {marker} & while :; do sleep {marker}; done"
    # Those with more time go first, each to a worker of its own; so one worker is left for `ok`.
    hung = [collector(f"hung{n}", deaf, timeout_s=60 if n < 3 else 20) for n in range(5)]
    checks = [check(f"hung.{n}", "web", Says(ask)) for n, ask in enumerate(hung)]
    checks += [check("ok", name, WELL) for name in fleet.hosts]
    async with kept(Connections(ssh_config=fleet.config)) as connections:
        run = Run(plan(checks, **fleet.hosts), connections)
        cancelled: list[asyncio.Task[None]] = []

        def watch(event: Event) -> None:
            if not cancelled and moment_of(event) is moment:
                cancelled.append(asyncio.create_task(run.cancel(only)))

        events = await all_events(run, watch)
        await cancelled[0]
        results = outcomes(events)
        assert await left(marker) == []
        assert await ours_after(5, web) == []
        assert {results[f"hung.{n}", "web"].cause for n in range(5)} == {Cause.CANCELLED}
        assert states(events, "web")[-1] is HostState.CANCELLED
        if only:
            assert results["ok", "other"].verdict is Verdict.PASS
    assert await gone(web.family())
    assert await ours_after(5, web) == [], "it began when the connection ended"
