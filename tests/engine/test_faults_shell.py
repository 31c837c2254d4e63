"""No shell yet, or none at all: late is late, nothing is run unwatched, and a session in use is said."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from readiness_tui.engine.run import Run
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.transports import lanes
from tests.engine.fleet import Fleet, Impatient, kept
from tests.engine.running import WELL, Says, all_events, check, hanging, only, plan
from tests.sshd import Sshd
from tests.transports.asking import collector, gone, mark, marked
from tests.transports.conftest import Servers

pytestmark = pytest.mark.needs("sshd")


async def asked(server: Sshd, folder: Path, probe: Says = WELL) -> Outcome:
    """A probe's outcome, by somebody who waits two seconds for a shell."""
    fleet = Fleet(folder)
    fleet.add("web", server)
    async with kept(Impatient(fleet.config)) as connections:
        return await only(fleet.hosts, connections, probe)


async def test_a_login_shell_that_sleeps_a_moment_works(sshds: Servers, tmp_path: Path) -> None:
    server = sshds('ForceCommand sleep 0.5; exec sh -c "$SSH_ORIGINAL_COMMAND"')
    assert (await asked(server, tmp_path)).verdict is Verdict.PASS


async def test_a_login_shell_that_sleeps_too_long_is_given_up_and_runs_nothing_when_it_wakes(
    sshds: Servers, tmp_path: Path
) -> None:
    wakes, ran, fleet = tmp_path / "wakes", tmp_path / "ran", Fleet(tmp_path)
    os.mkfifo(wakes)
    fleet.add("web", sshds(f'ForceCommand read -r word <{wakes}; exec sh -c "$SSH_ORIGINAL_COMMAND"'))
    async with kept(Impatient(fleet.config)) as connections:
        outcome = await only(fleet.hosts, connections, Says(collector("late", f"echo ran >{ran}")))
        assert outcome.cause is Cause.TIMEOUT
        assert outcome.evidence == "no shell: the shell did not begin within 2 s"
        asleep = marked(str(wakes))
        assert asleep
        await asyncio.to_thread(wakes.write_text, "now\n" * 10)
        assert await gone(asleep)
    assert not ran.exists()


async def test_a_login_shell_that_never_stops_talking_is_given_up(sshds: Servers, tmp_path: Path) -> None:
    outcome = await asked(sshds("ForceCommand yes welcome"), tmp_path)
    assert outcome.cause is Cause.TIMEOUT
    assert outcome.evidence == "no shell: the shell did not begin within 2 s, it said: welcome"


async def test_the_only_session_in_use_is_said_and_had_once_it_is_free(
    sshds: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "_REFUSALS", 3)  # less patience than six seconds
    fleet = Fleet(tmp_path)
    fleet.add("web", sshds("MaxSessions 1"))
    ask, begun = hanging(tmp_path, mark(), "web")
    async with kept(Impatient(fleet.config)) as connections:
        other = Run(plan([check("hung", "web", Says(ask))], **fleet.hosts), connections)
        running = asyncio.create_task(all_events(other))
        assert await asyncio.to_thread(begun.read_text) == "up\n"
        outcome = await only(fleet.hosts, connections)
        assert outcome.cause is Cause.UNSUPPORTED
        assert outcome.evidence == "the host gives no session"
        assert "MaxSessions" in outcome.hint
        await other.cancel()
        await running
        assert (await only(fleet.hosts, connections)).verdict is Verdict.PASS
