"""Connect by SSH: strict host keys, public keys only, shared jump hosts, limited parallel handshakes."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import asyncssh

from readiness_tui.errors import LockedKeyError, TransportError
from readiness_tui.model.inventory import Address
from readiness_tui.transports.ssh.errors import Seen, explain
from readiness_tui.transports.ssh.keys import locked, opened_keys
from readiness_tui.transports.ssh.route import Route, Router, SshSettings
from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys

HANDSHAKES = 100
"""Most handshakes in parallel; more are not faster on one processor."""

HANDSHAKES_EACH = 8
"""Most handshakes in parallel with one address, below sshd's MaxStartups of 10:30:100."""

RETRIES = 5
"""How often to retry if the host drops the connection before authentication; after 0.1 s, then doubling."""

CLOSE_S = 3.0
"""Seconds for an orderly close."""

logging.getLogger("asyncssh").addHandler(logging.NullHandler())  # its default handler writes to the screen


@dataclass(slots=True)
class Link:
    """An open connection. auth_method, key_type: how it was authenticated."""

    connection: asyncssh.SSHClientConnection
    route: Route
    auth_method: str
    key_type: str

    @property
    def closed(self) -> bool:
        """Whether it was lost or closed."""
        return self.connection.is_closed()

    async def close(self) -> None:
        """Close in an orderly way, or abort after CLOSE_S."""
        self.connection.close()
        try:
            async with asyncio.timeout(CLOSE_S):
                await self.connection.wait_closed()
        except TimeoutError:
            self.connection.abort()


class _Client(asyncssh.SSHClient):
    """Answers asyncssh's callbacks while it connects, and records what happened."""

    def __init__(self, seen: Seen, keys: list[asyncssh.SSHKeyPair]) -> None:
        self._seen = seen
        self._keys = keys

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        self._seen.reached = True

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        self._seen.shown = key
        return False

    def public_key_auth_requested(self) -> asyncssh.SSHKeyPair | None:
        if not self._keys:
            return None
        pair = self._keys.pop(0)
        self._seen.offered.append(pair)
        return pair


