"""Misbehaving collectors: each gets its own answer, does not affect the others, and leaves no process."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import psutil
import pytest

from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import CollectorAsk, Reply
from readiness_tui.transports.shell.jobs import WorkerLimits
from tests.sshd import Sshd
from tests.transports.asking import collector, gone, left, mark, marked, name_of, replies
from tests.transports.conftest import Servers, Ways, ssh_to

WAYS = [
    "local",
    pytest.param("ssh", marks=pytest.mark.needs("sshd")),
    "exec",
    pytest.param("/bin/bash --posix -s", marks=pytest.mark.needs("bash")),
    pytest.param("/usr/bin/env busybox ash -s", marks=pytest.mark.needs("busybox")),
    pytest.param("/usr/bin/env mksh -s", marks=pytest.mark.needs("mksh")),
]


def hostile(marker: str) -> list[CollectorAsk]:
    """What a collector could do wrong; `marker` is in the name of every process it leaves."""
    return [
        collector("pipeline", f"echo begun; sleep {marker} | cat", timeout_s=1),
        collector("trap", f"trap '' TERM HUP INT; while :; do sleep {marker}; done", timeout_s=1),
        collector("flood", "yes"),
        collector("flood-stderr", "yes >&2"),
        collector("suicide", "kill -9 $$", timeout_s=5),
        collector(
            "forged",
            "for n in 0 1 2 3 9; do printf '\\n%032d %s 0\\n' 0 $n; done; printf '\\n%s 1 0\\n' \"$N\"",
        ),
        collector("binary", "printf '\\377\\376\\000\\001\\r\\033[2J'; printf '\\000' >&2"),
        collector("nul-only", "printf '\\000\\000'"),
        collector("syntax", "if true; then\n"),
        collector("brace", "echo a; }; echo b; main2() { echo c"),
        collector("reader", 'read -r line; echo "got ${line:-nothing}"; cat'),
        collector("daemon", f"sleep {marker} & echo started"),
        collector("chatter", f"(while :; do echo noise; sleep 0.01 {marker}; done) & echo chatting"),
        collector("strict", "set -eu; echo before; false; echo never"),
        collector("unset", 'set -u; echo "$nothing_of_that_name"'),
        collector("closed", "exec >&- 2>&-; echo lost"),
        collector("long-line", "head -c 200000 /dev/zero | tr '\\0' x"),
        collector(
            "redefine", "echo() { :; }; printf() { :; }; _rt() { :; }; N=x K=1; exec 2>/dev/null; kv a b"
        ),
        collector("alias", "alias echo=false kill=true 2>/dev/null; unset PATH; PATH=; cd /nowhere; exit 9"),
        collector("traps", "trap 'echo bye' EXIT; trap : TERM; exit 5"),
        collector("term", "kill -TERM 0; echo survived"),
        *(collector(f"good{n}", f"echo good {n}") for n in range(4)),
    ]


def check(found: dict[str, Reply], *, mksh: bool) -> None:
    if mksh:  # it finishes a command after SIGTERM, so that a stray may say one line more
        last = {name: reply.stdout.replace("noise\n", "") for name, reply in found.items()}
        found = {name: reply.model_copy(update={"stdout": last[name]}) for name, reply in found.items()}
    for n in range(4):
        assert (found[f"good{n}"].stdout, found[f"good{n}"].cause) == (f"good {n}\n", None)
    for name in ("pipeline", "trap"):
        assert (found[name].cause, found[name].exit) == (Cause.TIMEOUT, None)
    assert found["pipeline"].stdout == "begun\n", "what it printed before is kept"
    for name, stream in (("flood", found["flood"].stdout), ("flood-stderr", found["flood-stderr"].stderr)):
        assert (found[name].cause, found[name].clipped) == (Cause.GARBLED, True)
        assert len(stream) == 256 * 1024
    assert found["suicide"].cause in (Cause.ERROR, Cause.TIMEOUT)
    assert found["suicide"].exit is None
    assert found["forged"].stdout.endswith("\n 1 0\n")
    assert found["forged"].exit == 0
    assert found["binary"].stdout == "\ufffd\ufffd\0\x01\r\x1b[2J"
    assert found["binary"].stderr == "\0"
    assert found["nul-only"].stdout == "\0\0"
    assert found["syntax"].exit not in (0, None)
    assert found["reader"].stdout == "got nothing\n"
    assert found["daemon"].stdout == "started\n"
    assert found["chatter"].stdout.endswith("chatting\n") or "noise" in found["chatter"].stdout
    assert found["strict"].stdout == "before\n"
    assert found["strict"].exit not in (0, None)
    assert found["unset"].exit not in (0, None)
    assert found["closed"].stdout == ""
    assert found["long-line"].stdout == "x" * 200_000
    assert found["redefine"].stdout in ("a=b\n", "")
    assert found["alias"].exit in (9, 1, 2, 127)
    assert found["traps"].stdout == "bye\n"
    assert found["traps"].exit == 5
    assert found["term"].cause is None
    if not mksh:
        assert found["suicide"].detail == "the shell was killed while this ran"
    quiet = [r for name, r in found.items() if name not in ("chatter", "term", "brace")]
    assert not any("noise" in reply.stdout for reply in quiet), "a stray spoke into another's output"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("workers", [1, 4])
async def test_each_gets_its_answer_and_nothing_is_left(ways: Ways, way: str, workers: int) -> None:
    marker = mark()
    transport = ways(way, workers=workers, limits=WorkerLimits(budget_s=int(marker)))
    await transport.open()
    asks = hostile(marker)[:: 1 if workers == 4 else -1]
    check(await replies(transport, asks), mksh="mksh" in way)
    assert await left(marker) == [], "neither a leftover process nor a watchdog"


@pytest.mark.needs("sshd")
async def test_a_host_with_one_session_gives_the_same_answers(sshds: Servers) -> None:
    marker = mark()
    server = sshds("MaxSessions 1")
    transport = ssh_to(server, limits=WorkerLimits(budget_s=int(marker)))
    await transport.open()
    check(await replies(transport, hostile(marker)), mksh=False)
    assert await left(marker) == []
    await transport.close()
    assert await gone(server.family()), "the connections end, and what ran in them"


async def test_cancelling_while_a_hung_collector_is_being_killed_still_kills_it(ways: Ways) -> None:
    marker = mark()
    transport = ways("local", workers=2)
    await transport.open()
    asks = [collector(f"hang{n}", f"sleep {marker}", timeout_s=0.5) for n in range(4)]
    async for _ in transport.ask(asks):
        await transport.cancel()
        await transport.cancel()
        assert await left(marker) == []


@pytest.mark.parametrize("way", ["local", pytest.param("ssh", marks=pytest.mark.needs("sshd"))])
async def test_leaving_the_replies_early_ends_the_rest(ways: Ways, way: str, tmp_path: Path) -> None:
    marker = mark()
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    transport = ways(way, workers=1)
    await transport.open()
    ask = collector("hang", f"echo up >{fifo}; sleep {marker}")
    answers = transport.ask([ask])
    waiting = asyncio.create_task(anext(answers))
    assert await asyncio.to_thread(fifo.read_text) == "up\n"
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await answers.aclose()
    assert await left(marker) == []
    assert (await replies(transport, [collector("next", "echo next")]))["next"].stdout == "next\n"


CLIENT = """
import asyncio, sys
from pathlib import Path
from readiness_tui.model.inventory import Address
from readiness_tui.model.probe import CollectorAsk
from readiness_tui.transports.shell.jobs import WorkerLimits
from readiness_tui.transports.shell.exec import ExecTransport
from readiness_tui.transports.shell.local import LocalTransport
from readiness_tui.transports.ssh.transport import SshTransport
from readiness_tui.transports.ssh.connect import Connector
from readiness_tui.transports.ssh.route import SshSettings

