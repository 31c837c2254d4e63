"""TLS handshakes with a real server on the loopback, its certificates made for the test."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import LinkAsk, Reply, TlsAsk
from readiness_tui.transports.network import NetworkTransport
from tests.sshd import free_port
from tests.transports.asking import collector, replies

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def certificate(
    key: Key, names: list[x509.GeneralName], *, days: int = 90, signer: Key | None = None
) -> x509.Certificate:
    authority = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test Trust"),
            x509.NameAttribute(NameOID.COMMON_NAME, "T1"),
        ]
    )
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begin = min(NOW - dt.timedelta(days=1), NOW + dt.timedelta(days=days - 90))
    return (
        x509.CertificateBuilder()
        .subject_name(authority if signer is key else subject)
        .issuer_name(authority)
        .public_key(key.public_key())
        .serial_number(0xABCDEF)
        .not_valid_before(begin)
        .not_valid_after(NOW + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=signer is key, path_length=None), critical=True)
        .sign(signer or key, hashes.SHA256())
    )


LOCALHOST: list[x509.GeneralName] = [
    x509.DNSName("localhost"),
    x509.DNSName("*.example.com"),
    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
]


@asynccontextmanager
async def serving(folder: Path, key: Key, cert: x509.Certificate) -> AsyncIterator[int]:
    pem = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + cert.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

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
        pem = root[1].public_bytes(serialization.Encoding.PEM).decode()
        return NetworkTransport(trust=ssl.create_default_context(cadata=pem))

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
async def test_one_that_is_not_is_described_too_and_says_why(
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


async def test_nobody_there_no_such_name_no_tls_no_answer(trusting: Trusting) -> None:
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


async def test_the_network_is_asked_for_nothing_else(trusting: Trusting) -> None:
    found = await replies(trusting(), [LinkAsk(), collector("c", "true")])
    assert {reply.cause for reply in found.values()} == {Cause.UNSUPPORTED}


async def test_cancel_ends_a_handshake_that_hangs(trusting: Trusting) -> None:
    transport = trusting()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        answers = transport.ask([TlsAsk(host="127.0.0.1", port=port)], lambda ask: began.set())
        began = asyncio.Event()
        waiting = asyncio.create_task(anext(answers))
        await began.wait()
        await transport.cancel()
        assert (await waiting).cause is Cause.CANCELLED
        await answers.aclose()
    await transport.close()
