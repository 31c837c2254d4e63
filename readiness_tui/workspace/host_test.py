"""Test the connection to a host before a launch depends on it."""

from __future__ import annotations

import asyncio
import time

from readiness_tui.errors import LockedKeyError, TransportError
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Cause
from readiness_tui.transports.pool import Connections
from readiness_tui.transports.ssh.unlocked_keys import UnlockedKeys

PATIENCE_S = 30.0
"""Seconds for a host to accept the login."""


class HostTest:
    """Connections opened to test hosts, and closed together."""

    def __init__(self, unlocked_keys: UnlockedKeys) -> None:
        """unlocked_keys: unlocks the key files that a host needs."""
        self._connections = Connections()
        self._connections.unlocked_keys = unlocked_keys

    async def reach(self, host: Host) -> str:
        """Connect to the host. Returns how long it took. Raises TransportError with the cause."""
        while True:
            began = time.monotonic()
            try:
                async with asyncio.timeout(PATIENCE_S):
                    transport = await self._connections.get(host.name, host)
                    await transport.open()
                break
            except LockedKeyError as locked:
                await self._connections.unlocked_keys.unlock(locked.path)
            except TimeoutError:
                raise TransportError(f"no answer within {PATIENCE_S:.0f} s", cause=Cause.TIMEOUT) from None
        roles = "" if host.roles else "; it has no role, so few probes run on it"
        return f"reached in {int((time.monotonic() - began) * 1000)} ms{roles}"

    async def close(self) -> None:
        """Close the connections."""
        await self._connections.close()
