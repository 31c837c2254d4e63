"""The connections to the hosts of a launch, kept open between runs."""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path

from readiness_tui.errors import TransportError
from readiness_tui.model.inventory import BUILT_IN, LOCAL, NETWORK, Address, Host
from readiness_tui.model.outcome import Cause
from readiness_tui.transports import registry
from readiness_tui.transports.contract import Transport
from readiness_tui.transports.network.transport import NetworkTransport
from readiness_tui.transports.replay import ReplayTransport
from readiness_tui.transports.shell.exec import ExecTransport
from readiness_tui.transports.shell.local import LocalTransport
from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys


class Connections:
    """One transport for each target. Jump hosts are shared between them.

    unlocked_keys: the unlocked key files; a replacement applies to connections made afterwards.
    """

    def __init__(
        self,
        *,
        ssh_config: Path | None = None,
    ) -> None:
        """ssh_config: used instead of the user's, as with `ssh -F`; see also READINESS_SSH_CONFIG."""
        self._ssh_config = ssh_config
        self.unlocked_keys = UnlockedKeys()
        self._kept: dict[str, tuple[str, Transport]] = {}
        self._ssh: _Ssh | None = None
        self._making = asyncio.Lock()

    async def get(self, target: str, host: Host | None) -> Transport:
        """The target's transport, not yet opened if it is new. host: None for `local` and `network`.

        If the address has changed, the old transport is closed. Raises TransportError for a target that
        is neither a host nor a vantage point.
        """
        address = host.address if host is not None else target
        if host is not None:
            await asyncio.to_thread(_load, Address.parse(address).transport)
        async with self._making:
            kept = self._kept.get(target)
            if kept is not None and kept[0] == address:
                return kept[1]
            if kept is not None:
                await kept[1].close()
            transport = self._make(target, host)
            self._kept[target] = (address, transport)
            return transport

    def _make(self, target: str, host: Host | None) -> Transport:
        if host is None and target == LOCAL:
            return LocalTransport(LOCAL)
        if host is None and target == NETWORK:
            return NetworkTransport()
        if host is None:
            raise TransportError(f"no host named {target!r}", cause=Cause.NOT_CONFIGURED)
        address = Address.parse(host.address)
        match address.transport:
            case "local":
                return LocalTransport(host.name)
            case "exec":
                return ExecTransport(host.name, address.rest)
            case "replay":
                return ReplayTransport(host.name, Path(address.rest))
            case "ssh":
                if self._ssh is None:
                    self._ssh = _Ssh(self._ssh_config, self.unlocked_keys)
                return self._ssh.transport(host.name, address)
            case name:
                return registry.made(name, host.name, address.rest)

    async def close(self) -> None:
        """Close everything. A later `get` opens new connections."""
        kept, self._kept = self._kept, {}
        await asyncio.gather(*(transport.close() for _, transport in kept.values()))
        ssh, self._ssh = self._ssh, None
        if ssh is not None:
            await ssh.close()


def _load(transport: str) -> None:
    """Import a transport's modules outside the event loop: asyncssh takes 0.2 s, a plug-in any time."""
    if transport == "ssh":  # imported only when needed: neither the start nor `local` needs it
        importlib.import_module("readiness_tui.transports.ssh.transport")
    elif transport not in BUILT_IN:
        registry.find(transport)


class _Ssh:
    """The SSH transports, created when the first is needed, because the import is slow."""

    def __init__(self, config: Path | None, unlocked_keys: UnlockedKeys) -> None:
        from readiness_tui.transports.ssh.connect import Connector
        from readiness_tui.transports.ssh.route import SshSettings

        self._connector = Connector(SshSettings(config=config), unlocked_keys)

    def transport(self, name: str, address: Address) -> Transport:
        from readiness_tui.transports.ssh.transport import SshTransport

        return SshTransport(name, address, self._connector)

    async def close(self) -> None:
        await self._connector.close()
