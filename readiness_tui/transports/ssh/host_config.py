"""The ssh_config settings of one host, independent of the parser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FORBIDDEN = frozenset("'`\"$\\;&<>|(){}")
"""Characters that OpenSSH 9.6 refuses in host and user names, because ProxyCommand and Match exec run in a
shell.
"""


@dataclass(frozen=True, slots=True)
class HostConfig:
    """The resolved settings of one host.

    alias: HostKeyAlias, else empty. jump: ProxyJump as written, else empty. proxy_command: argument
    vector, empty for none. connect_s: None if not set. family: an address family of `socket`. bind: local
    address, else empty. ciphers, kex, host_key_algs: None for the defaults. known_files: user files
    first. known_lines: the output of KnownHostsCommand. keys: IdentityFile (None: not set),
    CertificateFile, IdentityAgent and IdentitiesOnly, with all tokens expanded. warnings: ignored lines
    of the files.
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
