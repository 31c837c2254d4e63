"""A program in a pseudo-terminal, its screen read by pyte: what the wire really shows."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyte

PATIENCE_S = 30.0


class Terminal:
    """One program, one pseudo-terminal of its own session."""

    def __init__(
        self, *words: str, columns: int = 80, rows: int = 24, environ: Mapping[str, str] | None = None
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.written = b""
        self._stream = pyte.ByteStream(self.screen)
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        self._slave = slave
        self.process = subprocess.Popen(
            [sys.executable, "-m", "readiness_tui", *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **(environ or {})},
            preexec_fn=_own_terminal,
        )

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(self.screen.display)

    @property
    def modes(self) -> list[object]:
        """The terminal's settings now."""
        return termios.tcgetattr(self._slave)

    def send(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def until(self, met: Callable[[str], bool]) -> str:
        """Read until the screen shows it; fails with the screen when it never does."""
        end = time.monotonic() + PATIENCE_S
        while not met(self.text):
            assert time.monotonic() < end, f"never seen; the screen was:\n{self.text}"
            self._read()
        return self.text

    def shows(self, words: str) -> str:
        """Read until the screen holds these words."""
        return self.until(lambda text: words in text)

    def _read(self) -> None:
        if select.select([self._master], [], [], 0.1)[0]:
            data = os.read(self._master, 65536)
            self.written += data
            self._stream.feed(data)

    def ended(self) -> int:
        """Read until the program has ended; its exit status."""
        end = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            assert time.monotonic() < end, f"still runs; the screen was:\n{self.text}"
            self._read()
        self._read()
        return self.process.returncode

    def hang_up(self) -> int:
        """The link is lost: nobody reads or writes any more. The exit status."""
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1
        return self.process.wait(PATIENCE_S)

    def close(self) -> None:
        """End what still runs."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        for number in (self._master, self._slave):
            if number >= 0:
                os.close(number)


def _own_terminal() -> None:
    """In the child: a session of its own whose terminal is this one."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
