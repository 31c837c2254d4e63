"""Hosts in processes of their own: what is lent to them, and what is left when one side dies."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import psutil
import pytest

from readiness_tui.errors import LockedKeyError, TransportError
from readiness_tui.model import probe
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import LinkAsk
from readiness_tui.transports.keyring import Ask, Keyring
from readiness_tui.transports.sharded import Shards
from tests.sshd import Sshd, keygen
from tests.transports.asking import collector, gone, left, mark, marked, replies

pytestmark = pytest.mark.needs("sshd")


@asynccontextmanager
async def shards(server: Sshd, *, number: int = 1, keyring: Keyring | None = None) -> AsyncIterator[Shards]:
    made = Shards(server.ssh_config, keyring or Keyring(), number=number)
    try:
        yield made
    finally:
        await made.close()


def processes() -> list[psutil.Process]:
    """The shards of this process."""
    children = psutil.Process().children()
    return [child for child in children if "readiness_tui.transports.ssh_shard" in child.cmdline()]


async def test_hosts_are_dealt_out_and_the_processes_end_with_the_program(sshd: Sshd) -> None:
    async with shards(sshd, number=2) as made:
        hosts = [made.transport(f"web{n}", sshd.address, {}) for n in range(3)]
        assert processes() == []
        for host in hosts:
            await host.open()
            assert (await replies(host, [collector("hi", "echo hi")]))["hi"].stdout == "hi\n"
        running = processes()
        assert len(running) == 2
        assert {os.getpgid(process.pid) for process in running} & {os.getpgid(0)} == set()
    assert await gone(running)


async def test_what_is_wrong_with_a_host_is_said_in_the_same_words(sshd: Sshd) -> None:
    sshd.known_hosts.write_text("")
    async with shards(sshd) as made:
        with pytest.raises(TransportError) as caught:
            await made.transport("web", sshd.address, {}).open()
    assert caught.value.cause == Cause.HOST_KEY
    assert "unknown host key" in caught.value.message
    assert "known_hosts" in caught.value.hint


async def test_a_shard_that_dies_costs_its_asks_and_is_started_anew(sshd: Sshd) -> None:
    marker = mark()
    async with shards(sshd) as made:
        host = made.transport("web", sshd.address, {})
        await host.open()
        died: list[probe.Ask] = [collector("slow", f"sleep {marker}"), LinkAsk()]
        async with aclosing(host.ask(died, lambda ask: None)) as answers:
            first = await anext(answers)
            assert (first.ask, first.cause) == (LinkAsk(), None)
            (process,) = processes()
            process.kill()
            second = await anext(answers)
        assert (second.ask, second.cause) == (died[0], Cause.ERROR)
        assert "has ended" in second.detail
        await host.open()
        assert (await replies(host, [collector("hi", "echo hi")]))["hi"].stdout == "hi\n"


PROGRAM = """
import asyncio, sys
from pathlib import Path
from readiness_tui.transports.keyring import Keyring
from readiness_tui.transports.sharded import Shards
from tests.transports.asking import collector

async def main():
    shards = Shards(Path(sys.argv[1]), Keyring(), number=1)
    host = shards.transport("web", sys.argv[2], {})
    await host.open()
    began = lambda ask: print("began", flush=True)
    async for _ in host.ask([collector("slow", "sleep " + sys.argv[3])], began):
        pass

asyncio.run(main())
"""


async def test_nothing_is_left_anywhere_when_the_program_is_killed(sshd: Sshd) -> None:
    marker = mark()
    arguments = (str(sshd.ssh_config), sshd.address, marker)
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with program:
        assert program.stdout is not None
        assert await asyncio.to_thread(program.stdout.readline) == "began\n"
        shard = psutil.Process(program.pid).children()
        assert len(shard) == 1
        assert marked(marker)
        program.send_signal(signal.SIGKILL)
    assert await gone(shard)
    assert await left(marker) == []


class Told:
    """An operator who knows the passphrase."""

    asked: int = 0

    @asynccontextmanager
    async def asking(self, path: Path) -> AsyncIterator[Ask]:
        async def answer(fault: str) -> str | None:
            self.asked += 1
            return "open sesame"

        yield answer


async def test_a_key_unlocked_here_is_used_there(sshd: Sshd) -> None:
    public = sshd.identity.with_suffix(".pub")
    for path in (sshd.identity, public):
        path.unlink()
    keygen(sshd.identity, passphrase="open sesame")
    (sshd.folder / "authorized_keys").write_text(public.read_text())
    operator = Told()
    keyring = Keyring(operator)
    async with shards(sshd, keyring=keyring) as made:
        host = made.transport("web", sshd.address, {})
        with pytest.raises(LockedKeyError) as caught:
            await host.open()
        assert caught.value.path == sshd.identity
        await keyring.unlock(caught.value.path)
        await host.open()
        assert (await replies(host, [collector("hi", "echo hi")]))["hi"].stdout == "hi\n"
    assert operator.asked == 1
