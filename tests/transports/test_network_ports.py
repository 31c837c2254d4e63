"""Connections to real ports on the loopback: open, closed, filtered, and without a route."""

from __future__ import annotations

import asyncio
import socket
from contextlib import ExitStack
from typing import Any

import pytest
from pydantic import ValidationError

from readiness_tui.model.network_asks import PortsAsk
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Reply
from readiness_tui.transports.network.transport import NetworkTransport
from tests.sshd import free_port
from tests.transports.asking import replies
from tests.transports.servers import filtered_port


async def ask(ask: PortsAsk) -> Reply:
    return (await replies(NetworkTransport(), [ask]))["ports"]


def rows(reply: Reply) -> list[str]:
    assert reply.cause is None, reply.detail
    return reply.stdout.splitlines()


def listening(stack: ExitStack, host: str = "127.0.0.1") -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = stack.enter_context(socket.create_server((host, 0), family=family, backlog=16))
    port: int = server.getsockname()[1]
    return port


async def test_open_closed_and_filtered() -> None:
    with ExitStack() as stack, filtered_port() as filtered:
        first, second = sorted((listening(stack), listening(stack)))
        ports = (second, free_port(), filtered, first)
        lines = rows(await ask(PortsAsk(host="127.0.0.1", ports=ports, wait_s=0.5)))
    assert lines == [
        "address=127.0.0.1",
        f"open={first}",
        f"open={second}",
        f"open_at={second}|127.0.0.1",
        f"open_at={first}|127.0.0.1",
        "closed_count=1",
        "filtered_count=1",
        "asked_count=4",
    ]


async def test_ipv6_is_asked_the_same_way() -> None:
    with ExitStack() as stack:
        port = listening(stack, "::1")
        lines = rows(await ask(PortsAsk(host="::1", ports=(port,))))
    assert f"open_at={port}|::1" in lines


async def test_a_connection_is_closed_at_once() -> None:
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        await ask(PortsAsk(host="127.0.0.1", ports=(server.getsockname()[1],)))
        connection, _ = await asyncio.to_thread(server.accept)
        with connection:
            connection.settimeout(10)
            assert connection.recv(1) == b"", "nothing is said, and the other end is closed"


async def test_no_way_there_and_no_such_name() -> None:
    no_way = await ask(PortsAsk(host="fe80::1", ports=(22, 80)))  # link-local without its link
    nowhere = await ask(PortsAsk(host="no-such-host.invalid", ports=(22,)))
    assert (no_way.cause, "no route to fe80::1" in no_way.detail) == (Cause.UNREACHABLE, True)
    assert (nowhere.cause, "DNS" in nowhere.hint) == (Cause.UNREACHABLE, True)


async def test_five_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    busy = most = 0
    real = loop.sock_connect

    async def counted(plug: socket.socket, where: Any) -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        try:
            await real(plug, where)
        finally:
            busy -= 1

    monkeypatch.setattr(loop, "sock_connect", counted)
    with filtered_port() as port:  # the first one waits while the others come and go
        ports = (port, *(free_port() for _ in range(9)))
        lines = rows(await ask(PortsAsk(host="127.0.0.1", ports=ports, wait_s=0.3)))
    assert "asked_count=10" in lines
    assert most == 5


def test_no_more_than_sixty_ports_and_no_option_for_a_host() -> None:
    with pytest.raises(ValidationError, match="at most 60"):
        PortsAsk(host="shop.example", ports=tuple(range(1, 62)))
    with pytest.raises(ValidationError):
        PortsAsk(host="-e", ports=(22,))
    assert PortsAsk(host="shop.example", ports=(22, 80)).command == (
        "for p in 22 80; do nc -zvw 2 shop.example $p; done"
    )
