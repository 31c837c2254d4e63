"""A real OpenSSH server for tests: an ordinary process on a free loopback port, all its files its own.

It needs no system configuration: own host key, own client key, own `authorized_keys`, own
`known_hosts` and an `ssh_config` that names them. Anybody may start one for their own account;
only root can log in as somebody else.
"""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import psutil

START_S = 20.0
"""Seconds a server may take to listen; only a broken one takes more than one."""


def sshd_path() -> str | None:
    """Where sshd is, or None when it is not installed."""
    return shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def keygen(path: Path, *, passphrase: str = "", kind: str = "ed25519") -> Path:
    """Make a key pair at `path` (and `path`.pub)."""
    command = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "test", "-f", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path


class Sshd:
    """One server. Use it as a context manager, or `start` and `stop` it.

    port, address (`user@127.0.0.1:port`), user. identity: the private key that may log in.
    known_hosts: the file that knows its key. ssh_config: names both, for every host; point
    READINESS_SSH_CONFIG or `ssh -F` to it. log: what the server said so far.
    """

    def __init__(
        self,
        folder: Path,
        *,
        config: str = "",
        user: str = "",
        port: int = 0,
        listen: str = "127.0.0.1",
        prefix: Sequence[str] = (),
    ) -> None:
        """config: further lines for its sshd_config; the first word on a subject wins.

        listen: another address than the loopback's. prefix: a command that starts it elsewhere,
        such as in a namespace, as the same process.
        """
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.user = user or getpass.getuser()
        self.port = port or free_port()
        self.identity = folder / "id_ed25519"
        self.host_key = folder / "host_ed25519"
        self.known_hosts = folder / "known_hosts"
        self.ssh_config = folder / "ssh_config"
        self._authorized = folder / "authorized_keys"
        self._config = config
        self._listen = listen
        self._prefix = prefix
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._lines: list[str] = []
        self._heard = threading.Condition()
        self._write()

    @property
    def address(self) -> str:
        """The address as a launch names it."""
        return f"{self.user}@127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What the server wrote so far, at level VERBOSE."""
        with self._heard:
            return "".join(self._lines)

    @property
    def pid(self) -> int:
        """The listening process."""
        assert self._process is not None, "not started"
        return self._process.pid

    def _write(self) -> None:
        keygen(self.host_key)
        keygen(self.identity)
        public = self.host_key.with_suffix(".pub").read_text()
        self.known_hosts.write_text(f"[127.0.0.1]:{self.port} {public}")
        self._authorized.write_text(self.identity.with_suffix(".pub").read_text())
        self._authorized.chmod(0o644)
        self.folder.chmod(0o755)
        self.ssh_config.write_text(
            "Host *\n"
            f"  IdentityFile {self.identity}\n"
            f"  UserKnownHostsFile {self.known_hosts}\n"
            "  GlobalKnownHostsFile /dev/null\n"
            "  IdentitiesOnly yes\n"
            "  IdentityAgent none\n"
        )

    def _settings(self) -> str:
        return (
            f"{self._config}\n"
            f"SetEnv HOME={self.folder}\n"  # the account's start-up files are the machine's affair
            f"Port {self.port}\n"
            f"ListenAddress {self._listen}\n"
            f"HostKey {self.host_key}\n"
            f"PidFile {self.folder / 'sshd.pid'}\n"
            f"AuthorizedKeysFile {self._authorized}\n"
            "StrictModes no\nUsePAM no\nUseDNS no\nLogLevel VERBOSE\n"
            "PermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
            "PrintMotd no\n"
        )

    def start(self) -> Sshd:
        """Start it, with a new log, and wait until it listens. Raises RuntimeError if it does not."""
        path = sshd_path()
        assert path is not None, "sshd is not installed"
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # what its init script does
        settings = self.folder / "sshd_config"
        settings.write_text(self._settings())
        self._lines.clear()
        self._process = subprocess.Popen(
            [*self._prefix, path, "-D", "-e", "-f", str(settings)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()
        if not self.heard("Server listening on"):
            self.stop()
            raise RuntimeError(f"sshd did not start:\n{self.log}")
        return self

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            with self._heard:
                self._lines.append(line)
                self._heard.notify_all()
        with self._heard:
            self._heard.notify_all()

    def heard(self, text: str, *, times: int = 1, timeout_s: float = START_S) -> bool:
        """Wait until the log holds `text` so many times; False when it ends or time is up."""

        def done() -> bool:
            ended = self._process is None or self._process.poll() is not None
            return ended or "".join(self._lines).count(text) >= times

        with self._heard:
            self._heard.wait_for(done, timeout_s)
            return "".join(self._lines).count(text) >= times

    def stop(self) -> None:
        """End it and every session it holds, by their own process ids."""
        if self._process is None:
            return
        family = self.family()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()
        for child in family:
            try:
                child.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(family, timeout=START_S)
        if self._reader is not None:
            self._reader.join()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._process = None

    def family(self) -> list[psutil.Process]:
        """The processes below the listening one: its connections and what runs in them."""
        try:
            return psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def __enter__(self) -> Sshd:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
