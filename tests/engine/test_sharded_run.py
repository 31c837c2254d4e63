"""A run over so many hosts that processes of their own hold the connections; here that is two."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from readiness_tui.engine.connections import Connections
from readiness_tui.engine.run import Run
from readiness_tui.model.outcome import Cause, Verdict
from tests.engine.running import OK, Says, all_events, check, outcomes, plan
from tests.sshd import Sshd, free_port

pytestmark = pytest.mark.needs("sshd")


async def test_a_run_over_many_hosts_finds_the_same(tmp_path: Path) -> None:
    with Sshd(tmp_path / "sshd") as server:
        hosts = {
            "one": server.address,
            "two": server.address,
            "here": "local",
            "dead": f"127.0.0.1:{free_port()}",
        }
        made = plan([check("item", name, Says(OK)) for name in hosts], **hosts)
        connections = Connections(ssh_config=server.ssh_config, sharded_above=2)
        found = outcomes(await all_events(Run(made, connections)))
        assert {name: found["item", name].verdict for name in hosts} == {
            "one": Verdict.PASS,
            "two": Verdict.PASS,
            "here": Verdict.PASS,
            "dead": Verdict.UNKNOWN,
        }
        assert found["item", "dead"].cause is Cause.UNREACHABLE
        assert "refused" in found["item", "dead"].evidence
        children = psutil.Process().children()
        shards = [child for child in children if "readiness_tui.transports.ssh_shard" in child.cmdline()]
        assert shards
        await connections.close()
        assert psutil.wait_procs(shards, timeout=10)[1] == []
