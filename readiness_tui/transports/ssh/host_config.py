"""What ssh_config says of one host, whoever read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FORBIDDEN = frozenset("'`\"$\\;&<>|(){}")
"""Characters that OpenSSH 9.6 refuses in host and user names: ProxyCommand and Match exec run in a shell."""


@dataclass(frozen=True, slots=True)
class HostConfig:
    """The resolved settings of one host.

    alias: HostKeyAlias, else empty. jump: ProxyJump as written, else empty. proxy_command: argument
    vector, empty for none. connect_s: None where nothing is set. family: an address family of
    `socket`. bind: local address, else empty. ciphers, kex, host_key_algs: None for the defaults.
    known_files: user files first. known_lines: what KnownHostsCommand printed. keys: IdentityFile
    (None: not set), CertificateFile, IdentityAgent and IdentitiesOnly, with every token expanded.
    warnings: lines of the files that were passed over.
    """

    host: str
    port: int
    user: str
    alias: str = ""
    jump: str = ""
    proxy_command: tuple[str, ...] = ()
    connect_s: float | None = None
    family: int = 0
    bind: str = ""
    ciphers: tuple[str, ...] | None = None
    kex: tuple[str, ...] | None = None
    host_key_algs: tuple[str, ...] | None = None
    known_files: tuple[Path, ...] = ()
    known_lines: str = ""
    keys: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
