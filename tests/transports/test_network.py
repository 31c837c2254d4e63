"""When network asks are sent: in parallel, paced for each host, cancelled at any time."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import aclosing

import pytest

from readiness_tui.model.network_asks import DnsAsk, HttpAsk, PortsAsk, Sample
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, LinkAsk, Reply, TlsAsk
from readiness_tui.transports.contract import Started, ignore_start
from readiness_tui.transports.network import transport as network_transport
from readiness_tui.transports.network.transport import NetworkTransport
from tests.transports.asking import collector, replies
from tests.transports.servers import Request, says, site


async def every(
    transport: NetworkTransport, asks: Sequence[Ask], started: Started = ignore_start
) -> list[Reply]:
    async with aclosing(transport.ask(asks, started)) as answers:
        return [reply async for reply in answers]


async def test_the_network_is_asked_for_nothing_else() -> None:
    answers = await replies(NetworkTransport(), [LinkAsk(), collector("c", "true")])
    assert {reply.cause for reply in answers.values()} == {Cause.UNSUPPORTED}


def test_what_is_slow_to_import_is_loaded_when_it_is_first_needed() -> None:
    module = "readiness_tui.transports.network.transport"
    code = f"import sys, {module}; print([m for m in sys.argv[1:] if m in sys.modules])"
    slow = ("httpx", "dns", "cryptography")
    out = subprocess.run([sys.executable, "-c", code, *slow], capture_output=True, text=True, check=True)
    assert out.stdout == "[]\n"


async def test_an_invalid_dns_name_does_not_exist() -> None:
    long = "x" * 70 + ".example"
    asks: list[Ask] = [
        TlsAsk(host=long),
        HttpAsk(url=f"http://{long}/"),
        PortsAsk(host=long, ports=(22,)),
        DnsAsk(name=long),
    ]
    found = await every(NetworkTransport(), asks)
    assert {(reply.ask.kind, reply.cause) for reply in found} == {
        ("tls", Cause.UNREACHABLE),
        ("http", Cause.UNREACHABLE),
        ("ports", Cause.UNREACHABLE),
        ("dns", Cause.GARBLED),
    }
    assert all(long in reply.detail for reply in found)


async def test_no_more_requests_are_under_way_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_transport, "BETWEEN_GETS_S", 0.0)
    limit = network_transport.AT_ONCE["http"]
    begun: list[Ask] = []
    begun_when_full: list[int] = []
    held = 0
    full = asyncio.Event()

    async def hold(request: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal held
        held += 1
        if held == limit:  # none has been answered yet
            begun_when_full.append(len(begun))
            full.set()
        await full.wait()
        await says(200)(request, writer)

    async with site(hold) as found:
        asks = [HttpAsk(url=f"http://127.0.0.1:{found.port}/{n}") for n in range(2 * limit)]
        answers = await every(NetworkTransport(), asks, begun.append)
    assert [reply.cause for reply in answers] == [None] * 2 * limit
    assert begun_when_full == [limit]
    assert len(begun) == 2 * limit


async def test_requests_to_one_host_are_spaced_and_others_do_not_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network_transport, "BETWEEN_GETS_S", 600.0)
    transport = NetworkTransport()
    async with site(says(200)) as found, site(says(200), host="127.0.0.2") as other:
        asks = [
            HttpAsk(url=f"http://127.0.0.1:{found.port}/1"),
            HttpAsk(url=f"http://127.0.0.1:{found.port}/2"),
            HttpAsk(url=f"http://127.0.0.2:{other.port}/"),
        ]
        async with aclosing(transport.ask(asks)) as answers:
            first = {(await anext(answers)).cause, (await anext(answers)).cause}
            await transport.cancel()
            last = await anext(answers)
    assert first == {None}
    assert (last.cause, last.ask) == (Cause.CANCELLED, asks[1])
    assert (len(found.requests), len(other.requests)) == (1, 1)


async def test_samples_of_one_host_do_not_disturb_each_other() -> None:
    order: list[str] = []

    async def note(request: Request, writer: asyncio.StreamWriter) -> None:
        order.append(request.path)
        await says(200)(request, writer)

    async with site(note) as found:
        asks = [
            HttpAsk(url=f"http://127.0.0.1:{found.port}/{name}", sample=Sample(n=1), timeout_s=30)
            for name in "ab"
        ]
        answers = await every(NetworkTransport(), asks)
    assert [reply.cause for reply in answers] == [None, None]
    assert order in (["/a", "/a", "/b", "/b"], ["/b", "/b", "/a", "/a"])


async def test_waiting_for_its_turn_is_not_held_against_an_ask() -> None:
    async with site(says(200)) as found:
        asks = [
            HttpAsk(url=f"http://127.0.0.1:{found.port}/{number}", sample=Sample(n=1), timeout_s=3)
            for number in range(7)  # of half a second each, one after the other
        ]
        answers = await every(NetworkTransport(), asks)
    assert [reply.cause for reply in answers] == [None] * 7


@pytest.mark.parametrize("kind", ["tls", "http", "https"])
async def test_cancel_ends_what_hangs_and_what_waits(kind: str) -> None:
    transport = NetworkTransport()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        sample = Sample(n=1)
        asks: list[Ask] = (
            [TlsAsk(host="127.0.0.1", port=port)]
            if kind == "tls"
            else [HttpAsk(url=f"{kind}://127.0.0.1:{port}/{n}", sample=sample, timeout_s=60) for n in "ab"]
        )
        began = asyncio.Event()
        answers = asyncio.create_task(every(transport, asks, lambda ask: began.set()))
        await began.wait()
        connection, _ = await asyncio.to_thread(silent.accept)
        await transport.cancel()
        assert [reply.cause for reply in await answers] == [Cause.CANCELLED] * len(asks)
        connection.settimeout(10)
        while await asyncio.to_thread(connection.recv, 65536):
            pass  # until the other end is closed, and not only forgotten
        connection.close()
    await transport.close()
