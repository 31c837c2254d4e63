"""Many hosts in parallel: dead hosts do not delay the others, and a low MaxStartups is respected."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from readiness_tui.engine.events import AskStarted, Event, HostChanged, HostState
from readiness_tui.engine.run import Run
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.rules.probing.plan import Plan
from readiness_tui.transports.pool import Connections
from tests.engine.fleet import SILENT, Fleet, Impatient, kept, seven_dead
from tests.engine.running import OK, Says, all_events, check, outcomes, plan
from tests.transports.asking import collector, mark, marked
from tests.transports.conftest import Servers

pytestmark = pytest.mark.needs("sshd")

LIVING = {f"web-{n}" for n in range(13)}


@pytest.fixture
def marker() -> Iterator[str]:
    """The sleep that `hung` is asked for; out of reach once its link hangs, so ended here."""
    marker = mark()
    yield marker
    for process in marked(marker):
        process.kill()


def ok_of_all(fleet: Fleet, marker: str) -> Plan:
    sleeps = collector("hang", f"sleep {marker}", timeout_s=60)
    checks = [check("ok", name, Says(sleeps if name == "hung" else OK)) for name in fleet.hosts]
    return plan(checks, **fleet.hosts)


async def test_thirteen_of_twenty_hosts_are_done_before_any_of_the_seven_dead_is_given_up(
    sshds: Servers, tmp_path: Path, marker: str
) -> None:
    """The silent hosts get a minute each. All twenty start at once, and none waits for another."""
    fleet = Fleet(tmp_path, connect_s=60)
    async with seven_dead(fleet, sshds, tmp_path) as link:
        for name in sorted(LIVING):
            fleet.add(name, sshds())
        assert len(fleet.hosts) == 20
        async with kept(Connections(ssh_config=fleet.config)) as connections:
            run = Run(ok_of_all(fleet, marker), connections)
            ended: set[str] = set()
            living_done = asyncio.Event()

            def watch(event: Event) -> None:
                match event:
                    case AskStarted(target="hung"):
                        link.hang()
                    case HostChanged(state=HostState.DONE | HostState.FAILED):
                        ended.add(event.target)
                if ended >= LIVING:
                    living_done.set()

            running = asyncio.create_task(all_events(run, watch))
            await living_done.wait()
            assert not ended & set(SILENT), "the living had to wait for the dead"
            link.cut()
            await run.cancel()
            results = outcomes(await running)
    assert {results["ok", name].verdict for name in LIVING} == {Verdict.PASS}


async def test_each_of_seven_dead_hosts_reports_its_cause(
    sshds: Servers, tmp_path: Path, marker: str
) -> None:
    fleet = Fleet(tmp_path, connect_s=1)
    async with seven_dead(fleet, sshds, tmp_path) as link, kept(Impatient(fleet.config)) as connections:

        def watch(event: Event) -> None:
            if isinstance(event, AskStarted):
                link.hang()

        events = await all_events(Run(ok_of_all(fleet, marker), connections), watch)
    told = {name: (outcome.cause, outcome.evidence) for (_, name), outcome in outcomes(events).items()}
    expected = {
        "refused": (Cause.UNREACHABLE, "connection refused by"),
        "dropped": (Cause.UNREACHABLE, "no answer from"),
        "half-open": (Cause.TIMEOUT, "accepts connections but SSH did not answer"),
        "web": (Cause.GARBLED, "does not follow the SSH protocol"),
        "slammed": (Cause.UNREACHABLE, "closed the connection"),
        "stranger": (Cause.HOST_KEY, "HAS CHANGED"),
        "hung": (Cause.UNREACHABLE, "not responding to keepalive"),
    }
    assert {name: cause for name, (cause, _) in told.items()} == {
        name: cause for name, (cause, _) in expected.items()
    }
    assert [name for name, (_, words) in expected.items() if words not in told[name][1]] == []


async def test_a_fleet_connects_in_spite_of_max_startups_two(sshds: Servers, tmp_path: Path) -> None:
    """MaxStartups 2:100:3: all connections beyond two are refused, and retried."""
    fleet = Fleet(tmp_path)
    server = sshds("MaxStartups 2:100:3")
    for n in range(20):
        fleet.add(f"web-{n}", server)
    made = plan([check("ok", name, Says(OK)) for name in fleet.hosts], **fleet.hosts)
    async with kept(Connections(ssh_config=fleet.config)) as connections:
        results = outcomes(await all_events(Run(made, connections)))
    assert {outcome.verdict for outcome in results.values()} == {Verdict.PASS}
    assert "drop connection" in server.log, "nobody was turned away"