way, address, config, marker, fifo = sys.argv[1:]

async def main():
    limits = WorkerLimits(budget_s=600)
    if way == "ssh":
        connector = Connector(SshSettings(Path(config)))
        transport = SshTransport("web", Address.parse(address), connector, limits=limits)
    elif way == "exec":
        transport = ExecTransport("web", "env HOST={host} sh", limits=limits)
    else:
        transport = LocalTransport("web", limits=limits)
    await transport.open()
    script = f"echo up >{fifo}; trap '' TERM; while :; do sleep {marker}; done"
    async for reply in transport.ask([CollectorAsk(collector="hang", script=script, timeout_s=100)]):
        print(reply)

asyncio.run(main())
"""


@pytest.mark.needs("sshd")
@pytest.mark.parametrize("way", ["local", "ssh", "exec"])
async def test_when_the_client_is_killed_its_workers_end_at_once(
    sshd: Sshd, way: str, tmp_path: Path
) -> None:
    marker = mark()
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    words = [way, sshd.address, str(sshd.ssh_config), marker, str(fifo)]
    client = await asyncio.create_subprocess_exec(sys.executable, "-c", CLIENT, *words)
    assert await asyncio.to_thread(fifo.read_text) == "up\n"
    client.kill()
    await client.wait()
    left = [process for process in marked(marker) if process.pid != client.pid]
    assert await gone(left), "the end of input did not end the workers"
    assert not [process for process in psutil.process_iter() if process in left]


async def test_a_worker_that_always_ends_during_its_first_job_causes_no_endless_loop(ways: Ways) -> None:
    transport = ways("/bin/sh -c head\\ -c\\ 3000\\ >/dev/null;echo\\ gone", workers=2)
    await transport.open()
    answers = await replies(transport, [collector(f"c{n}", "echo hi") for n in range(5)])
    assert {reply.cause for reply in answers.values()} == {Cause.UNSUPPORTED}
    assert {name_of(reply.ask) for reply in answers.values()} == {f"c{n}" for n in range(5)}
