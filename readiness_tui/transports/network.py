"""What is seen from the operator's machine of a public endpoint: TLS handshakes."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import NameOID

from readiness_tui.model.inventory import NETWORK
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply, TlsAsk
from readiness_tui.transports.contract import Started, nobody
from readiness_tui.transports.shell_host import now, refused, said
from readiness_tui.transports.sockets import is_refused, words

AT_ONCE = 8
"""Connections at once: the network's own pace, apart from that of hosts."""


class NetworkTransport:
    """The vantage point `network`. There is nothing to open; every ask stands alone."""

    def __init__(self, *, trust: ssl.SSLContext | None = None) -> None:
        """trust: whom to believe, instead of the system's authorities."""
        self._trust = trust
        self._running: set[asyncio.Task[Reply]] = set()

    @property
    def host(self) -> str:
        """The vantage point's name."""
        return NETWORK

    async def open(self) -> None:
        """Nothing to do."""

    async def ask(self, asks: Sequence[Ask], started: Started = nobody) -> AsyncGenerator[Reply, None]:
        """See the contract."""
        pace = asyncio.Semaphore(AT_ONCE)
        tasks = {asyncio.create_task(self._one(ask, pace, started)): ask for ask in asks}
        self._running |= tasks.keys()
        waiting = set(tasks)
        try:
            while waiting:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    if task.cancelled():
                        yield refused(self.host, tasks[task], Cause.CANCELLED, "cancelled")
                    else:
                        yield task.result()
        finally:
            self._running -= tasks.keys()
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _one(self, ask: Ask, pace: asyncio.Semaphore, started: Started) -> Reply:
        async with pace:
            started(ask)
            if isinstance(ask, TlsAsk):
                return await self._tls(ask)
            return refused(self.host, ask, Cause.UNSUPPORTED, f"the network is not asked for a {ask.kind}")

    async def _tls(self, ask: TlsAsk) -> Reply:
        asked_at, began = now(), time.monotonic()
        try:
            async with asyncio.timeout(ask.timeout_s):
                facts = await self._handshakes(ask)
        except TimeoutError:
            reply = refused(self.host, ask, Cause.TIMEOUT, f"no handshake within {ask.timeout_s:g} s")
        except (OSError, EOFError, ValueError) as error:
            reply = _trouble(self.host, ask, error)
        else:
            reply = said(self.host, ask, facts)
        took = round((time.monotonic() - began) * 1000)
        return reply.model_copy(update={"asked_at": asked_at, "took_ms": took})

    async def _handshakes(self, ask: TlsAsk) -> dict[str, str]:
        """Verify first; a certificate that fails is fetched again without, to be described."""
        try:
            if self._trust is None:  # reads files, so not on the event loop
                self._trust = await asyncio.to_thread(ssl.create_default_context)
            peer = await _handshake(ask, self._trust)
            verdict = {"verified": "true"}
        except ssl.SSLCertVerificationError as error:
            open_minded = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            open_minded.check_hostname = False
            open_minded.verify_mode = ssl.CERT_NONE
            peer = await _handshake(ask, open_minded)
            verdict = {"verified": "false", "verify_error": error.verify_message}
        der, protocol = peer
        return verdict | {"protocol": protocol} | describe(der)

    async def cancel(self) -> None:
        """See the contract."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def close(self) -> None:
        """End what runs."""
        await self.cancel()


async def _handshake(ask: TlsAsk, context: ssl.SSLContext) -> tuple[bytes, str]:
    """The peer's certificate (DER) and the protocol version."""
    _, writer = await asyncio.open_connection(ask.host, ask.port, ssl=context, server_hostname=ask.host)
    try:
        session: ssl.SSLObject = writer.get_extra_info("ssl_object")
        der = session.getpeercert(binary_form=True)
        if der is None:
            raise ValueError("the server showed no certificate")
        return der, session.version() or ""
    finally:
        writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await writer.wait_closed()


def describe(der: bytes) -> dict[str, str]:
    """The facts of a certificate; times are seconds since 1970."""
    cert = x509.load_der_x509_certificate(der)
    facts = {
        "subject": cert.subject.rfc4514_string(),
        "issuer_org": _first(cert.issuer, NameOID.ORGANIZATION_NAME),
        "issuer_cn": _first(cert.issuer, NameOID.COMMON_NAME),
        "sans": "|".join(_names(cert)),
        "not_before": _epoch(cert.not_valid_before_utc),
        "not_after": _epoch(cert.not_valid_after_utc),
        "serial": f"{cert.serial_number:x}",
        "key": _key(cert),
    }
    return {name: value for name, value in facts.items() if value}


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    values = name.get_attributes_for_oid(oid)
    return str(values[0].value) if values else ""


def _names(cert: x509.Certificate) -> list[str]:
    try:
        names = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    return [*names.get_values_for_type(x509.DNSName), *addresses]


def _epoch(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def _key(cert: x509.Certificate) -> str:
    match cert.public_key():
        case rsa.RSAPublicKey() as key:
            return f"rsa {key.key_size}"
        case ec.EllipticCurvePublicKey() as key:
            return f"ecdsa {key.key_size}"
        case ed25519.Ed25519PublicKey():
            return "ed25519 256"
        case ed448.Ed448PublicKey():
            return "ed448 456"
        case dsa.DSAPublicKey() as key:
            return f"dsa {key.key_size}"
        case _:
            return "other"


def _trouble(host: str, ask: TlsAsk, error: Exception) -> Reply:
    place = f"{ask.host}:{ask.port}"
    if isinstance(error, socket.gaierror):
        detail, hint = f"no host {ask.host!r}: {error.strerror}", "check the domain parameter and DNS"
        return refused(host, ask, Cause.UNREACHABLE, detail, hint)
    if is_refused(error):
        hint = "is the web server up, and is that the right port?"
        return refused(host, ask, Cause.UNREACHABLE, f"connection refused by {place}", hint)
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or str(error)).replace("_", " ").lower()
        return refused(host, ask, Cause.GARBLED, f"no TLS with {place}: {reason}")
    if isinstance(error, ValueError):
        return refused(host, ask, Cause.GARBLED, f"no certificate of {place} that can be read: {error}")
    return refused(host, ask, Cause.UNREACHABLE, f"no connection to {place}: {words(error)}")
