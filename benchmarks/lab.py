"""A host to measure against: a real sshd, local or at the far end of a line with delay."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

from benchmarks import namespaces, wire
from benchmarks.distance import Counts, Distance
from benchmarks.relay import Relay
from benchmarks.wire import Wire
from tests.sshd import Sshd

FAR = "far"
NEAR = "near"
"""The host's two names in the lab's ssh_config: over the line that delays, and reached straight."""

QUIET_S = 20.0
"""Seconds that a host may take to end what a contender left; more is a defect of the lab."""


@dataclass(frozen=True, slots=True)
class HostWork:
    """What the host did: processor seconds of what has ended below its sshd, shells, connections."""

    cpu_s: float
    execs: int
    connections: int


class Lab:
    """A context manager. folder: everything it writes; ssh_config: names the host.

    alias: the host's name at the distance last asked for; at 0 nothing stands between.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._before = HostWork(0.0, 0, 0)
        self.alias = NEAR

    def __enter__(self) -> Lab:
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="readiness-bench-")))
        home = self.folder / "home"
        home.mkdir()
        # What the account's start-up files do is the machine's affair, and every shell would pay it.
        pam = "yes" if os.geteuid() == 0 else "no"
        config = f"SetEnv HOME={home}\nUsePAM {pam}"
        if namespaces.inside():
            server = Sshd(
                self.folder / "sshd", config=config, listen="0.0.0.0", prefix=namespaces.HOST_PREFIX
            )
            self.sshd = self._stack.enter_context(server)
            namespaces.cable(self.sshd.pid)
            self._distance: Distance = self._stack.enter_context(Wire(self.sshd.pid))
            self._doors = {NEAR: (namespaces.HOST, server.port), FAR: (wire.HOST, server.port)}
        else:
            self.sshd = self._stack.enter_context(Sshd(self.folder / "sshd", config=config))
            self._distance = relay = self._stack.enter_context(Relay(self.sshd.port))
            self._doors = {NEAR: ("127.0.0.1", self.sshd.port), FAR: ("127.0.0.1", relay.port)}
        self.ssh_config = self.folder / "ssh_config"
        self._write()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _write(self) -> None:
        public = self.sshd.host_key.with_suffix(".pub").read_text()
        known = self.folder / "known_hosts"
        known.write_text("".join(f"[{host}]:{port} {public}" for host, port in self._doors.values()))
        doors = "".join(
            f"Host {alias}\n  HostName {host}\n  Port {port}\n" for alias, (host, port) in self._doors.items()
        )
        self.ssh_config.write_text(
            f"{doors}"
            "Host *\n"
            f"  User {self.sshd.user}\n"
            f"  IdentityFile {self.sshd.identity}\n"
            f"  UserKnownHostsFile {known}\n"
            "  GlobalKnownHostsFile /dev/null\n"
            "  IdentitiesOnly yes\n"
            "  IdentityAgent none\n"
            "  BatchMode yes\n"
        )

    @property
    def door(self) -> tuple[str, int]:
        """Address and port where the host is reached at the distance last asked for."""
        return self._doors[self.alias]

    def begin(self, rtt_s: float) -> None:
        """The host is so far away from now on, and everything is counted from here."""
        self.alias = FAR if rtt_s else NEAR
        self._distance.move(rtt_s)
        self._before = self._worked()

    def wire(self) -> Counts:
        """What went over the line since `begin`; nothing does at distance 0."""
        return self._distance.counts()

    def work(self) -> HostWork:
        """What the host did since `begin`, so far."""
        now, before = self._worked(), self._before
        return HostWork(
            now.cpu_s - before.cpu_s, now.execs - before.execs, now.connections - before.connections
        )

    def quiet(self) -> None:
        """Wait until nothing is connected. Raises TimeoutError when something stays."""
        _, left = psutil.wait_procs(self.sshd.family(), timeout=QUIET_S)
        if left:
            raise TimeoutError(f"still running on the host: {left}")

    def _worked(self) -> HostWork:
        times = psutil.Process(self.sshd.pid).cpu_times()
        cpu = times.user + times.system + times.children_user + times.children_system
        log = self.sshd.log
        return HostWork(cpu, log.count("Starting session:"), log.count("Connection from "))
