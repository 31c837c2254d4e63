"""Whatever bytes come from a terminal, the walk goes on; the seed of a failing run is in the test's name."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

import pytest

from tests.tui.terminal import Terminal

SEEDS = range(int(os.environ.get("READINESS_FUZZ", "3")))
"""READINESS_FUZZ=50 tries more."""

PIECES = (
    b"\x1b[", b"\x1b[<", b"\x1bO", b"\x1b]52;c;", b"\x1b]", b"\x1bP", b"\x1b_", b"\x1b^", b"\x1b[200~",
    b"\x1b[201~", b"\x1b[M",
    b";", b"9" * 40, b"55357", b"1114112u", b"u", b"~", b"R", b"$y", b"t", b"\x07", b"\x1b\\",
    b"\xe9", b"\xff\xfe", b"\xf0\x9f", b"\xed\xa0\x80", b"\x9b", b"\x00", b"\xc0\xaf",
    "\u202e".encode(), b"\x1b",
)  # fmt: skip
ENDING = b"\x03\x04\x11\x1a\x1cqQ"
"""q, and Ctrl with C, D, Q, Z and \\, end or stop the program, as they should."""
QUIET = 10


def mangled(seed: int) -> bytes:
    """About 4 KB of pieces of sequences and of any bytes."""
    chance = random.Random(seed)
    parts = [
        chance.choice(PIECES) if chance.random() < 0.7 else chance.randbytes(chance.randrange(1, 9))
        for _ in range(600)
    ]
    return bytes(byte for byte in b"".join(parts) if byte not in ENDING)


def settle(terminal: Terminal) -> None:
    """Read until nothing has been drawn for a while, or the screen goes on changing by itself."""
    quiet = 0
    for _ in range(300):
        before = len(terminal.written)
        terminal.read()
        quiet = quiet + 1 if len(terminal.written) == before else 0
        if quiet > QUIET or terminal.process.poll() is not None:
            return


@pytest.mark.parametrize("seed", SEEDS)
def test_the_walk_goes_on_after_any_bytes(seed: int, sessions: Path, launch: str) -> None:
    terminal = Terminal("--sessions", str(sessions), "open", launch)
    try:
        terminal.shows("First gate is open")
        terminal.shows("? keys")
        terminal.send("2i")
        terminal.shows("end the note")
        terminal.send(mangled(seed))
        settle(terminal)
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.ended() == 128 + signal.SIGTERM, terminal.text
        for word in (b"Traceback", b"this is a bug", b"Warning"):
            assert word not in terminal.written
    finally:
        terminal.close()
