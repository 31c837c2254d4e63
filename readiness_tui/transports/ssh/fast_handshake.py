"""A shorter SSH handshake than asyncssh's own: three round trips fewer, and no wait for late ACKs.

The one place that knows asyncssh from the inside, so the one to look at when asyncssh changes:
`fits` says whether the one installed is the one this was written for. What is done differently
(engine.md, section 4) is ordinary SSH, and any server may still refuse it:

- A: the first request to log in carries the signature; nobody asks whether the key would do.
- S: it is sent right behind the request for the service (RFC 4252 lets a client do so).
- Q: what the server sends is acknowledged at once; sshd waits for that (Nagle).
- I: no empty message before each packet; it protects CBC ciphers, and there it stays.
"""

from __future__ import annotations

import asyncio
import inspect
import socket
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import asyncssh
from asyncssh import auth, connection, constants
from asyncssh.packet import SSHPacket, String

TESTED = ((2, 24), (2, 25))
"""Versions of asyncssh this was tried with: from the first to below the second."""

_SHAPES: dict[Callable[..., Any], tuple[str, ...]] = {
    connection._connect: ("options", "config", "loop", "flags", "sock", "conn_factory", "msg"),
    connection.SSHConnection._process_service_accept: ("self", "_pkttype", "_pktid", "packet"),
    connection.SSHConnection._send: ("self", "data"),
    connection.SSHConnection.data_received: ("self", "data", "datatype"),
    connection.SSHConnection.send_packet: ("self", "pkttype", "args", "handler"),
    connection.SSHConnection.send_service_request: ("self", "service"),
    auth._ClientPublicKeyAuth._start: ("self",),
    auth._ClientPublicKeyAuth._send_signed_request: ("self",),
}

_ACKNOWLEDGE: int | None = getattr(socket, "TCP_QUICKACK", None)
"""Linux only; elsewhere Q is left out."""

_KINDS = ("ssh-ed25519", "ecdsa-sha2-")
"""Keys that sign in one way only, cheaply, and without a touch. RSA must first hear how from the server."""


class UnansweredError(Exception):
    """The server hung up on the short handshake without a word on who may log in."""


@cache
def fits() -> bool:
    """Whether the asyncssh installed is one that this file was written for."""
    version = tuple(int(part) for part in asyncssh.__version__.split(".")[:2])
    return TESTED[0] <= version < TESTED[1] and all(
        tuple(inspect.signature(function).parameters) == names for function, names in _SHAPES.items()
    )


def can_sign_at_once(keys: Sequence[asyncssh.SSHKeyPair], accepted: bytes | None) -> bool:
    """Whether to sign with the first key unasked: it is the only one, or let us in the last time.

    accepted: that key's public half. Else each wrong guess would be a failed login (MaxAuthTries).
    """
    if not keys or not keys[0].get_algorithm().startswith(_KINDS):
        return False
    return len(keys) == 1 or keys[0].public_data == accepted


async def connect(host: str, port: int, *, at_once: bool, **options: Any) -> asyncssh.SSHClientConnection:
    """As `asyncssh.connect`. at_once: sign unasked (A and S).

    Raises what that raises, and UnansweredError, after which the stock handshake may still succeed.
    """
    loop = asyncio.get_running_loop()
    settings = await asyncssh.SSHClientConnectionOptions.construct(None, host=host, port=port, **options)
    made: list[_Connection] = []

    def make() -> _Connection:
        made.append(_Connection(loop, settings, at_once=at_once))
        return made[-1]

    try:
        async with asyncio.timeout(settings.connect_timeout):
            return await connection._connect(settings, None, loop, 0, None, make, "Opening SSH connection to")
    except (asyncssh.PermissionDenied, asyncssh.HostKeyNotVerifiable, TimeoutError):
        raise
    except Exception as error:  # also what breaks because asyncssh changed inside
        if any(one.unanswered for one in made):
            raise UnansweredError(str(error)) from error
        raise


class _SignedAtOnce(auth._ClientPublicKeyAuth):
    """Logs in with a key without asking first whether it would do."""

    async def _start(self) -> None:
        self._keypair = await self._conn.public_key_auth_requested()
        if self._keypair is None:
            self._conn.try_next_auth(next_method=True)
        else:
            await self._send_signed_request()


class _Connection(asyncssh.SSHClientConnection):
    """A client's connection with the short handshake.

    unanswered: the signature is on its way and the server has said neither yes nor no.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        options: asyncssh.SSHClientConnectionOptions,
        *,
        at_once: bool,
    ) -> None:
        super().__init__(loop, options, wait="auth")
        self.unanswered = False
        self._at_once = at_once
        self._socket: socket.socket | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if _ACKNOWLEDGE is not None:
            self._socket = transport.get_extra_info("socket")
        super().connection_made(transport)

    def send_service_request(self, service: bytes) -> None:
        super().send_service_request(service)
        if self._at_once:
            self.unanswered = self._auth_in_progress = True
            self._owner.begin_auth(self._username)
            self._auth = _SignedAtOnce(self, b"publickey")

    def _accepted(self, kind: int, number: int, packet: SSHPacket) -> None:
        """The service is granted, which the signature behind the request took for granted."""
        if not self._at_once:
            super()._process_service_accept(kind, number, packet)
            return
        packet.get_string()
        packet.check_end()
        self._next_service = None

    def _refused(self, kind: int, number: int, packet: SSHPacket) -> None:
        self.unanswered = False
        super()._process_userauth_failure(kind, number, packet)

    _packet_handlers = {
        **asyncssh.SSHClientConnection._packet_handlers,
        constants.MSG_SERVICE_ACCEPT: _accepted,
        constants.MSG_USERAUTH_FAILURE: _refused,
    }

    def send_packet(self, pkttype: int, *args: bytes, **more: Any) -> None:
        empty = pkttype == constants.MSG_IGNORE and args == (String(b""),)
        if not empty or b"cbc" in self._enc_alg_cs:
            super().send_packet(pkttype, *args, **more)

    def _send(self, data: bytes) -> None:
        super()._send(data)
        self._acknowledge()

    def data_received(self, data: bytes, datatype: asyncssh.DataType = None) -> None:
        self._acknowledge()
        super().data_received(data, datatype)

    def _acknowledge(self) -> None:
        if self._socket is not None:
            try:
                self._socket.setsockopt(socket.IPPROTO_TCP, _ACKNOWLEDGE or 0, 1)
            except OSError:  # no TCP, or gone
                self._socket = None
