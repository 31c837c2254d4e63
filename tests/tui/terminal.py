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
from functools import partial
from pathlib import Path

import pyte

PATIENCE_S = 30.0
SYNC_QUERY = b"\x1b[?2026$p"
SYNC_KNOWN = b"\x1b[?2026;2$y"


class Terminal:
    """One program, one pseudo-terminal of its own session."""

    def __init__(
        self,
        *words: str,
        columns: int = 80,
        rows: int = 24,
        environ: Mapping[str, str] | None = None,
        module: str = "readiness_tui",
        answers: bool = False,
        controlling: bool = True,
        ignore_hangup: bool = False,
    ) -> None:
        """module: what `python -m` runs. answers: the terminal says that it knows synchronized output.

        controlling: the terminal sends SIGHUP when it is closed. ignore_hangup: as `nohup` does.
        """
        self._answers = answers
        self.screen = pyte.Screen(columns, rows)
        self.written = b""
        self._stream = pyte.ByteStream(self.screen)
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        self._slave = slave
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={
                **os.environ,
                "READINESS_OPERATOR": "ana",
                "PYTHONPATH": str(Path(__file__).parents[2]),
                **(environ or {}),
            },
            preexec_fn=partial(_own_terminal, controlling=controlling, ignore_hangup=ignore_hangup),
        )

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(self.screen.display)

    @property
    def modes(self) -> list[object]:
        """The terminal's settings now."""
        return termios.tcgetattr(self._slave)

    @property
    def cells(self) -> list[list[tuple[object, ...]]]:
        """Each cell as it looks: a blank's foreground, which nobody sees, is left out."""
        looks = []
        for y in range(self.screen.lines):
            row = self.screen.buffer[y]
            looks.append([_look(row[x]) for x in range(self.screen.columns)])
        return looks

    def send(self, keys: str | bytes) -> None:
        """Press keys, or send bytes that no key sends."""
        data = keys.encode() if isinstance(keys, str) else keys
        while data:
            data = data[os.write(self._master, data) :]

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, as a window manager does."""
        self.screen.resize(rows, columns)
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until(self, met: Callable[[str], bool]) -> str:
        """Read until the screen shows it; fails with the screen when it never does."""
        end = time.monotonic() + PATIENCE_S
        while not met(self.text):
            assert time.monotonic() < end, f"never seen; the screen was:\n{self.text}"
            self.read()
        return self.text

    def shows(self, words: str) -> str:
        """Read until the screen holds these words."""
        return self.until(lambda text: words in text)

    def read(self) -> None:
        """Read what has come; waits a little when nothing has."""
        if select.select([self._master], [], [], 0.1)[0]:
            data = os.read(self._master, 65536)
            self.written += data
            if self._answers and SYNC_QUERY in data:
                os.write(self._master, SYNC_KNOWN)
            self._stream.feed(data)

    def stall(self) -> None:
        """Wait, reading nothing, until the terminal's buffer takes no more."""
        before = -1
        while before < (now := self._waiting()):
            before = now
            time.sleep(0.5)

    def _waiting(self) -> int:
        """Bytes that the program has written and nobody has read."""
        return int(struct.unpack("i", fcntl.ioctl(self._master, termios.FIONREAD, b"\0" * 4))[0])

    def paste(self, text: str) -> None:
        """Paste as a terminal does, reading meanwhile."""
        data = f"\x1b[200~{text}\x1b[201~".encode()
        while data:
            readable, writable, _ = select.select([self._master], [self._master], [])
            if readable:
                self.read()
            if writable:
                data = data[os.write(self._master, data[:1024]) :]

    def stopped(self) -> None:
        """Read until the program is stopped by a signal."""
        end = time.monotonic() + PATIENCE_S
        while not Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2].startswith("T"):
            assert time.monotonic() < end, f"never stopped; the screen was:\n{self.text}"
            self.read()
        self.read()

    def ended(self) -> int:
        """Read until the program has ended; its exit status."""
        end = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            assert time.monotonic() < end, f"still runs; the screen was:\n{self.text}"
            self.read()
        self.read()
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


def _look(cell: pyte.screens.Char) -> tuple[object, ...]:
    blank = cell.data == " " and not (cell.reverse or cell.underscore or cell.strikethrough)
    return cell._replace(fg="default", bold=False, italics=False) if blank else cell


def _own_terminal(*, controlling: bool, ignore_hangup: bool) -> None:
    """In the child: a session of its own, perhaps with this terminal as its own."""
    os.setsid()
    if controlling:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGHUP, signal.SIG_IGN if ignore_hangup else signal.SIG_DFL)
