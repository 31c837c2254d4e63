"""A gigabyte from one collector: it stops at the cap, here and on the way, and ends on the host."""

from __future__ import annotations

import random
import resource
from pathlib import Path

import pytest

from readiness_tui.engine.run import Run
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.transports.pool import Connections
from tests.engine.fleet import Fleet, kept
from tests.engine.running import WELL, Says, all_events, check, outcomes, plan
from tests.transports.asking import collector, left
from tests.transports.conftest import Servers
from tests.transports.middleman import Middleman

pytestmark = pytest.mark.needs("sshd")

MIB = 2**20


def peak() -> int:
    """The most memory this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize(
    "script",
    [
        "head -c {size} /dev/zero",
        "head -c {size} /dev/zero >&2",
        "yes name=value | head -c {size}",
        "yes \"$(printf '\\n%032d 1 0' 0)\" | head -c {size}; exit 0",
    ],
    ids=["nul", "stderr", "facts", "marks"],
)
async def test_a_gigabyte_stops_at_the_cap(sshds: Servers, tmp_path: Path, script: str) -> None:
    size = str(10**9 + random.randrange(10**6))
    server = sshds("MaxSessions 1")  # so the kill takes a connection of its own, and its time
    fleet = Fleet(tmp_path)
    async with Middleman(server.port) as link, kept(Connections(ssh_config=fleet.config)) as connections:
        fleet.add("web", server, port=link.port)
        flood = check("flood", "web", Says(collector("flood", script.format(size=size))))
        before = peak()
        run = Run(plan([flood, check("ok", "web", WELL)], **fleet.hosts), connections)
        results = outcomes(await all_events(run))
        assert await left(size) == []
        grown, passed = peak() - before, link.passed
    assert results["flood", "web"].cause is Cause.GARBLED
    assert results["flood", "web"].evidence == "more than 256 KiB of output"
    assert results["ok", "web"].verdict is Verdict.PASS
    assert passed < 4 * MIB
    assert grown < 64 * MIB
