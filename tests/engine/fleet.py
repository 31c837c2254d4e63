"""Several hosts in one ssh_config, working and broken, and connections with short timeouts."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from readiness_tui.model.inventory import Address, Host
from readiness_tui.transports.contract import Transport
from readiness_tui.transports.pool import Connections
from readiness_tui.transports.shell.jobs import WorkerLimits
from readiness_tui.transports.ssh.connect import Connector
from readiness_tui.transports.ssh.route import SshSettings
from readiness_tui.transports.ssh.transport import SshTransport
from tests.sshd import Sshd, free_port, keygen
from tests.transports.conftest import Servers
from tests.transports.middleman import Middleman
from tests.transports.servers import filtered_port


class Fleet:
    """One ssh_config that knows each host by its name.

    hosts: addresses by name, as a plan has them. connect_s: how long to wait for each.
    """

    def __init__(self, folder: Path, *, connect_s: int = 60) -> None:
        self.config = folder / "fleet_config"
        self.hosts: dict[str, str] = {}
        self._known_hosts = folder / "fleet_known_hosts"
        self._known_hosts.write_text("")
        self.config.write_text(
            f"Host *\n  HostName 127.0.0.1\n  ConnectTimeout {connect_s}\n"
            f"  UserKnownHostsFile {self._known_hosts}\n  GlobalKnownHostsFile /dev/null\n"
            "  IdentitiesOnly yes\n  IdentityAgent none\n"
        )

    def add(self, name: str, server: Sshd, *, port: int = 0, key: Path | None = None) -> None:
        """A host with a server. port: where it is reached, when not straight; key: the one known of it."""
        self.place(name, port or server.port, f"  User {server.user}\n  IdentityFile {server.identity}\n")
        public = (key or server.host_key).with_suffix(".pub").read_text()
        with self._known_hosts.open("a") as file:
            file.write(f"[127.0.0.1]:{port or server.port} {public}")

    def place(self, name: str, port: int, lines: str = "") -> None:
        """A host at a port of the loopback, whatever is there."""
        self.hosts[name] = name
        with self.config.open("a") as file:
            file.write(f"Host {name}\n  Port {port}\n{lines}")


SILENT = ("dropped", "half-open", "hung")
"""The dead hosts that never say so: only a deadline ends the waiting for them."""


@asynccontextmanager
async def seven_dead(fleet: Fleet, sshds: Servers, folder: Path) -> AsyncIterator[Middleman]:
    """Adds hosts that are dead in seven ways. Yields the link of `hung`, to be hung once it is asked."""
    async with AsyncExitStack() as held:
        fleet.place("refused", free_port())
        fleet.place("dropped", held.enter_context(filtered_port()))
        silent = held.enter_context(socket.create_server(("127.0.0.1", 0)))
        fleet.place("half-open", silent.getsockname()[1])
        fleet.place("web", await saying(held, b"HTTP/1.1 400 Bad Request\r\n\r\n" + b"x" * 300_000))
        fleet.place("slammed", await saying(held, b""))
        fleet.add("stranger", sshds(), key=keygen(folder / "other"))
        server = sshds()
        link = await held.enter_async_context(Middleman(server.port))
        fleet.add("hung", server, port=link.port)
        yield link


async def saying(held: AsyncExitStack, words: bytes) -> int:
    """A port that sends this to every client, then closes the connection."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        writer.close()

    server = await held.enter_async_context(await asyncio.start_server(answer, "127.0.0.1", 0))
    port: int = server.sockets[0].getsockname()[1]
    return port


@asynccontextmanager
async def kept(connections: Connections) -> AsyncIterator[Connections]:
    """Connections that are closed in the end."""
    try:
        yield connections
    finally:
        await connections.close()


class Impatient(Connections):
    """Connections that notice a dead link within a second, and a shell that does not begin as soon."""

    def __init__(self, config: Path, *, hello_s: float = 2) -> None:
        super().__init__()
        self._limits = WorkerLimits(hello_s=hello_s)
        self._connector = Connector(SshSettings(config=config, keepalive_s=0.2, keepalive_count=3))
        self._opened: dict[str, SshTransport] = {}

    async def get(self, target: str, host: Host | None) -> Transport:
        assert host is not None
        if target not in self._opened:
            address = Address.parse(host.address)
            self._opened[target] = SshTransport(target, address, self._connector, limits=self._limits)
        return self._opened[target]

    async def close(self) -> None:
        for transport in self._opened.values():
            await transport.close()
        await self._connector.close()
