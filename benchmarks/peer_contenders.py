"""The peers: tools that run commands on hosts over SSH, each as its users start it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import load
from benchmarks.lab import Lab
from benchmarks.load import Check
from benchmarks.measuring import NotRunError

HERE = Path(__file__).parent
BIN = HERE / ".venv-peers" / "bin"
PEER_S = 300.0
"""Seconds a peer may take for one run."""


@dataclass(frozen=True, slots=True)
class Job:
    """What one run of a peer is made from; `folder` is its own and goes with it."""

    file: Path
    folder: Path
    lab: Lab
    checks: tuple[Check, ...]


Command = Callable[[Job], Sequence[str]]
Count = Callable[[str], int]


class Peer:
    """Runs a command of the peers' environment; `answered` counts the checks in its output."""

    def __init__(
        self,
        name: str,
        title: str,
        command: Command,
        *,
        needs: str,
        answered: Count = lambda output: output.count(load.MARK),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.title = title
        self._command = command
        self._needs = needs
        self._answered = answered
        self._environment = environment or {}

    def prepare(self, lab: Lab, checks: Sequence[Check]) -> None:
        if not (BIN / self._needs).exists():
            raise NotRunError("not installed: benchmarks/peers.sh installs it")
        self._lab = lab
        self._folder = tempfile.TemporaryDirectory(prefix="peer-")
        folder = Path(self._folder.name)
        told = {
            "ssh_config": str(lab.ssh_config),
            "alias": lab.alias,
            "host": lab.door[0],
            "port": lab.door[1],
            "user": lab.sshd.user,
            "identity": str(lab.sshd.identity),
            "folder": str(folder),
            "checks": [(check.name, check.text) for check in checks],
        }
        self._job = Job(folder / "job.json", folder, lab, tuple(checks))
        self._job.file.write_text(json.dumps(told))
        self._words = [str(word) for word in self._command(self._job)]
        own = {"BENCH_JOB": str(self._job.file), "HOME": str(folder)}
        environment = {name: text.format(folder=folder) for name, text in self._environment.items()}
        path = f"{BIN}:{os.environ.get('PATH', '')}"
        self._variables = {**os.environ, "PATH": path, **own, **environment}

    def run(self) -> int:
        try:
            done = subprocess.run(
                self._words,
                cwd=self._job.folder,
                env=self._variables,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=PEER_S,
            )
        except subprocess.TimeoutExpired as error:
            raise NotRunError(f"not finished after {PEER_S:g} s") from error
        if done.returncode != 0:
            raise NotRunError(f"exit status {done.returncode}: {_last(done.stderr or done.stdout)}")
        return self._answered(done.stdout + done.stderr)

    def finish(self) -> dict[str, float]:
        """End the connection that OpenSSH was told to keep; none of them may serve the next run."""
        for socket in self._job.folder.rglob("*"):
            if socket.is_socket():
                subprocess.run(
                    [
                        "ssh",
                        "-F",
                        str(self._lab.ssh_config),
                        "-S",
                        str(socket),
                        "-O",
                        "exit",
                        self._lab.alias,
                    ],
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                )
        self._folder.cleanup()
        return {}


def _last(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:200] if lines else "it said nothing"


def _python(file: str, *words: str) -> Command:
    return lambda job: [str(BIN / "python"), str(HERE / "peers" / file), str(job.file), *words]


def _ansible(job: Job) -> Sequence[str]:
    tasks = [
        {"name": check.name, "ansible.builtin.shell": check.text, "changed_when": False}
        for check in job.checks
    ]
    play = [{"hosts": "all", "gather_facts": False, "tasks": tasks}]
    book = job.folder / "book.yml"
    book.write_text(json.dumps(play))  # JSON is YAML
    return [
        str(BIN / "ansible-playbook"),
        "-i",
        f"{job.lab.alias},",
        "--ssh-common-args",
        f"-F {job.lab.ssh_config}",
        "-e",
        "ansible_python_interpreter=/usr/bin/python3",
        str(book),
    ]


def _pyinfra(job: Job) -> Sequence[str]:
    deploy = job.folder / "deploy.py"
    deploy.write_text((HERE / "peers" / "with_pyinfra.py").read_text())
    config = ("--data", f"ssh_config_file={job.lab.ssh_config}")
    return [str(BIN / "pyinfra"), "-y", *config, f"@ssh/{job.lab.alias}", "deploy.py"]


def _recap(output: str) -> int:
    found = re.search(r"\bok=(\d+)", output)
    return int(found[1]) if found else 0


def _operations(output: str) -> int:
    return len(re.findall(r"\] Success\b", output))


_ANSIBLE = {
    "ANSIBLE_HOME": "{folder}",
    "ANSIBLE_SSH_CONTROL_PATH_DIR": "{folder}/cp",
    "ANSIBLE_NOCOLOR": "1",
}


def peers() -> tuple[Peer, ...]:
    """All of them, installed or not."""
    infra = "with_testinfra.py"
    return (
        Peer(
            "testinfra-controlpath",
            "testinfra, ssh with a ControlPath",
            _python(infra, "controlpath"),
            needs="py.test",
        ),
        Peer("testinfra-paramiko", "testinfra, paramiko", _python(infra, "paramiko"), needs="py.test"),
        Peer("testinfra", "testinfra, ssh as shipped", _python(infra, "ssh"), needs="py.test"),
        Peer("pyinfra", "pyinfra", _pyinfra, needs="pyinfra", answered=_operations),
        Peer("parallel-ssh", "parallel-ssh", _python("with_parallel_ssh.py"), needs="python"),
        Peer(
            "ansible-pipelining",
            "ansible, pipelining",
            _ansible,
            needs="ansible-playbook",
            answered=_recap,
            environment={**_ANSIBLE, "ANSIBLE_PIPELINING": "1"},
        ),
        Peer(
            "ansible",
            "ansible, defaults",
            _ansible,
            needs="ansible-playbook",
            answered=_recap,
            environment=_ANSIBLE,
        ),
    )
