"""A host to measure against: a real sshd on loopback, near, or far behind a relay that delays."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

from benchmarks.relay import Counts, Relay
from tests.sshd import Sshd

FAR = "far"
NEAR = "near"
"""The host's two names in the lab's ssh_config: behind the relay, and reached straight."""

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
        self.sshd = self._stack.enter_context(Sshd(self.folder / "sshd", config=f"SetEnv HOME={home}"))
        self.relay = self._stack.enter_context(Relay(self.sshd.port))
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
        ports = {NEAR: self.sshd.port, FAR: self.relay.port}
        known.write_text("".join(f"[127.0.0.1]:{port} {public}" for port in ports.values()))
        doors = "".join(f"Host {alias}\n  Port {port}\n" for alias, port in ports.items())
        self.ssh_config.write_text(
            f"{doors}"
            "Host *\n"
            "  HostName 127.0.0.1\n"
            f"  User {self.sshd.user}\n"
            f"  IdentityFile {self.sshd.identity}\n"
            f"  UserKnownHostsFile {known}\n"
            "  GlobalKnownHostsFile /dev/null\n"
            "  IdentitiesOnly yes\n"
            "  IdentityAgent none\n"
            "  BatchMode yes\n"
        )

    @property
    def port(self) -> int:
        """Where the host is reached at the distance last asked for."""
        return self.sshd.port if self.alias == NEAR else self.relay.port

    def begin(self, rtt_s: float) -> None:
        """The host is so far away from now on, and everything is counted from here."""
        self.alias = FAR if rtt_s else NEAR
        self.relay.move(rtt_s)
        self._before = self._worked()

    def wire(self) -> Counts:
        """What went through the relay since `begin`; nothing does at distance 0."""
        return self.relay.counts()

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
