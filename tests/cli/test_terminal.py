"""On a terminal: columns that fit it, ids whole enough to copy, colours beside the words."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest

from tests.cli.conftest import REPOSITORY, Readiness


def on_terminal(columns: int, *words: str) -> str:
    """What the program writes to a terminal of that width; standard error is not one."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    running = subprocess.Popen(
        [sys.executable, "-m", "readiness_tui", *words],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**environment, "PYTHONPATH": str(REPOSITORY), "TERM": "xterm-256color"},
    )
    os.close(theirs)
    told = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        told += part
    os.close(ours)
    running.wait()
    return told.decode()


@pytest.mark.parametrize("columns", [80, 140])
def test_status_fits_the_terminal_and_keeps_ids_whole(columns: int, readiness: Readiness) -> None:
    readiness("new", "demo", "--no-hosts")
    told = on_terminal(columns, "status", "demo")
    assert "infrastructure.server.firewall-configured" in told
    assert "\x1b[33mopen" in told
    shown = [line.replace("\x1b[33m", "").replace("\x1b[0m", "") for line in told.split("\r\n")]
    rows = [line for line in shown if re.match(r"\S+ +\S+ +infrastructure\.", line)]
    assert len(rows) == 14
    assert max(map(len, rows)) <= columns


def test_a_program_gets_no_colours(readiness: Readiness, program: Readiness) -> None:
    readiness("new", "demo", "--no-hosts")
    assert "\x1b" not in program("status", "demo", TERM="xterm-256color").out
