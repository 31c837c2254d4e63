"""The keys to log in with, in OpenSSH's order, and those that cannot be used and why."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import asyncssh

TRIES = 6
"""Keys offered in one connection: sshd's MaxAuthTries by default; more only disconnect."""

AGENT_S = 5.0
"""Seconds an agent may take to list its keys."""

USUAL = ("id_ed25519_sk", "id_ecdsa_sk", "id_ed25519", "id_ecdsa", "id_rsa")
"""Tried in ~/.ssh when ssh_config names no IdentityFile."""


class Config(Protocol):
    """The part of a parsed ssh_config that is asked here."""

    def get(self, option: str, default: object = None) -> object:
        """The value of an option."""
        ...


@dataclass(frozen=True, slots=True)
class Identities:
    """What ssh_config names to log in with.

    pairs: private keys read from files. public: public halves of all files named, also of those
    that only an agent can use. locked: files with a passphrase. agent: the agent's socket, or
    empty. only: nothing but what is named (IdentitiesOnly).
    """

    pairs: tuple[asyncssh.SSHKeyPair, ...] = ()
    public: tuple[bytes, ...] = ()
    locked: tuple[Path, ...] = ()
    agent: str = ""
    only: bool = False


def read_identities(config: Config) -> Identities:
    """Read the key files that ssh_config names. A missing or broken file is passed over."""
    named = cast("list[str] | None", config.get("IdentityFile"))
    files = [f"~/.ssh/{name}" for name in USUAL] if named is None else named
    certificates = cast("list[str]", config.get("CertificateFile") or [])
    pairs: list[asyncssh.SSHKeyPair] = []
    public: list[bytes] = []
    locked: list[Path] = []
    for name in files:
        path = Path(name).expanduser()
        found = _read(path, [str(Path(cert).expanduser()) for cert in certificates])
        public += _public(path)
        pairs += found or ()
        public += [pair.public_data for pair in found or ()]
        if found == []:
            locked.append(path)
    return Identities(
        tuple(pairs),
        tuple(dict.fromkeys(public)),
        tuple(locked),
        _agent(config),
        bool(config.get("IdentitiesOnly")),
    )


def _read(path: Path, certificates: list[str]) -> list[asyncssh.SSHKeyPair] | None:
    """The pairs in a file; empty when it has a passphrase; None when it is no private key."""
    try:
        return list(asyncssh.load_keypairs(str(path), certlist=certificates, ignore_encrypted=True))
    except (OSError, ValueError, asyncssh.KeyImportError):
        return None


def _public(path: Path) -> list[bytes]:
    for candidate in (path.with_name(path.name + ".pub"), path):
        try:
            return [asyncssh.read_public_key(str(candidate)).public_data]
        except (OSError, ValueError, asyncssh.KeyImportError):
            continue
    return []


def _agent(config: Config) -> str:
    """The agent's socket by IdentityAgent, which may be `none` or name a variable."""
    named = config.get("IdentityAgent", "SSH_AUTH_SOCK")
    if not isinstance(named, str):
        return ""
    if named == "SSH_AUTH_SOCK" or named.startswith("$"):
        return os.environ.get(named.removeprefix("$").strip("{}"), "")
    return str(Path(named).expanduser())


@contextlib.asynccontextmanager
async def keys(identities: Identities) -> AsyncIterator[list[asyncssh.SSHKeyPair]]:
    """The keys to offer: named ones that the agent holds, its others, then files; the best six.

    The agent stays connected while the context lasts, because it signs.
    """
    async with contextlib.AsyncExitStack() as stack:
        held: list[asyncssh.SSHKeyPair] = []
        if identities.agent:
            with contextlib.suppress(OSError, TimeoutError, ValueError, asyncssh.Error):
                async with asyncio.timeout(AGENT_S):
                    agent = await asyncssh.connect_agent(identities.agent)
                    stack.push_async_callback(_leave, agent)
                    held = list(await agent.get_keys())
        yield list(_ordered(identities, held))[:TRIES]


async def _leave(agent: asyncssh.SSHAgentClient) -> None:
    agent.close()
    await agent.wait_closed()


def _ordered(identities: Identities, held: Iterable[asyncssh.SSHKeyPair]) -> Iterable[asyncssh.SSHKeyPair]:
    agent = {pair.public_data: pair for pair in held}
    named = [agent.pop(blob) for blob in identities.public if blob in agent]
    offered = {pair.public_data for pair in named}
    yield from named
    if not identities.only:
        yield from agent.values()
        offered |= agent.keys()
    for pair in identities.pairs:
        if pair.public_data not in offered:
            offered.add(pair.public_data)
            yield pair
