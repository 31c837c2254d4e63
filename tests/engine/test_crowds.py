"""Many hosts in parallel: fewer workers each, counted as processes, and limited handshakes."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from readiness_tui.engine.events import AskStarted, Event
from readiness_tui.engine.run import Run
from readiness_tui.model.outcome import Verdict
from readiness_tui.transports.pool import Connections
from tests.engine.fleet import Fleet, kept
from tests.engine.running import OK, Says, all_events, check, outcomes, plan
from tests.transports.asking import collector, mark
from tests.transports.conftest import Servers


class Gate:
    """Collectors that wait, at no cost, until all are let through."""

    def __init__(self, path: Path) -> None:
        self._path = path
        os.mkfifo(path)

    @property
    def script(self) -> str:
        return f"[ -p {self._path} ] && read -r x <{self._path}\nkv ok 1"

    def open(self) -> None:
        writing = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK)
        self._path.unlink()
        os.close(writing)


def shells() -> set[int]:
    """The sessions of this process's descendants: each worker's shell leads one of its own."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        with suppress(ProcessLookupError):
            found.add(os.getsid(process.pid))
    return found - {os.getsid(0)}


async def lanes_of(connections: Connections, hosts: int, folder: Path, marker: str) -> int:
    """How many shells a run over so many hosts, with six questions each, has at once."""
    gate = Gate(folder / f"gate-{hosts}")
    asks = [collector(f"q{n}", gate.script, timeout_s=60) for n in range(6)]
    names = [f"host-{n}" for n in range(hosts)]
    checks = [check(f"item-{n}", name, Says(ask)) for name in names for n, ask in enumerate(asks)]
    made = plan(checks, **dict.fromkeys(names, f"exec:sh -s {marker}"))
    begun: Counter[str] = Counter()
    all_begun = asyncio.Event()
    expected = 4 if hosts <= 50 else 2

    def watch(event: Event) -> None:
        if isinstance(event, AskStarted):
            begun[event.target] += 1
        if len(begun) == hosts and min(begun.values()) >= expected:
            all_begun.set()

    running = asyncio.create_task(all_events(Run(made, connections), watch))
    await all_begun.wait()
    count = len(await asyncio.to_thread(shells))
    gate.open()
    assert {outcome.verdict for outcome in outcomes(await running).values()} == {Verdict.PASS}
    return count


async def test_sixty_hosts_at_once_have_two_lanes_each_and_few_have_four_again(tmp_path: Path) -> None:
    marker = mark()
    async with kept(Connections()) as connections:
        assert await lanes_of(connections, 60, tmp_path, marker) == 60 * 2
        assert await lanes_of(connections, 3, tmp_path, marker) == 3 * 4, "over the same connections"


@pytest.mark.needs("sshd")
async def test_forty_hosts_at_one_address_connect_a_few_at_a_time(sshds: Servers, tmp_path: Path) -> None:
    """sshd drops clients while sixteen others are not logged in yet, twice as many as we send."""
    fleet = Fleet(tmp_path)
    server = sshds("MaxStartups 16:100:16")
    for n in range(40):
        fleet.add(f"web-{n}", server)
    made = plan([check("ok", name, Says(OK)) for name in fleet.hosts], **fleet.hosts)
    async with kept(Connections(ssh_config=fleet.config)) as connections:
        results = outcomes(await all_events(Run(made, connections)))
    assert {outcome.verdict for outcome in results.values()} == {Verdict.PASS}
    assert "drop connection" not in server.log
