"""Login shells that take their time or never stop talking: late is late, and nothing is run unwatched."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from readiness_tui.model.outcome import Cause, Outcome, Verdict
from tests.engine.fleet import Fleet, Impatient, kept
from tests.engine.running import WELL, Says, only
from tests.sshd import Sshd
from tests.transports.asking import collector, gone, marked
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
