"""Explain connection errors so that an operator can act on them."""

from __future__ import annotations

import shlex
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncssh

from readiness_tui.errors import TransportError
from readiness_tui.model.outcome import Cause
from readiness_tui.transports.sockets import is_refused, words
from readiness_tui.transports.ssh.route import Route


@dataclass(slots=True)
class Seen:
    """What happened while connecting.

    reached: the network connection was made. shown: the untrusted key that the host presented.
    offered: the keys tried; if one was accepted, it is the last.
    """

    reached: bool = False
    shown: asyncssh.SSHKey | None = None
    offered: list[asyncssh.SSHKeyPair] = field(default_factory=list)


def explain(error: Exception, route: Route, seen: Seen) -> TransportError:
    """The error as a cause, a message and a hint, limited to what is known."""
    place = _place(route)
    if isinstance(error, TransportError):
        return error
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return _host_key(error, route, seen)
    if isinstance(error, asyncssh.PermissionDenied) or _says(error, "authentication failures"):
        return _denied(route, seen)
    if isinstance(error, asyncssh.KeyExchangeFailed):
        return _no_agreement(error, route)
    if isinstance(error, (OSError, TimeoutError)) and not isinstance(error, ConnectionResetError):
        return _network(error, route, seen)
    if isinstance(error, (asyncssh.ProtocolError, asyncssh.ProtocolNotSupported)):
        return TransportError(
            f"{place} does not follow the SSH protocol: {error}",
            cause=Cause.GARBLED,
            hint="check whether another service listens on that port",
        )
    if isinstance(error, asyncssh.ChannelOpenError):
        return TransportError(
            f"the jump host refused the connection to {place}: {error.reason}",
            cause=Cause.UNREACHABLE,
            hint="check that its sshd allows TCP forwarding and that it can reach the host",
        )
    if isinstance(error, (asyncssh.ConnectionLost, asyncssh.DisconnectError, ConnectionError, EOFError)):
        return TransportError(
            f"{place} closed the connection: {words(error)}",
            cause=Cause.UNREACHABLE,
            hint="too many parallel connections (MaxStartups), a ban, or a faulty sshd; see the log of sshd",
        )
    return TransportError(f"no connection to {place}: {words(error)}", cause=Cause.UNREACHABLE)


def _place(route: Route) -> str:
    return route.host if route.port == 22 else f"{route.host} port {route.port}"


def _network(error: Exception, route: Route, seen: Seen) -> TransportError:
    place = _place(route)
    if isinstance(error, socket.gaierror):
        return TransportError(
            f"no host {route.host!r}: {error.strerror}",
            cause=Cause.UNREACHABLE,
            hint="check the name and DNS, or set HostName in ssh_config",
        )
    if is_refused(error):
        return TransportError(
            f"connection refused by {place}",
            cause=Cause.UNREACHABLE,
            hint="check that sshd runs there, on that port, and that the firewall allows you",
        )
    if isinstance(error, TimeoutError):
        if seen.reached:
            detail = f"{place} accepts connections but SSH did not answer within {route.connect_s:g} s"
            return TransportError(detail, cause=Cause.TIMEOUT, hint="run `ssh -v` to see where it stops")
        return TransportError(
            f"no answer from {place} within {route.connect_s:g} s",
            cause=Cause.UNREACHABLE,
            hint="check that the host is up, and the firewalls and VPN on the way",
        )
    return TransportError(f"no connection to {place}: {words(error)}", cause=Cause.UNREACHABLE)


def _says(error: Exception, *texts: str) -> bool:
    return any(text in str(error) for text in texts)


def _key_name(key: asyncssh.SSHKey) -> str:
    return f"{key.get_algorithm()} {key.get_fingerprint()}"


def _known_file(route: Route) -> str:
    return shlex.quote(str(route.known_files[0])) if route.known_files else "~/.ssh/known_hosts"


def add_command(route: Route, key: asyncssh.SSHKey) -> str:
    """The command that adds exactly the presented key; for a long key, the one that fetches it again."""
    line = f"{route.place} {key.export_public_key().decode('ascii').strip()}"
    line = " ".join(line.split()[:3])
    if len(line) <= 300 or route.jump is not None:
        return f"echo {shlex.quote(line)} >> {_known_file(route)}"
    port = f"-p {route.port} " if route.port != 22 else ""
    kind = key.get_algorithm().removeprefix("ssh-")
    return f"ssh-keyscan {port}-t {kind} {shlex.quote(route.host)} >> {_known_file(route)}"


def _host_key(error: Exception, route: Route, seen: Seen) -> TransportError:
    shown = f"{_key_name(seen.shown)}" if seen.shown else "a key"
    if "revoked" in str(error):
        return TransportError(
            f"the host key of {route.place} is revoked ({error})",
            cause=Cause.HOST_KEY,
            hint="do not connect; ask the administrator of the host",
        )
    if route.trusted.keys:
        known = ", ".join(_key_name(key) for key in route.trusted.keys)
        return TransportError(
            f"THE HOST KEY OF {route.place} HAS CHANGED: it is {shown}, known_hosts has {known}",
            cause=Cause.HOST_KEY,
            hint="this may be an attack. Only if you know that the host was reinstalled: "
            f"ssh-keygen -R {shlex.quote(route.place)} -f {_known_file(route)}, then add its new key",
        )
    if seen.shown is None:
        return TransportError(
            f"the host certificate of {route.place} is not accepted: {error}",
            cause=Cause.HOST_KEY,
            hint="check that its authority is in known_hosts as @cert-authority, and the certificate's dates",
        )
    return TransportError(
        f"unknown host key of {route.place}: {shown}",
        cause=Cause.HOST_KEY,
        hint=f"verify the fingerprint on the host, then add the key with: {add_command(route, seen.shown)}",
    )


def _denied(route: Route, seen: Seen) -> TransportError:
    locked = [path for path in route.identities.locked if path.exists()]
    unlock = f"; {locked[0]} has a passphrase: ssh-add {shlex.quote(str(locked[0]))}" if locked else ""
    if not seen.offered:
        return TransportError(
            f"no key for user {route.user} at {route.place}",
            cause=Cause.AUTH,
            hint="start an agent and `ssh-add` a key, or set IdentityFile in ssh_config" + unlock,
        )
    count = len(seen.offered)
    tried = "1 key" if count == 1 else f"{count} keys"
    return TransportError(
        f"{route.place} rejected user {route.user} (tried {tried}: {_kinds(seen.offered)})",
        cause=Cause.AUTH,
        hint=f"check that {route.user} exists there and has your public key in authorized_keys" + unlock,
    )


def _kinds(pairs: Sequence[asyncssh.SSHKeyPair]) -> str:
    return ", ".join(dict.fromkeys(pair.get_algorithm() for pair in pairs))


def _no_agreement(error: Exception, route: Route) -> TransportError:
    return TransportError(
        f"{route.place} and this client have no algorithm in common: {error}",
        cause=Cause.UNSUPPORTED,
        hint="for an old sshd, set its algorithms in ssh_config (KexAlgorithms, Ciphers, HostKeyAlgorithms)",
    )
