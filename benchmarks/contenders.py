"""The baselines (bare ssh) and this program: in-process, as a process, and over a kept connection."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import load
from benchmarks.lab import Lab
from benchmarks.load import Check
from benchmarks.measuring import NotRunError, processor_s
from readiness_tui.model.inventory import Address
from readiness_tui.model.probe import CollectorAsk
from readiness_tui.transports.contract import Pace
from readiness_tui.transports.ssh.connect import Connector
from readiness_tui.transports.ssh.route import SshSettings
from readiness_tui.transports.ssh.transport import SshTransport


def asks(checks: Sequence[Check]) -> tuple[CollectorAsk, ...]:
    """The checks as what a transport is asked."""
    return tuple(CollectorAsk(collector=check.name, script=check.text) for check in checks)


class BareTrue:
    """`ssh host true`: the lower bound for a new OpenSSH connection."""

    name = "ssh-true"
    title = "bare `ssh h true`"

    def prepare(self, lab: Lab, checks: Sequence[Check]) -> None:
        self._command = ["ssh", "-F", str(lab.ssh_config), lab.alias, "true"]
        self._checks = len(checks)

    def run(self) -> int:
        done = subprocess.run(self._command, stdin=subprocess.DEVNULL, capture_output=True)
        return self._checks if done.returncode == 0 else 0

    def finish(self) -> dict[str, float]:
        return {}


class BareScript:
    """`ssh host sh -s < all.sh`: all checks as one script, one after the other."""

    name = "ssh-script"
    title = "bare `ssh h sh -s < all.sh`"

    def prepare(self, lab: Lab, checks: Sequence[Check]) -> None:
        self._command = ["ssh", "-F", str(lab.ssh_config), lab.alias, "sh", "-s"]
        self._script = load.script(tuple(checks)).encode()

    def run(self) -> int:
        done = subprocess.run(self._command, input=self._script, capture_output=True)
        return done.stdout.count(load.MARK.encode())

    def finish(self) -> dict[str, float]:
        return {}


DURATIONS: dict[str, float] = {}
"""Seconds each check took in the runs so far, the warm-up's to begin with; a session keeps them."""


class InProcess:
    """Ours in a program that runs already, as the TUI does.

    first: nothing is known of the host, not even how long a check takes; a launch knows that from
    the day before. warm: over the connection of an earlier run, which is not counted.
    """

    def __init__(self, *, first: bool = False, warm: bool = False) -> None:
        self._first, self._warm = first, warm
        self.name = "ours-first" if first else "ours-warm" if warm else "ours"
        told = "the first time ever" if first else "run again (connection kept)" if warm else "cold"
        self.title = f"ours, in-process, {told}"
        self._more: dict[str, float] = {}

    def prepare(self, lab: Lab, checks: Sequence[Check]) -> None:
        self._runner = asyncio.Runner()
        self._asks = asks(checks)
        self._config, self._address = lab.ssh_config, Address.parse(lab.alias)
        self._transport: SshTransport | None = None
        self._connector: Connector | None = None
        if self._warm:
            self._runner.run(self._ask())

    def run(self) -> int:
        return self._runner.run(self._ask())

    async def _ask(self) -> int:
        began = time.perf_counter()
        if self._transport is None:
            self._connector = Connector(SshSettings(config=self._config))
            self._transport = SshTransport("h", self._address, self._connector)
            await self._transport.open(Pace(durations={} if self._first else DURATIONS))
        opened = first = time.perf_counter() - began
        answered, slowest = 0, 0.0
        async for reply in self._transport.ask(self._asks):
            first = first if answered else time.perf_counter() - began
            answered += reply.cause is None
            slowest = max(slowest, reply.took_ms / 1000)
        self._more = {"opened": opened, "first": first, "slowest": slowest}
        return answered

    def finish(self) -> dict[str, float]:
        self._runner.run(self._close())
        self._runner.close()
        return self._more

    async def _close(self) -> None:
        if self._transport is not None and self._connector is not None:
            await self._transport.close()
            await self._connector.close()


class Headless:
    """This program as a process: including the interpreter's start and the imports."""

    name = "ours-process"
    title = "ours, headless process"

    def prepare(self, lab: Lab, checks: Sequence[Check]) -> None:
        durations = lab.folder / "durations.json"
        durations.write_text(json.dumps(DURATIONS))
        arguments = (str(lab.ssh_config), lab.alias, str(len(checks)), str(durations))
        self._command = [sys.executable, "-m", "benchmarks.headless", *arguments]
        # An installed program has its bytecode; the warm-up makes it, apart from the sources.
        self._variables = {**os.environ, "PYTHONPYCACHEPREFIX": str(lab.folder / "bytecode")}
        self._variables.pop("PYTHONDONTWRITEBYTECODE", None)

    def run(self) -> int:
        done = subprocess.run(
            self._command,
            env=self._variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise NotRunError(done.stderr.strip()[-200:])
        return done.stdout.count("\n")

    def finish(self) -> dict[str, float]:
        return {}


def resident() -> int:
    """Bytes this process has in memory (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Fleet:
    """Many hosts at once, which is where the client's own costs show. Each figure is for one host.

    hosts: how many. cpu_s: processor seconds for connecting and all checks. memory: bytes of a
    connection that is open and idle. screen_cpu_s: as cpu_s, in the wizard, with all that it does.
    """

    hosts: int
    cpu_s: float
    memory: float
    screen_cpu_s: float = 0.0


async def fleet(lab: Lab, checks: Sequence[Check], hosts: int) -> Fleet:
    """Open them, ask them, close them, all at once. Raises NotRunError when an answer is missing."""
    connector = Connector(SshSettings(config=lab.ssh_config))
    transports = [
        SshTransport(f"h{number}", Address.parse(lab.alias), connector) for number in range(hosts + 1)
    ]
    first, *others = transports

    async def ask(transport: SshTransport) -> int:
        return sum([reply.cause is None async for reply in transport.ask(asks(checks))])

    try:
        await first.open()  # what is loaded once is not counted
        before, began = resident(), processor_s()
        await asyncio.gather(*(transport.open() for transport in others))
        grown = resident() - before
        answered = sum(await asyncio.gather(*map(ask, others)))
        if answered != hosts * len(checks):
            raise NotRunError(f"the fleet answered {answered} of {hosts * len(checks)} checks")
        return Fleet(hosts, (processor_s() - began) / hosts, grown / hosts)
    finally:
        await asyncio.gather(*(transport.close() for transport in transports))
        await connector.close()
