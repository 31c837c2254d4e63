"""One test for every transport with a shell: equal asks give equal replies."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import LinkAsk, Reply, TlsAsk
from readiness_tui.transports.replay import ReplayTransport
from tests.transports.asking import collector, left, mark, name_of, order, replies
from tests.transports.conftest import Ways

WAYS = [
    "local",
    pytest.param("ssh", marks=pytest.mark.needs("sshd")),
    "exec",
    "moon",
]

ASKS = (
    collector("facts", 'kv name "$1"; cant other denied; kv n $#', 'it\'s "quoted" $HOME `id` \\n', ""),
    collector("streams", "echo out; echo err >&2; exit 7"),
    collector("no-newline", "printf 'no newline'; printf 'nor here' >&2"),
    collector("lines", "printf '\\n\\n a\\r\\nb\\n\\n'"),
    collector("utf8", "printf 'gr\\303\\274n \\377 end'"),
    collector("empty", "true"),
    collector("stdin", "cat; echo after"),
    collector("return", "echo one; return 4; echo two"),
    collector("subshell", "cd /; x=1; exit 0"),
    collector("clean", 'kv pwd "$PWD" >/dev/null; kv x "${x:-unset}"; kv lang "$LC_ALL"'),
    collector("here", "cat <<EOF\n$1\nEOF\n", "in a here-document"),
)


def essence(reply: Reply) -> tuple[object, ...]:
    return (reply.stdout, reply.stderr, reply.exit, reply.cause, reply.detail, reply.hint, reply.clipped)


EXPECTED = {
    "facts": ('name=it\'s "quoted" $HOME `id` \\n\n!other=denied\nn=2\n', "", 0),
    "streams": ("out\n", "err\n", 7),
    "no-newline": ("no newline", "nor here", 0),
    "lines": ("\n\n a\r\nb\n\n", "", 0),
    "utf8": ("grün \N{REPLACEMENT CHARACTER} end", "", 0),
    "empty": ("", "", 0),
    "stdin": ("after\n", "", 0),
    "return": ("one\n", "", 4),
    "subshell": ("", "", 0),
    "clean": ("x=unset\nlang=C\n", "", 0),
    "here": ("in a here-document\n", "", 0),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("workers", [1, 4])
async def test_every_transport_replies_alike(ways: Ways, way: str, workers: int) -> None:
    transport = ways(way, workers=workers)
    await transport.open()
    await transport.open()
    for _ in range(2):  # again over what is kept open
        answers = await replies(transport, ASKS)
        assert {name: essence(reply)[:3] for name, reply in answers.items()} == EXPECTED
        assert all(reply.cause is None and not reply.clipped for reply in answers.values())
        assert all(reply.host == "web" and reply.took_ms >= 0 for reply in answers.values())
    await transport.close()
    await transport.close()


@pytest.mark.parametrize("way", WAYS)
async def test_unsupported_asks_are_reported_and_the_link_ask_describes_the_connection(
    ways: Ways, way: str
) -> None:
    transport = ways(way)
    await transport.open()
    answers = await replies(transport, [LinkAsk(), TlsAsk(host="localhost")])
    assert f"transport={way}\n" in answers["link"].stdout
    assert answers["tls"].cause is Cause.UNSUPPORTED


@pytest.mark.parametrize("way", WAYS)
async def test_the_longest_comes_first_once_it_is_known(ways: Ways, way: str) -> None:
    asks = [collector(f"quick{n}", "true") for n in range(3)] + [collector("slow", "sleep 0.3")]
    transport = ways(way, workers=1)
    await transport.open()
    await order(transport, asks)
    assert (await order(transport, asks))[0] == "slow"


@pytest.mark.parametrize("way", WAYS)
async def test_cancel_answers_the_rest_and_leaves_nothing(ways: Ways, way: str) -> None:
    marker = mark()
    asks = [collector(f"hang{n}", f"sleep {marker}", timeout_s=20) for n in range(6)]
    transport = ways(way, workers=2)
    await transport.open()
    found: list[Reply] = []
    async for reply in transport.ask([collector("quick", "true"), *asks]):
        found.append(reply)
        if len(found) == 1:
            await transport.cancel()
            assert await left(marker) == []
    causes = {name_of(reply.ask): reply.cause for reply in found}
    assert len(found) == 7
    assert {cause for name, cause in causes.items() if name != "quick"} == {Cause.CANCELLED}
    again = await replies(transport, [collector("again", "echo back")])
    assert again["again"].stdout == "back\n", "a cancelled transport can be asked again"


async def test_a_recording_replies_as_the_host_did(ways: Ways, tmp_path: Path) -> None:
    transport = ways("local")
    await transport.open()
    live = await replies(transport, ASKS)
    recording = tmp_path / "day.replies.jsonl"
    recording.write_text("".join(reply.model_dump_json() + "\n" for reply in live.values()))
    for host in ("web", "another"):
        replay = ReplayTransport(host, recording)
        await replay.open()
        again = await replies(replay, ASKS)
        assert {name: essence(r) for name, r in again.items()} == {
            name: essence(r) for name, r in live.items()
        }
        assert {reply.host for reply in again.values()} == {host}
        stranger = await replies(replay, [collector("facts", "another text")])
        assert stranger["facts"].cause is Cause.UNSUPPORTED
        assert "not recorded" in stranger["facts"].detail
