from __future__ import annotations

import subprocess
import sys

import pytest

from readiness_tui.errors import TransportError
from readiness_tui.model.inventory import Host
from readiness_tui.transports.network.transport import NetworkTransport
from readiness_tui.transports.pool import Connections
from readiness_tui.transports.replay import ReplayTransport
from readiness_tui.transports.shell.exec import ExecTransport
from readiness_tui.transports.shell.local import LocalTransport


async def test_each_address_has_its_transport_and_keeps_it() -> None:
    connections = Connections()
    cases = {
        "local": LocalTransport,
        "exec:docker exec -i {host} sh": ExecTransport,
        "replay:x": ReplayTransport,
    }
    for number, (address, kind) in enumerate(cases.items()):
        host = Host(name=f"h{number}", address=address)
        transport = await connections.get(host.name, host)
        assert isinstance(transport, kind)
        assert transport.host == host.name
        assert await connections.get(host.name, host) is transport
    assert isinstance(await connections.get("local", None), LocalTransport)
    assert isinstance(await connections.get("network", None), NetworkTransport)
    with pytest.raises(TransportError):
        await connections.get("web", None)
    await connections.close()
    await connections.close()


async def test_another_address_gets_another_transport() -> None:
    connections = Connections()
    before = await connections.get("h", Host(name="h", address="local"))
    after = await connections.get("h", Host(name="h", address="exec:sh"))
    assert after is not before
    assert isinstance(after, ExecTransport)
    await connections.close()


CHILD = """
import asyncio, sys
from readiness_tui.transports.pool import Connections
from readiness_tui.model.inventory import Host

async def main():
    connections = Connections()
    for name, address in (("here", "local"), ("other", "exec:sh")):
        transport = await connections.get(name, Host(name=name, address=address))
        await transport.open()
    assert "asyncssh" not in sys.modules
    transport = await connections.get("web", Host(name="web", address="web.example"))
    assert "asyncssh" in sys.modules
    await connections.close()

asyncio.run(main())
"""


def test_asyncssh_is_loaded_with_the_first_ssh_host_and_not_before() -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", CHILD], check=True)
