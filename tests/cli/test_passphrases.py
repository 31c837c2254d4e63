"""`readiness probe` on a real terminal, over a real sshd, with a key file that has a passphrase."""

from __future__ import annotations

import subprocess
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from readiness_tui.store.sessions import Sessions
from tests.cli.conftest import Readiness
from tests.sshd import Sshd
from tests.tui.terminal import Terminal

pytestmark = pytest.mark.needs("sshd", "ssh")

SECRET = "correct horse battery"
ITEM = "infrastructure.server.timezone"

Start = Callable[[], Terminal]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Sshd]:
    """A server that accepts only a key file with a passphrase."""
    with Sshd(tmp_path / "sshd") as started:
        lock = ["ssh-keygen", "-q", "-p", "-P", "", "-N", SECRET, "-f", str(started.identity)]
        subprocess.run(lock, check=True)
        yield started


@pytest.fixture
def start(readiness: Readiness, server: Sshd) -> Iterator[Start]:
    """Probes three hosts and this machine on a terminal of its own."""
    hosts = [word for n in (1, 2, 3) for word in ("--host", f"web-{n}={server.address},app")]
    readiness("new", "demo", *hosts, "--host", "me=local,app")
    started: list[Terminal] = []

    def run() -> Terminal:
        environ = {"READINESS_SSH_CONFIG": str(server.ssh_config), "TERM": "xterm-256color"}
        started.append(Terminal("probe", "demo", "--only", ITEM, columns=200, environ=environ))
        return started[-1]

    yield run
    for terminal in started:
        terminal.close()


def causes(home: Path) -> dict[str, str | None]:
    outcomes = Sessions(home / "kept").load("demo").record(ITEM).outcomes
    return {host: one.cause for host, one in outcomes.items()}


def kept_anywhere(home: Path, secret: str) -> list[Path]:
    """The files that hold it."""
    return [path for path in home.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


def test_asked_once_for_three_hosts_unseen_and_never_written(start: Start, home: Path, server: Sshd) -> None:
    terminal = start()
    terminal.send("typed before it was asked for\n")
    terminal.shows(f"Passphrase for {server.identity}")
    assert _echo(terminal) == 0
    terminal.send("no such thing\n")
    terminal.shows("Incorrect passphrase. Passphrase for")
    terminal.send(f"{SECRET}\n")
    terminal.ended()
    assert terminal.written.count(b"Passphrase for") == 2
    assert not {"auth", "unreachable", "cancelled"} & set(causes(home).values())
    assert server.log.count("Accepted publickey") == 3
    assert server.log.count("Failed publickey") == 0
    assert SECRET.encode() not in terminal.written
    assert b"no such thing" not in terminal.written
    assert kept_anywhere(home, SECRET) == []
    assert _echo(terminal) != 0, "the terminal is as it was"
    assert b"4/4" in terminal.written


def test_declined_the_hint_says_what_else_would_help(start: Start, home: Path, server: Sshd) -> None:
    terminal = start()
    terminal.shows("Passphrase for")
    terminal.send("\n")
    assert terminal.ended() == 3
    assert terminal.written.count(b"Passphrase for") == 1
    assert causes(home) == {"me": None, "web-1": "auth", "web-2": "auth", "web-3": "auth"}
    assert f"ssh-add {server.identity}".encode() in terminal.written


def test_ctrl_c_ends_the_question_and_the_terminal_shows_again_what_is_typed(
    start: Start, home: Path
) -> None:
    terminal = start()
    terminal.shows("Passphrase for")
    terminal.send("\x03")
    assert terminal.ended() == 130
    assert "web-1" not in causes(home), "a cancelled check is not an outcome"
    assert _echo(terminal) != 0


def test_no_question_without_a_terminal(start: Start, program: Readiness, server: Sshd) -> None:
    done = program("probe", "demo", "--only", ITEM, READINESS_SSH_CONFIG=str(server.ssh_config))
    assert done.status == 3
    assert "Passphrase" not in done.out + done.err
    assert f"ssh-add {server.identity}" in done.err


def _echo(terminal: Terminal) -> int:
    flags = terminal.modes[3]
    assert isinstance(flags, int)
    return flags & termios.ECHO
