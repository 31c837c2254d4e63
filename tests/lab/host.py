"""A booted host: a copy of a tree, run by systemd-nspawn in a network of its own.

Every host has two network namespaces that nothing else shares: its own, and the operator's, from which the
program looks at it. So each host has the same addresses and any number can run beside each other.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.lab import cgroups
from tests.lab.slots import slot

ADDRESS = "10.201.1.2"
OPERATOR = "10.201.1.1"
NAME = "api.payments.test"
COPIES = Path("/var/tmp/readiness-lab")
CAPABILITIES = "CAP_NET_ADMIN,CAP_NET_RAW,CAP_SYS_TIME"
BOOT_SECONDS = 180
ENDS_WITH_US = ("setpriv", "--pdeathsig", "TERM")


RUNNING = (
    "systemctl is-system-running --wait",
    "for name in sshd nginx fail2ban-server; do pgrep -x $name || exit; done",
)
"""What succeeds when a host is up: with systemd, and without it."""


class LabError(Exception):
    """A host could not be made, booted or reached; the text says which and why."""


@dataclass(frozen=True)
class Done:
    """What a command on the host came to."""

    status: int
    output: str


def run(*command: str) -> str:
    """Run a command of this machine and return what it printed; raise LabError when it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


@dataclass(frozen=True)
class Network:
    """The host's namespace and the operator's, joined by a pair of interfaces."""

    host: str
    operator: str

    @classmethod
    def make(cls, name: str) -> Network:
        net = cls(f"{name}-host", f"{name}-op")
        for namespace in (net.host, net.operator):
            run("ip", "netns", "add", namespace)
            run("ip", "-n", namespace, "link", "set", "lo", "up")
        run("ip", "link", "add", "op0", "netns", net.operator, "type", "veth",
            "peer", "name", "eth0", "netns", net.host)  # fmt: skip
        for namespace, link, address in ((net.operator, "op0", OPERATOR), (net.host, "eth0", ADDRESS)):
            run("ip", "-n", namespace, "addr", "add", f"{address}/24", "dev", link)
            run("ip", "-n", namespace, "link", "set", link, "up")
        run("ip", "-n", net.host, "route", "add", "default", "via", OPERATOR)
        names = Path("/etc/netns", net.operator)
        names.mkdir(parents=True)
        (names / "hosts").write_text(f"127.0.0.1 localhost\n{ADDRESS} {NAME} ready\n")
        (names / "resolv.conf").write_text("")
        return net

    def end_processes(self) -> None:
        """Kill whatever still runs in the two namespaces."""
        for namespace in (self.host, self.operator):
            pids = subprocess.run(
                ("ip", "netns", "pids", namespace), capture_output=True, text=True, check=False
            )
            for pid in pids.stdout.split():
                with suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)

    def remove(self) -> None:
        for namespace in (self.host, self.operator):
            subprocess.run(("ip", "netns", "del", namespace), capture_output=True, check=False)
        shutil.rmtree(Path("/etc/netns", self.operator), ignore_errors=True)


