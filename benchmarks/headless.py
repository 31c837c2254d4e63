"""Ours as a program of its own: connects, asks, prints a line for each answer, leaves.

Imports what `readiness probe` needs to reach a host and nothing more: `python -m benchmarks.headless
SSH_CONFIG HOST CHECKS DURATIONS` is the transport's price, not the command line's. DURATIONS: a JSON
file of the seconds each check took the last time, which a launch has in its session.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from benchmarks.load import CHECKS
from readiness_tui.model.inventory import Address
from readiness_tui.model.probe import CollectorAsk
from readiness_tui.transports.contract import Pace
from readiness_tui.transports.ssh.connect import Connector
from readiness_tui.transports.ssh.route import SshSettings
from readiness_tui.transports.ssh.transport import SshTransport


async def main(config: Path, host: str, number: int, durations: Path) -> None:
    """Ask that many of the checks."""
    connector = Connector(SshSettings(config=config))
    transport = SshTransport("h", Address.parse(host), connector)
    await transport.open(Pace(durations=json.loads(durations.read_text())))
    asks = [CollectorAsk(collector=check.name, script=check.text) for check in CHECKS[:number]]
    async for reply in transport.ask(asks):
        if reply.cause is None:
            print(reply.ask.command, reply.exit, flush=True)
    await transport.close()
    await connector.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])))
