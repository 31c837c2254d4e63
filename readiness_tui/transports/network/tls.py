"""TLS handshakes: the certificate of a public name as any client sees it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import NameOID

from readiness_tui.errors import TransportError
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import TlsAsk
from readiness_tui.transports.network.contract import Lines, Trust
from readiness_tui.transports.network.errors import trouble

_NO_TLS = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "RECORD_LAYER_FAILURE",
    "PACKET_LENGTH_TOO_LONG",
)
"""OpenSSL's errors for an answer that is not a TLS record."""


async def look(ask: TlsAsk, trust: Trust) -> Lines:
    """Verify the certificate; one that fails is fetched again without verification, to be described.

    Raises TransportError if no certificate was received.
    """
    place = f"{ask.host}:{ask.port}"
    try:
        try:
            der, protocol = await _handshake(ask, await trust.context(ask.kind))
            verdict = [("verified", "true")]
        except ssl.SSLCertVerificationError as error:
            open_minded = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            open_minded.check_hostname = False
            open_minded.verify_mode = ssl.CERT_NONE
            der, protocol = await _handshake(ask, open_minded)
            verdict = [("verified", "false"), ("verify_error", error.verify_message)]
        return [*verdict, ("protocol", protocol), *describe(der).items()]
    except TimeoutError:
        raise
    except ssl.SSLError as error:
        if error.reason in _NO_TLS and await _answers_http(ask):
            return [("plain_http", "true")]
        raise trouble(place, error) from error
    except (OSError, EOFError) as error:
        raise trouble(place, error) from error
    except UnicodeError as error:
        raise trouble(place, error) from error
    except ValueError as error:
        message = f"the certificate of {place} cannot be read: {error}"
        raise TransportError(message, cause=Cause.GARBLED) from error


async def _answers_http(ask: TlsAsk) -> bool:
    """Whether the port answers a request without TLS."""
    try:
        reader, writer = await asyncio.open_connection(ask.host, ask.port)
        try:
            writer.write(f"HEAD / HTTP/1.0\r\nHost: {ask.host}\r\n\r\n".encode())
            return (await reader.read(5)).startswith(b"HTTP/")
        finally:
            writer.close()
    except OSError:
        return False


async def _handshake(ask: TlsAsk, context: ssl.SSLContext) -> tuple[bytes, str]:
    """The peer's certificate (DER) and the protocol version."""
    _, writer = await asyncio.open_connection(ask.host, ask.port, ssl=context, server_hostname=ask.host)
    try:
        session: ssl.SSLObject = writer.get_extra_info("ssl_object")
        der = session.getpeercert(binary_form=True)
        if der is None:
            raise ValueError("the server sent no certificate")
        return der, session.version() or ""
    finally:
        writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await writer.wait_closed()


def describe(der: bytes) -> dict[str, str]:
    """The facts of a certificate. Times are seconds since 1970."""
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
