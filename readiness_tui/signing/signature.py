"""SSH signatures (PROTOCOL.sshsig of OpenSSH): created with a key file, agent or certificate, and parsed."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import asyncssh
from asyncssh.agent import SSHAgentKeyPair
from asyncssh.packet import PacketDecodeError, SSHPacket
from asyncssh.public_key import SSHOpenSSHCertificate, decode_ssh_certificate, decode_ssh_public_key
from asyncssh.sshsig import create_sshsig

from readiness_tui import regular_file
from readiness_tui.errors import ReadinessError, UsageError
from readiness_tui.signing.statement import LARGEST, NAMESPACE

BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_WIDTH = 70
_WEAK = (b"ssh-rsa", b"ssh-dss")
"""Signature algorithms that use SHA-1, which ssh-keygen refuses too."""


@dataclass(frozen=True, slots=True)
class Signer:
    """The key of a valid signature. certificate: the certificate it was signed with, if any."""

    key: asyncssh.SSHKey
    certificate: SSHOpenSSHCertificate | None

    @property
    def fingerprint(self) -> str:
        """`SHA256:...` of the key, as ssh-keygen prints it."""
        return str(self.key.get_fingerprint())


def armored(blob: bytes) -> str:
    """A signature in the format that ssh-keygen writes."""
    text = base64.b64encode(blob).decode()
    lines = [text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH)]
    return "\n".join((BEGIN, *lines, END)) + "\n"


def dearmored(text: str) -> bytes:
    """The binary signature. Raises UsageError for anything but the exact format that ssh-keygen writes."""
    lines = text.split("\n")
    if len(text) > LARGEST or len(lines) < 4 or lines[0] != BEGIN or lines[-2] != END or lines[-1]:
        raise UsageError(
            "not an SSH signature", hint="use the complete file that `ssh-keygen -Y sign` writes"
        )
    try:
        blob = base64.b64decode("".join(lines[1:-2]), validate=True)
    except (binascii.Error, ValueError):
        raise UsageError("not an SSH signature: its base64 is damaged") from None
    if armored(blob) != text:
        raise UsageError("not an SSH signature: its base64 is not in canonical form")
    return blob


def check(message: bytes, signature: str) -> Signer:
    """The key that signed the message in our namespace. Raises UsageError if the signature is not valid."""
    try:
        return _check(message, dearmored(signature))
    except (PacketDecodeError, asyncssh.KeyImportError, ValueError, UnicodeError):
        raise UsageError("the signature is damaged") from None


def _check(message: bytes, blob: bytes) -> Signer:
    packet = SSHPacket(blob)
    if packet.get_bytes(6) != b"SSHSIG" or packet.get_uint32() != 1:
        raise UsageError("not an SSH signature of version 1")
    public = packet.get_string()
    namespace, reserved = packet.get_string(), packet.get_string()
    hashed, signed = packet.get_string(), packet.get_string()
    packet.check_end()
    if namespace != NAMESPACE.encode():
        raise UsageError(f"signed for the namespace {namespace.decode()!r}, not {NAMESPACE!r}")
    if reserved or hashed not in (b"sha256", b"sha512"):
        raise UsageError("the signature uses an unknown hash")
    if SSHPacket(signed).get_string() in _WEAK:
        raise UsageError("the signature uses SHA-1, which is not secure")
    certificate: SSHOpenSSHCertificate | None = None
    try:
        decoded = decode_ssh_certificate(public)
        if not isinstance(decoded, SSHOpenSSHCertificate):
            raise UsageError("the certificate of the signature is not an OpenSSH certificate")
        certificate, key = decoded, decoded.key
    except asyncssh.KeyImportError:
        key = decode_ssh_public_key(public)
    digest = hashlib.new(hashed.decode(), message).digest()
    fields = (namespace, b"", hashed, digest)
    covered = b"SSHSIG" + b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    if not key.verify(covered, signed):
        raise UsageError("the signature does not match this text")
    return Signer(key, certificate)


def sign_with_file(message: bytes, path: Path, passphrase: str | None = None) -> str:
    """Sign with a private key file, and with the certificate beside it (`-cert.pub`) if there is one.

    Raises UsageError for a file that is not a private key or needs a passphrase.
    """
    try:
        key = asyncssh.import_private_key(regular_file.read_bytes(path, regular_file.SMALL), passphrase)
        beside = path.with_name(path.name + "-cert.pub")
        pair = (key, _certificate(beside)) if beside.exists() else key
        return armored(create_sshsig(pair, message, namespace=NAMESPACE, raw=True))
    except asyncssh.KeyEncryptionError:
        raise UsageError("wrong passphrase", where=str(path)) from None
    except (asyncssh.KeyImportError, OSError, ValueError) as error:
        raise UsageError(f"cannot sign with this key: {error}", where=str(path)) from None


def sign_with_agent(message: bytes, public: Path | None) -> str:
    """Sign with a key of the agent: the key of a public key file, else the agent's only key.

    Raises ReadinessError if there is no agent or it does not have that key.
    """
    return asyncio.run(_agent(message, public))


async def _agent(message: bytes, public: Path | None) -> str:
    socket = os.environ.get("SSH_AUTH_SOCK", "")
    if not socket:
        raise ReadinessError("no SSH agent: SSH_AUTH_SOCK is not set", hint="sign with --key FILE")
    try:
        async with asyncssh.connect_agent(socket) as agent:
            pairs = list(await agent.get_keys())
            wanted = _public_blob(public) if public else None
            matching = [pair for pair in pairs if wanted in (None, pair.public_data)]
            if len(matching) != 1:
                raise ReadinessError(
                    f"the agent has {len(matching)} matching keys", hint="select one: --key FILE.pub"
                )
            pair = matching[0]
            assert isinstance(pair, SSHAgentKeyPair)  # the type of an agent's key
            if pair.sig_algorithm == b"ssh-rsa":
                pair.set_sig_algorithm(b"rsa-sha2-512")
            fields = (NAMESPACE.encode(), b"", b"sha512", hashlib.sha512(message).digest())
            covered = b"SSHSIG" + b"".join(map(_string, fields))
            signed = await pair.sign_async(covered)
    except (OSError, asyncssh.Error, ValueError) as error:
        raise ReadinessError(f"the agent did not sign: {error}") from None
    parts = (pair.public_data, NAMESPACE.encode(), b"", b"sha512", signed)
    return armored(b"SSHSIG" + (1).to_bytes(4, "big") + b"".join(map(_string, parts)))


def _certificate(path: Path) -> asyncssh.SSHCertificate:
    return asyncssh.import_certificate(regular_file.read_bytes(path, regular_file.SMALL))


def _public_blob(path: Path) -> bytes:
    try:
        text = regular_file.read_text(path, regular_file.SMALL).split()
        return base64.b64decode(text[1], validate=True)
    except (OSError, IndexError, ValueError) as error:
        raise UsageError(f"not a public key: {error}", where=str(path)) from None


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
