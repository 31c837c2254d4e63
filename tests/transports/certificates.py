"""Certificates made for the tests, and who trusts them."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from readiness_tui.transports.network.contract import Trust

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


def server_context(folder: Path, key: Key, cert: x509.Certificate) -> ssl.SSLContext:
    """What a server needs to show the certificate."""
    pem = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + cert.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def trust_in(root: x509.Certificate) -> Trust:
    """Believes this authority and no other."""
    pem = root.public_bytes(serialization.Encoding.PEM).decode()
    return Trust(lambda: ssl.create_default_context(cadata=pem))
