"""Resolve an address with ssh_config to all that a connection needs. Blocking, so run it in a thread."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from asyncssh.kex import get_default_kex_algs

from readiness_tui.errors import TransportError
from readiness_tui.model.inventory import Address
from readiness_tui.model.outcome import Cause
from readiness_tui.transports.ssh import asyncssh_config, config_copy, openssh_config
from readiness_tui.transports.ssh.host_config import FORBIDDEN, HostConfig
from readiness_tui.transports.ssh.keys import Identities, read_identities
from readiness_tui.transports.ssh.known_hosts import KnownHostsFiles, Trusted
from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys

CONFIG_VARIABLE = "READINESS_SSH_CONFIG"
"""Environment variable with the path of another ssh_config, as for `ssh -F`."""

STOCK_VARIABLE = "READINESS_STOCK_SSH"
"""Environment variable that disables the short handshake if it is set."""

CIPHERS = (
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
)
"""Fastest for the client first (measured, engine.md section 3). `Ciphers` in ssh_config takes precedence."""

HOST_KEYS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
)
"""Host key types to request. Types in known_hosts come first, as in ssh. All are requested, because a host
whose keys were all replaced would otherwise disconnect instead of presenting one.
"""

_JUMPS = 8
"""Most jump hosts in a chain; more are treated as a loop."""


@dataclass(frozen=True, slots=True)
class SshSettings:
    """The operator's SSH setup.

    config: another ssh_config (as `ssh -F`); None: READINESS_SSH_CONFIG, else the user's and the
    system's. known_hosts: files used instead of those in ssh_config. connect_s: seconds for a connection
    including authentication, unless ssh_config sets it. keepalive_s, keepalive_count: a dead connection
    is detected after their product and one more interval. fast: use the short handshake
    (`fast_handshake`), unless READINESS_STOCK_SSH is set.
    """

    config: Path | None = None
    known_hosts: tuple[Path, ...] = ()
    connect_s: float = 10.0
    keepalive_s: float = 5.0
    keepalive_count: int = 3
    fast: bool = field(default_factory=lambda: not os.environ.get(STOCK_VARIABLE))

    def named(self) -> Path | None:
        """The file used instead of the usual ones, if any."""
        given = self.config or os.environ.get(CONFIG_VARIABLE)
        return Path(given).expanduser() if given else None

    def configs(self) -> list[Path]:
        """The ssh_config files to read; the first value found applies."""
        if (named := self.named()) is not None:
            return [named]
        usual = (Path("~/.ssh/config").expanduser(), Path("/etc/ssh/ssh_config"))
        return [path for path in usual if path.is_file() and os.access(path, os.R_OK)]


@dataclass(frozen=True, slots=True)
class Route:
    """One hop. name: what was asked for. host, port, user: where it leads.

    lookup: the name to look up in known_hosts. jump: the hop before it. known_files: files with trusted
    keys; new keys are added to the first. warnings: ignored lines of ssh_config.
    """

    name: str
    host: str
    port: int
    user: str
    lookup: str
    trusted: Trusted
    known_files: tuple[Path, ...]
    identities: Identities
    connect_s: float
    ciphers: tuple[str, ...]
    kex: tuple[str, ...]
    host_key_algs: tuple[str, ...] = HOST_KEYS
    proxy_command: tuple[str, ...] = ()
    family: int = 0
    local_addr: tuple[str, int] | None = None
    jump: Route | None = None
    warnings: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, int, object]:
        """Identifies the connection: routes with the same key share one."""
        return (self.user, self.host, self.port, self.jump.key if self.jump else None)

    @property
    def hops(self) -> tuple[Route, ...]:
        """The jump hosts in order, then this hop."""
        return (*(self.jump.hops if self.jump else ()), self)

    @property
    def place(self) -> str:
        """The name in known_hosts."""
        return self.lookup if self.port == 22 else f"[{self.lookup}]:{self.port}"


@dataclass(slots=True)
class Router:
    """Resolves addresses and caches known_hosts."""

    settings: SshSettings
    unlocked_keys: UnlockedKeys = field(default_factory=UnlockedKeys)
    _files: KnownHostsFiles = field(default_factory=KnownHostsFiles)

    def route(self, address: Address) -> Route:
        """The route to an address. Raises TransportError if ssh_config cannot be used."""
        return self._route(address.host, address.port, address.user, depth=0)

    def _route(
        self, name: str, port: int | None, user: str, *, depth: int, jump: Route | None = None
    ) -> Route:
        if depth > _JUMPS:
            raise TransportError(f"ProxyJump forms a loop at {name}", cause=Cause.ERROR)
        config = self._config(name, port, user)
        if jump is None and config.jump:
            for hop in config.jump.split(","):
                jump = self._hop(hop, depth, jump)
        files = self.settings.known_hosts or config.known_files
        lookup = config.alias or config.host
        trusted = self._files.read(files, config.known_lines).trusted(lookup, config.port)
        return Route(
            name=name,
            host=config.host,
            port=config.port,
            user=config.user,
            lookup=lookup,
            trusted=trusted,
            known_files=tuple(files),
            identities=read_identities(config.keys, self.unlocked_keys),
            connect_s=config.connect_s or self.settings.connect_s,
            ciphers=config.ciphers or CIPHERS,
            kex=config.kex or _kex(),
            host_key_algs=config.host_key_algs or _host_keys(trusted),
            proxy_command=config.proxy_command if jump is None else (),
            family=config.family,
            local_addr=(config.bind, 0) if config.bind else None,
            jump=jump,
            warnings=config.warnings,
        )

    def _hop(self, hop: str, depth: int, before: Route | None) -> Route:
        try:
            address = Address.parse(hop.strip().removeprefix("ssh://"))
        except ValueError as error:
            raise TransportError(f"ssh_config: ProxyJump: {error}", cause=Cause.ERROR) from error
        return self._route(address.host, address.port, address.user, depth=depth + 1, jump=before)

    def _config(self, name: str, port: int | None, user: str) -> HostConfig:
        """The settings in ssh_config, read by the OpenSSH client if it is installed, else by asyncssh."""
        if odd := FORBIDDEN.intersection(name + user):
            raise TransportError(
                f"a host or user name must not contain {' '.join(sorted(odd))}", cause=Cause.ERROR
            )
        configs = self.settings.configs()
        named = self.settings.named() is not None
        config_copy.check(configs if named else (Path("~/.ssh/config").expanduser(), *configs))
        if openssh_config.installed():
            return openssh_config.resolve(name, port, user, configs, named=named)
        return asyncssh_config.resolve(name, port, user, configs)


def _host_keys(trusted: Trusted) -> tuple[str, ...]:
    """Certificates first if an authority is known; else none, because they could not be verified."""
    kinds = {key.get_algorithm().removeprefix("ssh-rsa") or "rsa-sha2" for key in trusted.keys}
    plain = sorted(HOST_KEYS, key=lambda name: not name.startswith(tuple(kinds)))
    certificates = [f"{name}-cert-v01@openssh.com" for name in HOST_KEYS] if trusted.authorities else []
    return (*certificates, *plain)


def _kex() -> tuple[str, ...]:
    """Group exchange last: it takes the client 675 ms of processor time (engine.md section 3)."""
    names = [name.decode("ascii") for name in get_default_kex_algs()]
    return tuple(sorted(names, key=lambda name: "group-exchange" in name))