@dataclass
class Host:
    """A running host. `root` runs commands in it as root, `operator` commands beside it."""

    name: str
    tree: Path
    network: Network
    nspawn: subprocess.Popen[bytes]
    clock: subprocess.Popen[bytes]

    @property
    def init(self) -> int:
        """The process number, on this machine, of the host's init."""
        children = Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children").read_text().split()
        if not children:
            raise LabError(f"{self.name} is not running: {self.console()}")
        return int(children[0])

    def console(self) -> str:
        log = self.tree.with_suffix(".console")
        return log.read_text(errors="replace")[-2000:] if log.exists() else ""

    def root(self, script: str, timeout: float = 180) -> Done:
        """Run a bash script as root on the host; what it leaves running in the background stays."""
        log = self.tree.with_suffix(".output")
        groups = [hierarchy / self.name / "payload" for hierarchy in cgroups.hierarchies()]
        command = (*within(groups), "nsenter", "--all", "--target", str(self.init), "--",
                   "/usr/bin/env", "-i", "LC_ALL=C",
                   "HOME=/root", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                   "/bin/bash", "-c", script)  # fmt: skip
        with log.open("wb") as output:
            try:
                done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                      timeout=timeout, check=False)  # fmt: skip
            except subprocess.TimeoutExpired:
                return Done(124, log.read_text(errors="replace") + f"\nended after {timeout:.0f} s")
        return Done(done.returncode, log.read_text(errors="replace"))

    def operator(self, command: Sequence[str]) -> tuple[str, ...]:
        """The command line that runs `command` where the operator of this host sits."""
        return ("ip", "netns", "exec", self.network.operator, *command)

    def host_keys(self) -> list[str]:
        """The host's public keys, as lines of a known_hosts file."""
        keys = sorted((self.tree / "etc/ssh").glob("ssh_host_*_key.pub"))
        return [f"{ADDRESS} {' '.join(key.read_text().split()[:2])}" for key in keys]

    def wait(self, script: str, what: str, seconds: float = BOOT_SECONDS) -> None:
        """Ask the host again and again until the script succeeds."""
        end = time.monotonic() + seconds
        last = ""
        while time.monotonic() < end:
            if self.nspawn.poll() is not None:
                raise LabError(f"{self.name} ended while booting: {self.console()}")
            with suppress(LabError):
                done = self.root(script, timeout=60)
                if not done.status:
                    return
                last = done.output
            time.sleep(0.2)
        raise LabError(f"{self.name}: {what} not within {seconds:.0f} s: {last}")

    def stop(self) -> None:
        for process in (self.clock, self.nspawn):
            if process.poll() is None:
                with suppress(LabError, FileNotFoundError, ProcessLookupError):
                    os.kill(self.init if process is self.nspawn else process.pid, signal.SIGKILL)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.network.end_processes()
        self.network.remove()
        cgroups.remove(self.name)
        remove(self.tree)


def within(groups: Sequence[Path]) -> tuple[str, ...]:
    """The beginning of a command line whose command runs in these control groups."""
    enter = "; ".join(f"[ ! -d {group} ] || echo $$ > {group}/cgroup.procs" for group in groups)
    return ("sh", "-c", f'{enter}; exec "$@"', "sh")


def remove(tree: Path) -> None:
    subprocess.run(("rm", "-rf", "--one-file-system", str(tree)), capture_output=True, check=False)
    for suffix in (".console", ".output"):
        tree.with_suffix(suffix).unlink(missing_ok=True)


def start(name: str, source: Path) -> Host:
    """Copy the tree, give it a network and boot it; return at once."""
    COPIES.mkdir(parents=True, exist_ok=True)
    tree = COPIES / name
    network = Network.make(name)
    try:
        run("cp", "-ax", str(source), str(tree))
        with tree.with_suffix(".console").open("wb") as console:
            nspawn = subprocess.Popen(
                (*within(cgroups.make(name)), *ENDS_WITH_US, "systemd-nspawn", "--quiet",
                 "--register=no", "--keep-unit", "--boot",
                 "-D", str(tree),
                 f"--capability={CAPABILITIES}", f"--machine={name}", "--hostname=ready",
                 f"--network-namespace-path=/run/netns/{network.host}"),
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
                env=os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            )  # fmt: skip
        clock = subprocess.Popen(
            (*ENDS_WITH_US, "ip", "netns", "exec", network.operator, sys.executable,
             str(Path(__file__).with_name("clock.py"))),
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    except BaseException:
        network.remove()
        remove(tree)
        raise
    return Host(name, tree, network, nspawn, clock)


def sweep() -> None:
    """End and remove what a lab left behind that was killed."""
    if COPIES.is_dir():
        for name in {path.stem for path in COPIES.iterdir()}:
            pid = name.split("-")[2] if name.count("-") == 3 else ""
            if pid.isdecimal() and not Path("/proc", pid).exists():
                network = Network(f"{name}-host", f"{name}-op")
                network.end_processes()
                network.remove()
                cgroups.remove(name)
                remove(COPIES / name)


@contextmanager
def booted(source: Path, ready: str = RUNNING[0]) -> Iterator[Host]:
    """A fresh copy of the tree, booted, and stopped and removed afterwards."""
    with slot() as number:
        sweep()
        host = start(f"rl-{number}-{os.getpid()}-{time.monotonic_ns() % 100000}", source)
        try:
            host.wait(ready, "the system did not come up")
            yield host
        finally:
            host.stop()
