"""A shorter SSH handshake than asyncssh's: three round trips fewer, and no wait for delayed ACKs.

This is the only module that uses the internals of asyncssh. `fits` says whether the installed version is
one that it was written for. The differences (engine.md, section 4) are ordinary SSH, and a server may
refuse them:

- A: the first authentication request carries the signature, without asking whether the key is acceptable.
- S: it is sent together with the service request (RFC 4252 allows this).
- Q: data from the server is acknowledged at once, because sshd waits for that (Nagle).
- I: no empty message is sent before each packet, except for CBC ciphers, which it protects.
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
"""Tested versions of asyncssh: from the first to below the second."""

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
"""Linux only; elsewhere Q is not used."""

_KINDS = ("ssh-ed25519", "ecdsa-sha2-")
"""Key types with a single signature algorithm, fast and without user interaction. For RSA the server first
has to name the algorithm.
"""


class UnansweredError(Exception):
    """The server closed the connection during the short handshake before answering the authentication
    request.
    """


@cache
def fits() -> bool:
    """Whether this module was written for the installed asyncssh."""
    version = tuple(int(part) for part in asyncssh.__version__.split(".")[:2])
    return TESTED[0] <= version < TESTED[1] and all(
        tuple(inspect.signature(function).parameters) == names for function, names in _SHAPES.items()
    )


def can_sign_at_once(keys: Sequence[asyncssh.SSHKeyPair], accepted: bytes | None) -> bool:
    """Whether to sign with the first key without asking: it is the only key, or was accepted last time.

    accepted: the public half of that key. In other cases a wrong guess would count as a failed login
    (MaxAuthTries).
    """
    if not keys or not keys[0].get_algorithm().startswith(_KINDS):
        return False
    return len(keys) == 1 or keys[0].public_data == accepted


async def connect(host: str, port: int, *, at_once: bool, **options: Any) -> asyncssh.SSHClientConnection:
    """As `asyncssh.connect`. at_once: sign without asking first (A and S).

    Raises as that function, and UnansweredError, after which the standard handshake may still succeed.
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
    except Exception as error:  # also errors caused by changes inside asyncssh
        if any(connection.unanswered for connection in made):
            raise UnansweredError(str(error)) from error
        raise


class _SignedAtOnce(auth._ClientPublicKeyAuth):
    """Authenticates with a key without asking first whether it is acceptable."""

    async def _start(self) -> None:
        self._keypair = await self._conn.public_key_auth_requested()
        if self._keypair is None:
            self._conn.try_next_auth(next_method=True)
        else:
            await self._send_signed_request()


class _Connection(asyncssh.SSHClientConnection):
    """A client connection with the short handshake.

    unanswered: the signature was sent and the server has not answered yet.
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
        """The service was accepted, as assumed by the signature that was sent with the request."""
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
            except OSError:  # not TCP, or closed
                self._socket = None