class Connector:
    """Makes connections that share settings, jump hosts and limits."""

    def __init__(
        self,
        settings: SshSettings | None = None,
        unlocked_keys: UnlockedKeys | None = None,
        *,
        share: int = 1,
    ) -> None:
        """unlocked_keys: the key files unlocked so far, and a way to unlock more.

        share: the number of connectors that share the client's limits.
        """
        self.settings = settings or SshSettings()
        self._unlocked_keys = unlocked_keys or UnlockedKeys()
        self._router = Router(self.settings, self._unlocked_keys)
        self._all = asyncio.Semaphore(HANDSHAKES // share)
        self._each: dict[tuple[str, int], asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(HANDSHAKES_EACH // share)
        )
        self._jumps: dict[object, asyncio.Task[Link]] = {}
        self._accepted: dict[object, bytes] = {}
        self._stock_only: set[object] = set()

    async def connect(self, address: Address) -> Link:
        """Make a connection. Raises TransportError with cause and hint.

        Raises LockedKeyError, before anything is tried, while a key file needs its passphrase and
        unlocked_keys can still ask for it.
        """
        route = await asyncio.to_thread(self._router.route, address)
        for hop in route.hops:
            if (path := await locked(hop.identities, self._unlocked_keys)) is not None:
                raise LockedKeyError(path)
        try:
            return await self._follow(route)
        except TransportError as error:
            passed_over = [text for hop in route.hops for text in hop.warnings]
            error.hint = "; ".join((*passed_over, *([error.hint] if error.hint else [])))
            raise

    async def again(self, route: Route) -> Link:
        """One more connection on a route that worked before."""
        return await self._follow(route)

    async def close(self) -> None:
        """Close the jump hosts. The connections belong to their callers."""
        jumps, self._jumps = self._jumps, {}
        for opening in jumps.values():
            opening.cancel()
            with contextlib.suppress(asyncio.CancelledError, TransportError):
                await (await opening).close()

    async def _follow(self, route: Route) -> Link:
        tunnel = await self._jump(route.jump) if route.jump else None
        return await self._patiently(route, tunnel)

    async def _jump(self, route: Route) -> Link:
        """The shared connection to a jump host, opened by the first caller."""
        opening = self._jumps.get(route.key)
        stale = (
            opening is not None
            and opening.done()
            and (opening.cancelled() or opening.exception() is not None or opening.result().closed)
        )
        if opening is None or stale:
            opening = self._jumps[route.key] = asyncio.create_task(self._follow(route))
        try:
            return await asyncio.shield(opening)
        except TransportError as error:
            raise TransportError(
                f"jump host {route.name}: {error.message}", cause=error.cause, hint=error.hint
            ) from error

    async def _patiently(self, route: Route, tunnel: Link | None) -> Link:
        """Connect with limited parallelism. Retry only if no authentication was attempted."""
        endpoint = (route.host, route.port) if tunnel is None else (tunnel.route.host, tunnel.route.port)
        for attempt in range(RETRIES + 1):
            seen = Seen()
            try:
                async with self._all, self._each[endpoint]:
                    return await self._once(route, tunnel, seen)
            except (OSError, ValueError, asyncssh.Error) as error:
                dropped = isinstance(error, (asyncssh.ConnectionLost, ConnectionResetError, BrokenPipeError))
                if not dropped or seen.offered or attempt == RETRIES:
                    raise explain(error, route, seen) from error
            await asyncio.sleep(0.1 * 2**attempt * random.uniform(0.5, 1.5))
        raise AssertionError("the last attempt returns or raises")

    async def _once(self, route: Route, tunnel: Link | None, seen: Seen) -> Link:
        async with opened_keys(route.identities) as keys:
            keys.sort(key=lambda pair: pair.public_data != self._accepted.get(route.key))
            connection = await _unless_cancelled(lambda: self._open(route, tunnel, seen, keys))
        method = "publickey" if seen.offered else "none"
        key_type = seen.offered[-1].get_algorithm() if seen.offered else ""
        if seen.offered:
            self._accepted[route.key] = seen.offered[-1].public_data
        return Link(connection, route, method, key_type)

    async def _open(
        self, route: Route, tunnel: Link | None, seen: Seen, keys: list[asyncssh.SSHKeyPair]
    ) -> asyncssh.SSHClientConnection:
        """Use the short handshake. A host that does not support it gets the standard one, now or later."""
        options = self._options(route, tunnel, seen, keys)
        fast = _short_handshake() if self.settings.fast and route.key not in self._stock_only else None
        if fast is not None:
            at_once = fast.can_sign_at_once(keys, self._accepted.get(route.key))
            try:
                short: asyncssh.SSHClientConnection = await fast.connect(
                    route.host, route.port, at_once=at_once, **options
                )
                return short
            except TimeoutError:
                self._stock_only.add(route.key)
                raise
            except fast.UnansweredError:
                self._stock_only.add(route.key)
                seen.offered.clear()
        return await asyncssh.connect(route.host, route.port, **options)

    def _options(
        self, route: Route, tunnel: Link | None, seen: Seen, keys: list[asyncssh.SSHKeyPair]
    ) -> dict[str, Any]:
        """The options of asyncssh. Nothing is left to its own defaults or to its reading of ssh_config."""
        return {
            "config": None,
            "username": route.user,
            "client_factory": lambda: _Client(seen, list(keys)),
            "known_hosts": route.trusted.argument(),
            "host_key_alias": route.lookup,
            "server_host_key_algs": list(route.host_key_algs),
            "x509_trusted_certs": None,
            "client_keys": None,
            "agent_path": None,
            "agent_forwarding": False,
            "preferred_auth": ["publickey"],
            "password_auth": False,
            "kbdint_auth": False,
            "host_based_auth": False,
            "gss_host": None,
            "gss_kex": False,
            "gss_auth": False,
            "kex_algs": list(route.kex),
            "encryption_algs": list(route.ciphers),
            "compression_algs": None,
            "connect_timeout": route.connect_s,
            "login_timeout": 0,  # included in connect_timeout
            "keepalive_interval": self.settings.keepalive_s,
            "keepalive_count_max": self.settings.keepalive_count,
            "utf8_decode_errors": "replace",
            "encoding": None,
            "family": route.family,
            "local_addr": route.local_addr,
            "tunnel": tunnel.connection if tunnel else None,
            "proxy_command": list(route.proxy_command) or None,
        }


@cache
def _short_handshake() -> ModuleType | None:
    """The short handshake, unless the installed asyncssh is a version it was not written for."""
    try:
        fast = importlib.import_module("readiness_tui.transports.ssh.fast_handshake")
    except (ImportError, AttributeError):
        return None
    return fast if fast.fits() else None


async def _unless_cancelled(
    connect: Callable[[], Awaitable[asyncssh.SSHClientConnection]],
) -> asyncssh.SSHClientConnection:
    """Connect. If the caller was cancelled meanwhile, the connection is closed."""
    connecting = asyncio.ensure_future(connect())
    try:
        return await asyncio.shield(connecting)
    except asyncio.CancelledError:
        connecting.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError, ValueError, asyncssh.Error):
            (await connecting).abort()
        raise
