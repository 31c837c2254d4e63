"""TLS handshakes with a real server on the loopback, its certificates made for the test."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Reply, TlsAsk
from readiness_tui.transports.network.transport import NetworkTransport
from tests.sshd import free_port
from tests.transports.asking import replies
from tests.transports.certificates import LOCALHOST, Key, certificate, server_context, trust_in


@asynccontextmanager
async def serving(folder: Path, key: Key, cert: x509.Certificate) -> AsyncIterator[int]:
    context = server_context(folder, key, cert)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


def facts(reply: Reply) -> dict[str, str]:
    assert reply.cause is None, reply.detail
    return dict(line.split("=", 1) for line in reply.stdout.splitlines())


@pytest.fixture(scope="module")
def root() -> tuple[Key, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    return key, certificate(key, [], signer=key)


Trusting = Callable[[], NetworkTransport]


@pytest.fixture
def trusting(root: tuple[Key, x509.Certificate]) -> Trusting:
    def make() -> NetworkTransport:
        return NetworkTransport(trust=trust_in(root[1]))

    return make


async def ask(transport: NetworkTransport, *asks: TlsAsk) -> Reply:
    return (await replies(transport, asks))["tls"]


async def test_a_certificate_in_order_is_described(
    trusting: Trusting, root: tuple[Key, x509.Certificate], tmp_path: Path
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    cert = certificate(key, LOCALHOST, signer=root[0])
    async with serving(tmp_path, key, cert) as port:
        reply = await ask(trusting(), TlsAsk(host="localhost", port=port))
    assert facts(reply) == {
        "verified": "true",
        "protocol": "TLSv1.3",
        "subject": "CN=localhost",
        "issuer_org": "Test Trust",
        "issuer_cn": "T1",
        "sans": "localhost|*.example.com|127.0.0.1",
        "not_before": str(int(cert.not_valid_before_utc.timestamp())),
        "not_after": str(int(cert.not_valid_after_utc.timestamp())),
        "serial": "abcdef",
        "key": "ecdsa 256",
    }
    assert reply.host == "network"
    assert reply.took_ms > 0


@pytest.mark.parametrize(
    ("names", "days", "trusted", "words"),
    [
        (LOCALHOST, 90, False, "unable to get local issuer certificate"),
        (LOCALHOST, -1, True, "certificate has expired"),
        ([x509.DNSName("elsewhere.example")], 90, True, "Hostname mismatch"),
    ],
)
async def test_an_untrusted_certificate_is_described_with_the_reason(
    trusting: Trusting,
    root: tuple[Key, x509.Certificate],
    tmp_path: Path,
    names: list[x509.GeneralName],
    days: int,
    trusted: bool,
    words: str,
) -> None:
    key = rsa.generate_private_key(65537, 2048)
    async with serving(tmp_path, key, certificate(key, names, days=days, signer=root[0])) as port:
        transport = trusting() if trusted else NetworkTransport()
        found = facts(await ask(transport, TlsAsk(host="localhost", port=port)))
    assert found["verified"] == "false"
    assert words in found["verify_error"]
    assert (found["key"], found["issuer_org"]) == ("rsa 2048", "Test Trust")


async def test_refused_unknown_name_no_tls_and_no_answer(trusting: Trusting) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            transport = trusting()
            refused = await ask(transport, TlsAsk(host="localhost", port=free_port()))
            nowhere = await ask(transport, TlsAsk(host="no-such-host.invalid"))
            mail = await ask(transport, TlsAsk(host="localhost", port=server.sockets[0].getsockname()[1]))
            late = await ask(transport, TlsAsk(host="127.0.0.1", port=silent.getsockname()[1], timeout_s=0.3))
            odd = await ask(transport, TlsAsk(host=".bad..name."))
    assert (refused.cause, "refused" in refused.detail) == (Cause.UNREACHABLE, True)
    assert (nowhere.cause, "DNS" in nowhere.hint) == (Cause.UNREACHABLE, True)
    assert (mail.cause, "no TLS" in mail.detail) == (Cause.GARBLED, True)
    assert (late.cause, "0.3 s" in late.detail) == (Cause.TIMEOUT, True)
    assert odd.cause in (Cause.GARBLED, Cause.UNREACHABLE)


async def test_a_port_that_answers_http_without_tls_is_a_fact(trusting: Trusting) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(64)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        reply = await ask(trusting(), TlsAsk(host="127.0.0.1", port=port))
    assert facts(reply) == {"plain_http": "true"}
