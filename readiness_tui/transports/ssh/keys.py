"""The keys for authentication in OpenSSH's order, and the keys that cannot be used, with the reason."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import asyncssh

from readiness_tui import regular_file
from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys

TRIES = 6
"""Keys offered on one connection, sshd's default MaxAuthTries. With more, sshd disconnects."""

AGENT_S = 5.0
"""Seconds an agent may take to list its keys."""

USUAL = ("id_ed25519_sk", "id_ecdsa_sk", "id_ed25519", "id_ecdsa", "id_rsa")
"""Tried in ~/.ssh if ssh_config has no IdentityFile."""


@dataclass(frozen=True, slots=True)
class Identities:
    """The keys that ssh_config names.

    pairs: private keys read from files. unlocked: keys whose passphrase was entered. public: public
    halves of all files named, also of those that only an agent can use. locked: files with a passphrase,
    each with its public half, empty if unknown. chosen: the first file in ssh_config; None if there is
    none. agent: the agent's socket, or empty. only: use only these keys (IdentitiesOnly).
    """

    pairs: tuple[asyncssh.SSHKeyPair, ...] = ()
    unlocked: tuple[asyncssh.SSHKeyPair, ...] = ()
    public: tuple[bytes, ...] = ()
    locked: Mapping[Path, bytes] = field(default_factory=dict)
    chosen: Path | None = None
    agent: str = ""
    only: bool = False


def read_identities(config: Mapping[str, object], unlocked_keys: UnlockedKeys) -> Identities:
    """Read the key files that ssh_config names. A missing or invalid file is skipped."""
    named = cast("list[str] | None", config.get("IdentityFile"))
    files = [f"~/.ssh/{name}" for name in USUAL] if named is None else named
    certificates = cast("list[str]", config.get("CertificateFile") or [])
    certificates = [str(Path(name).expanduser()) for name in certificates if _small(Path(name).expanduser())]
    pairs: list[asyncssh.SSHKeyPair] = []
    unlocked: list[asyncssh.SSHKeyPair] = []
    public: list[bytes] = []
    locked: dict[Path, bytes] = {}
    keys: list[Path] = []
    for path in (Path(name).expanduser() for name in files):
        half = _public(path)
        public += half
        if (key := unlocked_keys.key(path)) is not None:
            found = _paired(key, path, certificates)
            unlocked += found
        elif (read := _read(path, certificates)) is not None:
            found = read
            pairs += found
            if not found:
                locked[path] = half[0] if half else b""
        else:
            continue
        keys.append(path)
        public += [pair.public_data for pair in found]
    return Identities(
        tuple(pairs),
        tuple(unlocked),
        tuple(dict.fromkeys(public)),
        locked,
        keys[0] if named is not None and keys else None,
        _agent(config),
        bool(config.get("IdentitiesOnly")),
    )


def _small(path: Path) -> bool:
    """Whether it can be read as a key: a FIFO would block, and a huge file fill the memory."""
    try:
        with regular_file.opened(path, regular_file.SMALL):
            return True
    except OSError:
        return False


def _read(path: Path, certificates: list[str]) -> list[asyncssh.SSHKeyPair] | None:
    """The pairs in a file; empty when it has a passphrase; None when it is no private key."""
    if not _small(path):
        return None
    try:
        return list(asyncssh.load_keypairs(str(path), certlist=certificates, ignore_encrypted=True))
    except (OSError, ValueError, asyncssh.KeyImportError):
        return None


def _paired(key: asyncssh.SSHKey, path: Path, certificates: list[str]) -> list[asyncssh.SSHKeyPair]:
    """The pairs of an unlocked key, with the certificate beside its file."""
    beside = path.with_name(f"{path.name}-cert.pub")
    try:
        return list(asyncssh.load_keypairs(key, certlist=[*certificates, *[str(beside)] * _small(beside)]))
    except (OSError, ValueError, asyncssh.KeyImportError):
        return list(asyncssh.load_keypairs(key))


def _public(path: Path) -> list[bytes]:
    for candidate in (path.with_name(path.name + ".pub"), path):
        if not _small(candidate):
            continue
        try:
            return [asyncssh.read_public_key(str(candidate)).public_data]
        except (OSError, ValueError, asyncssh.KeyImportError):
            continue
    return []


def _agent(config: Mapping[str, object]) -> str:
    """The agent's socket by IdentityAgent, which may be `none` or name a variable."""
    named = config.get("IdentityAgent", "SSH_AUTH_SOCK")
    if not isinstance(named, str):
        return ""
    if named == "SSH_AUTH_SOCK" or named.startswith("$"):
        return os.environ.get(named.removeprefix("$").strip("{}"), "")
    return str(Path(named).expanduser())


def wanted(
    identities: Identities, held: Sequence[asyncssh.SSHKeyPair], unlocked_keys: UnlockedKeys
) -> Path | None:
    """The key file whose passphrase must be asked for before connecting; usually None.

    It is the first file in ssh_config, or the only usable key. A host is tried only once, so it is not
    possible to wait for a rejection first. held: the keys in the agent.
    """
    agent = {pair.public_data for pair in held}
    asked = [
        path for path, half in identities.locked.items() if half not in agent and unlocked_keys.may_ask(path)
    ]
    if identities.chosen in asked:
        return identities.chosen
    others = identities.pairs or identities.unlocked or agent.intersection(identities.public)
    if others or (agent and not identities.only):
        return None
    return asked[0] if asked else None


@contextlib.asynccontextmanager
async def opened_keys(identities: Identities) -> AsyncIterator[list[asyncssh.SSHKeyPair]]:
    """The keys to offer: unlocked keys, named keys in the agent, its other keys, then files; at most six.

    The agent stays connected while the context is open, because it signs.
    """
    async with _held(identities.agent) as held:
        yield list(_ordered(identities, held))[:TRIES]


async def locked(identities: Identities, unlocked_keys: UnlockedKeys) -> Path | None:
    """See `wanted`. The agent is asked only if it matters."""
    if not any(map(unlocked_keys.may_ask, identities.locked)):
        return None
    async with _held(identities.agent) as held:
        return wanted(identities, held, unlocked_keys)


@contextlib.asynccontextmanager
async def _held(agent: str) -> AsyncIterator[list[asyncssh.SSHKeyPair]]:
    """The keys in the agent; empty if there is none."""
    async with contextlib.AsyncExitStack() as stack:
        held: list[asyncssh.SSHKeyPair] = []
        if agent:
            with contextlib.suppress(OSError, TimeoutError, ValueError, asyncssh.Error):
                async with asyncio.timeout(AGENT_S):
                    client = await asyncssh.connect_agent(agent)
                    stack.push_async_callback(_leave, client)
                    held = list(await client.get_keys())
        yield held


async def _leave(agent: asyncssh.SSHAgentClient) -> None:
    agent.close()
    await agent.wait_closed()


def _ordered(identities: Identities, held: Iterable[asyncssh.SSHKeyPair]) -> Iterable[asyncssh.SSHKeyPair]:
    offered = {pair.public_data for pair in identities.unlocked}
    yield from identities.unlocked
    agent = {pair.public_data: pair for pair in held if pair.public_data not in offered}
    named = [agent.pop(blob) for blob in identities.public if blob in agent]
    offered |= {pair.public_data for pair in named}
    yield from named
    if not identities.only:
        yield from agent.values()
        offered |= agent.keys()
    for pair in identities.pairs:
        if pair.public_data not in offered:
            offered.add(pair.public_data)
            yield pair
