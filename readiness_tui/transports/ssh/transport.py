"""SSH transport: one connection per host with a few workers, kept open between runs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import asyncssh

from readiness_tui.errors import TransportError
from readiness_tui.model.inventory import Address
from readiness_tui.model.network_asks import OutsideAsk
from readiness_tui.transports.network.through import Way
from readiness_tui.transports.outside import outside
from readiness_tui.transports.shell.channel import (
    Channel,
    Ending,
    LinkLostError,
    Listener,
    NoSessionError,
    UntilOver,
)
from readiness_tui.transports.shell.host import ShellHost
from readiness_tui.transports.shell.jobs import WorkerLimits
from readiness_tui.transports.shell.pool import WORKERS
from readiness_tui.transports.shell.script import COMMAND
from readiness_tui.transports.ssh.connect import Connector, Link
from readiness_tui.transports.ssh.tunnel import tunnel

DRAIN_S = 1.0
"""Seconds to wait for output after a shell's end, since a leftover child may hold the stream open forever."""

WINDOW = 512 * 1024
"""Bytes a host may send unread on one channel: twice the cap, which limits floods."""

KILL_S = 10.0
"""Seconds a kill may take, including a connection of its own."""


class _Session(asyncssh.SSHClientSession[bytes]):
    """Passes a channel's output and end to its listener."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None
        self._draining: asyncio.TimerHandle | None = None
        self._status: int | None = None
        self._signal = ""
        self.over = asyncio.Event()

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self._channel = chan

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        self._listener.received(data, stderr=datatype == asyncssh.EXTENDED_DATA_STDERR)

    def exit_status_received(self, status: int) -> None:
        self._status = status
        self._drain()

    def exit_signal_received(self, signal: str, core_dumped: bool, msg: str, lang: str) -> None:
        self._signal = signal
        self._drain()

    def _drain(self) -> None:
        if self._channel is not None and self._draining is None:
            self._draining = asyncio.get_running_loop().call_later(DRAIN_S, self._channel.close)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._draining is not None:
            self._draining.cancel()
        lost = exc is not None
        detail = f"the connection was lost: {exc}" if lost else ""
        self._listener.ended(Ending(self._status, self._signal, lost, detail))
        self.over.set()


class _SshChannel:
    """A running remote shell."""

    def __init__(self, channel: asyncssh.SSHClientChannel[bytes], session: _Session) -> None:
        self._channel = channel
        self._session = session

    def write(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # it has ended; `ended` reports that
            self._channel.write(data)

    def hold(self) -> None:
        self._channel.pause_reading()

    def release(self) -> None:
        self._channel.resume_reading()

    async def close(self) -> None:
        """Ask sshd to kill remaining processes (it can, except those of root), and release the channel."""
        if not self._session.over.is_set():
            with contextlib.suppress(OSError):
                self._channel.kill()
            self._channel.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DRAIN_S):
                    await self._session.over.wait()


class SshShells:
    """Starts shells on a connection. Kills through another channel, or another connection."""

    own_group = True  # sshd starts every session in its own process group
    no_shell_hint = (
        "the account must be able to run `/bin/sh -c COMMAND`: "
        "no nologin shell, no forced command, no restricted shell"
    )

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self.link: Link | None = None

    async def start(self, listener: Listener) -> Channel:
        """See `Shells.start`."""
        if self.link is None or self.link.closed:
            raise LinkLostError("the connection was lost")
        return await self._start(self.link, listener)

    async def _start(self, link: Link, listener: Listener) -> Channel:
        session = _Session(listener)
        opening = asyncio.ensure_future(
            link.connection.create_session(
                lambda: session,
                COMMAND,
                encoding=None,
                request_pty=False,
                env=None,
                send_env=None,
                x11_forwarding=False,
                window=WINDOW,
            )
        )
        try:
            channel, _ = await asyncio.shield(opening)
        except asyncio.CancelledError:
            # An abandoned channel would stay open on the host: close it once it is open.
            opening.add_done_callback(_close_late)
            raise
        except asyncssh.ChannelOpenError as error:
            if link.closed:
                raise LinkLostError("the connection was lost") from error
            raise NoSessionError(error.reason) from error
        except (OSError, asyncssh.Error) as error:
            raise LinkLostError(f"the connection was lost: {error}") from error
        return _SshChannel(channel, session)

    async def kill(self, group: int, *, elevated: bool) -> None:
        """See `Shells.kill`."""
        link = self.link
        if link is None or link.closed:
            return
        text = f"kill -9 -{group} 2>/dev/null\n"
        if elevated:
            text += f"sudo -n kill -9 -- -{group} 2>/dev/null\n"
        with contextlib.suppress(TimeoutError, LinkLostError, TransportError):
            async with asyncio.timeout(KILL_S):
                try:
                    await self._say(link, text)
                except NoSessionError:
                    await self._say_apart(link, text)

    async def _say(self, link: Link, text: str) -> None:
        listener = UntilOver()
        channel = await self._start(link, listener)
        channel.write(f"{text}exit 0\n".encode())
        try:
            await listener.over.wait()
        finally:
            await channel.close()

    async def _say_apart(self, link: Link, text: str) -> None:
        """On a separate connection, because the worker holds the only session that sshd allows."""
        other = await self._connector.again(link.route)
        try:
            with contextlib.suppress(NoSessionError):
                await self._say(other, text)
        finally:
            await other.close()


def _close_late(opening: asyncio.Future[tuple[asyncssh.SSHClientChannel[Any], Any]]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result()[0].close()


class SshTransport(ShellHost):
    """A host over SSH, with one connection that is opened once and kept until it is closed or lost."""

    def __init__(
        self,
        host: str,
        address: Address,
        connector: Connector | None = None,
        *,
        workers: int = WORKERS,
        limits: WorkerLimits | None = None,
    ) -> None:
        """connector: shared between hosts, so that they share jump hosts; by default its own."""
        self._address = address
        self._own = connector is None
        self._connector = connector or Connector()
        self._shells = SshShells(self._connector)
        self._opening = asyncio.Lock()
        super().__init__(host, self._shells, workers=workers, limits=limits)

    async def connect(self) -> None:
        """Connect. Raises TransportError with its cause and a hint. Does nothing if connected."""
        async with self._opening:
            if self._shells.link is None or self._shells.link.closed:
                self._shells.link = None
                self._shells.link = await self._connector.connect(self._address)

    def facts(self) -> Mapping[str, str]:
        """The user, the authentication method and the server's version."""
        link = self._shells.link
        if link is None:
            return {"transport": "ssh"}
        facts = {
            "transport": "ssh",
            "auth_method": link.auth_method,
            "key_type": link.key_type,
            "user": link.route.user,
            "server_version": str(link.connection.get_extra_info("server_version", "")),
            "ssh_config_warning": "; ".join(link.route.warnings),
        }
        return {name: value for name, value in facts.items() if value}

    async def outside(self, ask: OutsideAsk) -> Sequence[tuple[str, str]]:
        """Connections to the address of this one; behind a jump host or a proxy it would be another's."""
        link = self._shells.link
        if link is None or link.route.jump is not None or link.route.proxy_command:
            return [("outside", "unsupported")]
        peer = link.connection.get_extra_info("peername")
        return await outside(str(peer[0]), ask.ports, ask.wait_s) if peer else [("outside", "unsupported")]

    def way(self) -> Way | None:
        """Connections that the host's sshd opens for us (direct-tcpip)."""
        link = self._shells.link
        return partial(tunnel, link.connection) if link is not None else None

    async def close(self) -> None:
        """Stop what runs on the host, then close the connection."""
        await self.workers.cancel()
        if self._shells.link is not None:
            await self._shells.link.close()
            self._shells.link = None
        if self._own:
            await self._connector.close()
