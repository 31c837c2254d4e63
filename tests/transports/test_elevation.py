"""Root commands for an ordinary user: sudo is checked once per host and never prompts."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from readiness_tui.transports.shell import worker
from readiness_tui.transports.shell.exec import ExecTransport
from readiness_tui.transports.shell.local import LocalTransport
from tests.transports.asking import collector, left, mark, replies

pytestmark = pytest.mark.needs("root", "setpriv")

NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/bin/sh", "-s")
TOOLS = ("sh", "id", "sleep", "grep", "cat", "setpriv", "env")

ROOTED = [collector(f"rooted{n}", 'root id -u; kv status $?; kv known "${RTUI_NOROOT:-}"') for n in range(6)]
PLAIN = [collector(f"plain{n}", "kv uid $(id -u)") for n in range(3)]


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is all of PATH, without sudo; everybody may write there."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found is not None
            (folder / tool).symlink_to(found)
        monkeypatch.setenv("PATH", str(folder))
        yield folder


def sudo(tools: Path, text: str) -> None:
    """Put a `sudo` there that notes how it was called and then does what `text` says."""
    path = tools / "sudo"
    path.write_text(f'#!/bin/sh\necho "$*" >>{tools}/calls\n{text}\n')
    path.chmod(0o755)


def calls(tools: Path) -> list[str]:
    return (tools / "calls").read_text().splitlines()


@pytest.fixture
async def transport(tools: Path) -> LocalTransport:
    return LocalTransport("web", command=(str(tools / "setpriv"), *NOBODY[1:]))


async def test_without_sudo_root_steps_are_denied_and_the_rest_goes_on(transport: LocalTransport) -> None:
    answers = await replies(transport, [*ROOTED, *PLAIN])
    assert {answers[ask.collector].stdout for ask in ROOTED} == {"status=77\nknown=1\n"}
    assert {answers[ask.collector].stdout for ask in PLAIN} == {"uid=65534\n"}


@pytest.mark.needs("sudo")
async def test_a_refusal_is_asked_for_once_and_believed(transport: LocalTransport, tools: Path) -> None:
    real = shutil.which("sudo", path=os.defpath + ":/usr/bin")
    sudo(tools, f'exec {real} "$@"')
    for _ in range(2):
        answers = await replies(transport, [*ROOTED, *PLAIN])
        assert {answers[ask.collector].stdout for ask in ROOTED} == {"status=77\nknown=1\n"}
    assert calls(tools) == ["-n -l"]


async def test_if_sudo_allows_it_each_step_is_one_named_command(
    transport: LocalTransport, tools: Path
) -> None:
    sudo(tools, '[ "$2" = -l ] || { shift; exec "$@"; }')
    answers = await replies(transport, [*ROOTED, *PLAIN])
    assert {answers[ask.collector].stdout for ask in ROOTED} == {"65534\nstatus=0\nknown=\n"}
    assert sorted(calls(tools)) == ["-n -l", *["-n id -u"] * len(ROOTED)]


async def test_sudo_is_not_asked_if_nothing_needs_root(transport: LocalTransport, tools: Path) -> None:
    sudo(tools, "exit 0")
    await replies(transport, PLAIN)
    assert not (tools / "calls").exists()


async def test_a_sudo_that_hangs_counts_as_a_refusal(
    transport: LocalTransport, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PREFLIGHT_S", 0.5)
    marker = mark()
    sudo(tools, f"sleep {marker}")
    answers = await replies(transport, [*ROOTED, *PLAIN])
    assert {answers[ask.collector].stdout for ask in ROOTED} == {"status=77\nknown=1\n"}
    assert {answers[ask.collector].stdout for ask in PLAIN} == {"uid=65534\n"}
    assert await left(marker) == []
    assert calls(tools) == ["-n -l"]


async def test_cancelled_while_asking_it_asks_again_next_time(transport: LocalTransport, tools: Path) -> None:
    os.mkfifo(tools / "asked", 0o666)
    (tools / "asked").chmod(0o666)
    sudo(tools, f"[ -e {tools}/second ] && exit 0; : >{tools}/second; echo x >{tools}/asked; sleep 1000")
    answers = transport.ask(ROOTED)
    first = asyncio.ensure_future(anext(answers))
    await asyncio.to_thread((tools / "asked").read_text)
    await transport.cancel()
    assert (await first).detail == "cancelled"
    await answers.aclose()
    found = await replies(transport, ROOTED)
    assert {reply.stdout.splitlines()[-1] for reply in found.values()} == {"known="}


async def test_what_runs_as_root_is_killed_through_sudo_when_all_is_allowed(tools: Path) -> None:
    sudo(tools, '[ "$2" = -l ] && { echo "    (ALL) NOPASSWD: ALL"; exit 0; }; shift; exec "$@"')
    marker = mark()
    transport = ExecTransport("web", " ".join((str(tools / "setpriv"), *NOBODY[1:])))
    answers = await replies(transport, [collector("hang", f"root sleep {marker}", timeout_s=0.5)])
    assert answers["hang"].detail == "not finished after 0.5 s"
    assert await left(marker) == []
    assert calls(tools)[-1].startswith("-n kill -9 -- -")
