"""Read ssh_config with asyncssh, for machines without the OpenSSH client."""

from __future__ import annotations

import shlex
import socket
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import asyncssh

from readiness_tui.errors import TransportError
from readiness_tui.model.base import parse_duration
from readiness_tui.model.outcome import Cause
from readiness_tui.transports.ssh.config_copy import Copies, faults, text, warning
from readiness_tui.transports.ssh.host_config import HostConfig

TRIES = 50
"""Most lines that are rewritten or skipped before a file counts as invalid."""


def resolve(name: str, port: int | None, user: str, configs: Sequence[Path]) -> HostConfig:
    """The settings for a host. Reads no key and asks no agent. Raises TransportError."""
    options, warnings = _tolerant(name, port, user, configs)
    if not 0 < options.port < 65536:
        raise TransportError(f"ssh_config: not a port: {options.port}", cause=Cause.ERROR)
    config = options.config
    address = cast("tuple[str, int] | None", options.local_addr)
    return HostConfig(
        host=options.host,
        port=options.port,
        user=options.username,
        alias=options.host_key_alias or "",
        jump=options.tunnel if isinstance(options.tunnel, str) and options.tunnel.lower() != "none" else "",
        proxy_command=tuple(options.proxy_command or ()),
        connect_s=options.connect_timeout or None,
        family=options.family,
        bind=address[0] if address else "",
        ciphers=_words(options.encryption_algs) if config.get("Ciphers") else None,
        kex=_words(options.kex_algs) if config.get("KexAlgorithms") else None,
        host_key_algs=_names(options.server_host_key_algs) if config.get("HostKeyAlgorithms") else None,
        known_files=_known_files(
            cast("list[str] | None", config.get("UserKnownHostsFile")),
            cast("list[str] | None", config.get("GlobalKnownHostsFile")),
        ),
        keys={
            "IdentityFile": config.get("IdentityFile"),
            "CertificateFile": config.get("CertificateFile"),
            "IdentityAgent": config.get("IdentityAgent", "SSH_AUTH_SOCK"),
            "IdentitiesOnly": config.get("IdentitiesOnly"),
        },
        warnings=warnings,
    )


def _tolerant(
    name: str, port: int | None, user: str, configs: Sequence[Path]
) -> tuple[asyncssh.SSHClientConnectionOptions, tuple[str, ...]]:
    """The options, and a warning for each line that asyncssh does not accept and that could not be
    rewritten.
    """
    replaced: dict[tuple[str, int], str | None] = {}
    warnings: list[str] = []
    copied = False
    files = {path: path.parent for path in configs}
    for _ in range(TRIES):
        with TemporaryDirectory(prefix="readiness-ssh-") as folder:
            copies = Copies(Path(folder), unicode=True)
            copies.replaced.update(replaced)
            try:
                made = _options(name, port, user, [copies.write(files)] if copied else configs)
                return made, (*warnings,)
            except UnicodeDecodeError as error:
                if copied:
                    raise TransportError(f"ssh_config cannot be used: {error}", cause=Cause.ERROR) from error
                copied = True
                continue
            except RecursionError as error:
                said = "ssh_config cannot be used: a file includes itself"
                raise TransportError(said, cause=Cause.ERROR) from error
            except (ValueError, OSError) as error:
                copied, message = True, str(error)
                places = [copies.original(place) for place in faults(message)]
        if not places or replaced.get(places[0], "") is None:
            break
        place = places[0]
        replaced[place] = None if place in replaced else _rewritten(Path(place[0]), place[1])
        if replaced[place] is None:
            warnings.append(warning(place, message))
    where = ", ".join(map(str, configs)) or "ssh_config"
    raise TransportError(f"ssh_config cannot be used: {message}", cause=Cause.ERROR, hint=f"see {where}")


def _rewritten(path: Path, number: int) -> str | None:
    """A valid line in the form that asyncssh accepts: no trailing comment, seconds and ports as numbers."""
    try:
        words = shlex.split(text(path).split("\n")[number - 1], comments=True)
        keyword, values = words[0].lower(), words[1:]
        if keyword == "connecttimeout":
            if values[0].lower() == "none":
                return "#"
            values = [str(int(parse_duration(values[0]).total_seconds()))]
        if keyword == "port":
            values = [values[0] if values[0].isdigit() else str(socket.getservbyname(values[0], "tcp"))]
    except (OSError, ValueError, IndexError):
        return None
    if keyword == "pubkeyauthentication":
        return "PubkeyAuthentication yes" if values[:1] != ["no"] else None
    return " ".join((words[0], *map(shlex.quote, values)))


def _options(
    name: str, port: int | None, user: str, configs: Sequence[Path]
) -> asyncssh.SSHClientConnectionOptions:
    options = asyncssh.SSHClientConnectionOptions(
        host=name,
        port=port or (),
        username=user or (),
        config=[str(path) for path in configs],
        client_keys=None,
        agent_path=None,
        gss_host=None,
        x509_trusted_certs=None,
    )
    if options.config.has_match_final():
        # Values of the first pass stay; `Host` now matches the resolved name (ssh_config(5), final).
        options.update(
            last_config=options.config, host=options.host, reload=False, canonical=False, final=True
        )
    return options


def _known_files(user: Sequence[str] | None, system: Sequence[str] | None) -> tuple[Path, ...]:
    usual = ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"]
    systems = ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"]
    names = [*(usual if user is None else user), *(systems if system is None else system)]
    return tuple(Path(name).expanduser() for name in names if name.lower() != "none")


def _words(algorithms: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(name.decode("ascii") for name in algorithms)


def _names(algorithms: Sequence[str | bytes]) -> tuple[str, ...]:
    return tuple(name.decode("ascii") if isinstance(name, bytes) else name for name in algorithms)
