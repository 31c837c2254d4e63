"""The real program, run as an operator runs it: `readiness new`, then `readiness probe --json`, over SSH."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab.host import ADDRESS, NAME, Host, LabError

ROLES = "app,db,cache,proxy,build"
SETS = (
    "app_name=payments",
    f"domains=[{NAME}]",
    'accepted_issuers=["Readiness Lab"]',
    "min_uptime_s=1",
    "prometheus_url=http://127.0.0.1:9090 via ready",
    "app_job_re=app",
    "backup_dir=/var/backups/payments",
    "backup_script=/usr/local/bin/payments-backup",
    "expected_migration=20260201000000",
)


@dataclass(frozen=True)
class Answer:
    """One item's verdict as the program printed it."""

    verdict: str
    cause: str | None
    evidence: str


@dataclass(frozen=True)
class Operator:
    """A home with a key and the host's keys, and a folder for sessions."""

    home: Path
    host: Host
    inputs: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {key: os.environ[key] for key in ("PATH", "LANG", "PYTHONPATH") if key in os.environ}
        root = str(Path(__file__).parents[2])
        return {
            "PYTHONPATH": root,
            **kept,
            "HOME": str(self.home),
            "SSL_CERT_FILE": str(self.inputs / "trusted.pem"),
            "READINESS_SSH_CONFIG": str(self.home / ".ssh" / "config"),
            "READINESS_SESSIONS": str(self.home / "sessions"),
        }

    def readiness(self, *words: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        command = self.host.operator((sys.executable, "-m", "readiness_tui", *words))
        return subprocess.run(command, env=self.environment, cwd=self.home, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=timeout, check=False)  # fmt: skip

    def new(self, launch: str, account: str, sets: Iterable[str] = ()) -> None:
        """Create the launch; a parameter of `sets` wins over the lab's own value."""
        chosen = {one.partition("=")[0]: one for one in (*SETS, *sets)}
        words = [word for one in chosen.values() for word in ("--set", one)]
        done = self.readiness("new", launch, "--host", f"ready={account}@{ADDRESS},{ROLES}", *words)
        if done.returncode:
            raise LabError(f"readiness new: {done.stderr.strip()}")

    def granted(self, account: str, sets: Iterable[str] = ()) -> str:
        """The sudoers file that `readiness sudoers` prints for the account."""
        self.new("grants", account, sets)
        done = self.readiness("sudoers", "grants", "--host", "ready")
        shutil.rmtree(self.home / "sessions" / "grants", ignore_errors=True)
        if done.returncode:
            raise LabError(f"readiness sudoers: {done.stderr.strip()}")
        return done.stdout

    def probe(self, launch: str, items: Sequence[str] = ()) -> dict[str, Answer]:
        """Probe the items (all without any) and return what each came to, by full id. Raises LabError.

        An item may be named by the last part of its id.
        """
        only = [word for item in items for word in ("--only", item if "." in item else f"*.{item}")]
        done = self.readiness("probe", launch, *only, "--json")
        try:
            document = json.loads(done.stdout)
        except ValueError:
            raise LabError(f"readiness probe ended with {done.returncode}: {done.stderr.strip()}") from None
        return {one["id"]: worst(one["outcomes"]) for one in document["items"] if one["outcomes"]}

    def verdicts(
        self, launch: str, account: str, items: Sequence[str], sets: Iterable[str]
    ) -> dict[str, Answer]:
        """A launch of its own for these items; the session is removed afterwards."""
        self.new(launch, account, sets)
        try:
            return self.probe(launch, items)
        finally:
            shutil.rmtree(self.home / "sessions" / launch, ignore_errors=True)


def worst(outcomes: list[dict[str, str]]) -> Answer:
    order = ("fail", "unknown", "info", "pass")
    one = min(outcomes, key=lambda outcome: order.index(outcome["verdict"]))
    return Answer(one["verdict"], one.get("cause"), one.get("evidence") or "")


@contextmanager
def operator(host: Host, inputs: Path) -> Iterator[Operator]:
    with tempfile.TemporaryDirectory(prefix="readiness-lab-") as folder:
        ssh = Path(folder, ".ssh")
        ssh.mkdir(mode=0o700)
        shutil.copyfile(inputs / "lab", ssh / "id_ed25519")
        (ssh / "id_ed25519").chmod(0o600)
        (ssh / "known_hosts").write_text("\n".join(host.host_keys()) + "\n")
        # OpenSSH takes `~` from the account, not from $HOME, so the files are named in full.
        (ssh / "config").write_text(
            f"Host *\n  IdentityFile {ssh}/id_ed25519\n  IdentitiesOnly yes\n"
            f"  UserKnownHostsFile {ssh}/known_hosts\n  GlobalKnownHostsFile none\n"
        )
        yield Operator(Path(folder), host, inputs)
