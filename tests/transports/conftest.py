"""Fixtures of the transport tests: a real sshd, and transports to it and to this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from readiness_tui.model.inventory import Address
from readiness_tui.transports import registry
from readiness_tui.transports.shell.exec import ExecTransport
from readiness_tui.transports.shell.jobs import WorkerLimits
from readiness_tui.transports.shell.local import LocalTransport
from readiness_tui.transports.ssh.connect import Connector
from readiness_tui.transports.ssh.route import SshSettings
from readiness_tui.transports.ssh.transport import SshTransport
from tests.sshd import Sshd
from tests.transports.stranger import install

Servers = Callable[..., Sshd]
ShellTransport = LocalTransport | SshTransport | ExecTransport
Ways = Callable[..., ShellTransport]


@pytest.fixture
def sshds(tmp_path: Path) -> Iterator[Servers]:
    """Starts servers, each with the lines given for its sshd_config; stops them."""
    started: list[Sshd] = []

    def start(config: str = "", user: str = "") -> Sshd:
        server = Sshd(tmp_path / f"sshd{len(started)}", config=config, user=user)
        started.append(server)
        return server.start()

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def sshd(sshds: Servers) -> Sshd:
    """A server with nothing special."""
    return sshds()


def ssh_to(
    server: Sshd, *, workers: int = 4, limits: WorkerLimits | None = None, **settings: float
) -> SshTransport:
    """A transport of its own to a server, by the server's ssh_config."""
    connector = Connector(SshSettings(config=server.ssh_config, **settings))  # type: ignore[arg-type]  # floats and ints by name
    return SshTransport("web", Address.parse(server.address), connector, workers=workers, limits=limits)


@pytest.fixture
async def ways(sshds: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ways]:
    """Opens a transport by its word: `local`, `ssh`, `exec`, a stranger's `moon`; closes it."""
    opened: list[ShellTransport] = []

    def way(word: str, *, workers: int = 4, limits: WorkerLimits | None = None) -> ShellTransport:
        transport: ShellTransport
        match word:
            case "local":
                transport = LocalTransport("web", workers=workers, limits=limits)
            case "ssh":
                transport = ssh_to(sshds(), workers=workers, limits=limits)
            case "exec":
                transport = ExecTransport("web", "env HOST={host} sh", workers=workers, limits=limits)
            case "moon":
                monkeypatch.syspath_prepend(install(tmp_path / "site"))
                stranger = registry.made("moon", "web", f"workers={workers}")
                assert isinstance(stranger, LocalTransport)
                transport = stranger
            case _:
                command = word.split()
                transport = LocalTransport("web", command=command, workers=workers, limits=limits)
        opened.append(transport)
        return transport

    yield way
    for transport in opened:
        await transport.close()
