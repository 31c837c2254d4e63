"""No shell yet, or none at all: late is late, nothing is run unwatched, and a session in use is said."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from readiness_tui.engine.run import Run
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.transports.pool import Connections
from readiness_tui.transports.shell import pool
from tests.engine.fleet import Fleet, Impatient, kept
from tests.engine.running import Says, all_events, check, hanging, only, plan
from tests.transports.asking import collector, gone, mark, marked
from tests.transports.conftest import Servers

pytestmark = pytest.mark.needs("sshd")


async def test_a_login_shell_that_sleeps_a_moment_works(sshds: Servers, tmp_path: Path) -> None:
    fleet = Fleet(tmp_path)
    fleet.add("web", sshds('ForceCommand sleep 0.5; exec sh -c "$SSH_ORIGINAL_COMMAND"'))
    async with kept(Connections(ssh_config=fleet.config)) as connections:
        assert (await only(fleet.hosts, connections)).verdict is Verdict.PASS


async def test_a_login_shell_that_sleeps_too_long_is_given_up_and_runs_nothing_when_it_wakes(
    sshds: Servers, tmp_path: Path
) -> None:
    wakes, ran, fleet = tmp_path / "wakes", tmp_path / "ran", Fleet(tmp_path)
    os.mkfifo(wakes)
    fleet.add("web", sshds(f'ForceCommand read -r word <{wakes}; exec sh -c "$SSH_ORIGINAL_COMMAND"'))
    async with kept(Impatient(fleet.config, hello_s=0.5)) as connections:
        outcome = await only(fleet.hosts, connections, Says(collector("late", f"echo ran >{ran}")))
        assert outcome.cause is Cause.TIMEOUT
        assert outcome.evidence == "no shell: the shell did not start within 0.5 s"
        asleep = marked(str(wakes))
        assert asleep
        await asyncio.to_thread(wakes.write_text, "now\n" * 10)
        assert await gone(asleep)
    assert not ran.exists()


async def test_a_login_shell_with_endless_output_times_out(sshds: Servers, tmp_path: Path) -> None:
    fleet = Fleet(tmp_path)
    fleet.add("web", sshds("ForceCommand yes welcome"))
    async with kept(Impatient(fleet.config, hello_s=0.5)) as connections:
        outcome = await only(fleet.hosts, connections)
    assert outcome.cause is Cause.TIMEOUT
    assert outcome.evidence == "no shell: the shell did not start within 0.5 s; it printed: welcome"


async def test_the_only_session_is_reported_as_used_and_used_once_it_is_free(
    sshds: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_REFUSALS", 3)  # less patience than six seconds
    fleet = Fleet(tmp_path)
    fleet.add("web", sshds("MaxSessions 1"))
    ask, begun = hanging(tmp_path, mark(), "web")
    async with kept(Connections(ssh_config=fleet.config)) as connections:
        other = Run(plan([check("hung", "web", Says(ask))], **fleet.hosts), connections)
        running = asyncio.create_task(all_events(other))
        assert await asyncio.to_thread(begun.read_text) == "up\n"
        outcome = await only(fleet.hosts, connections)
        assert outcome.cause is Cause.UNSUPPORTED
        assert outcome.evidence == "the host allows no session"
        assert "MaxSessions" in outcome.hint
        await other.cancel()
        await running
        assert (await only(fleet.hosts, connections)).verdict is Verdict.PASS
