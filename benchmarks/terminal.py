"""`python -m benchmarks.terminal`: start-up, keys and bytes on a real pseudo-terminal, beside other programs.

All programs take turns in one run, so that a busy machine slows all of them alike: compare ratios. The
milliseconds of a key are those until the last byte that it caused.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyte

QUIET_S = 0.3
"""Seconds without output after which a key has had its effect."""

PATIENCE_S = 30.0

FIRST_SECTION = "\N{BOX DRAWINGS LIGHT HORIZONTAL} 1 "
"""The list's first heading; the home screen has none."""

Figures = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Program:
    """What is started, the text that shows it is ready, and the keys measured, by name."""

    name: str
    command: Sequence[str]
    marker: str
    keys: Mapping[str, Sequence[str]]


class Pty:
    """A program on a pseudo-terminal of its own."""

    def __init__(self, command: Sequence[str], columns: int, rows: int, environ: Mapping[str, str]) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.bytes = 0
        self.first: float | None = None
        self.began = time.monotonic()
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                os.execvpe(command[0], list(command), dict(environ))
            finally:
                os._exit(127)
        self.process = psutil.Process(self.pid)

    def read(self, seconds: float) -> bool:
        """Read what comes within so long; whether anything came."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            return False
        if self.first is None:
            self.first = time.monotonic() - self.began
        self.bytes += len(data)
        self._stream.feed(data)
        return True

    def until(self, marker: str) -> float:
        """Seconds from the start until the screen shows the marker. Raises TimeoutError."""
        while marker not in "\n".join(self.screen.display):
            if time.monotonic() - self.began > PATIENCE_S:
                raise TimeoutError("\n".join(self.screen.display))
            self.read(0.05)
        return time.monotonic() - self.began

    def press(self, key: str) -> tuple[float, int]:
        """Press a key; seconds until the last byte that it caused, and how many there were."""
        before, sent = self.bytes, time.monotonic()
        os.write(self.master, key.encode())
        last = sent
        while self.read(QUIET_S):
            last = time.monotonic()
        return last - sent, self.bytes - before

    def rest(self) -> None:
        """Read until nothing comes."""
        while self.read(QUIET_S):
            pass

    def idle(self, seconds: float) -> tuple[int, float]:
        """Bytes sent and processor seconds spent in so long without a key."""
        before, spent, end = self.bytes, self.processor(), time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)
        return self.bytes - before, self.processor() - spent

    def processor(self) -> float:
        """Processor seconds of the program so far."""
        times = self.process.cpu_times()
        return times.user + times.system

    def resident(self) -> float:
        """Resident memory in MiB."""
        return float(self.process.memory_info().rss) / 2**20

    def close(self) -> None:
        """End it."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.master)


def programs(text: Path) -> Iterator[Program]:
    """Ours, Textual's smallest, and those of the peers that are installed."""
    ours = {
        "down": ["j"] * 16,
        "page": ["\x1b[6~"] * 4,
        "note": ["i"],
        "character": list("kim has seen it"),
        "leave note": ["\x13"],
        "view": ["F"],
        "help": ["?"],
    }
    readiness = [sys.executable, "-m", "readiness_tui"]
    yield Program("hello", [sys.executable, "-m", "benchmarks.hello"], "Hello, world", {})
    yield Program("readiness", [*readiness, "open", "bench"], FIRST_SECTION, ours)
    yield Program(
        "readiness --stock-display", [*readiness, "--stock-display", "open", "bench"], "? keys", ours
    )
    moves = {"down": ["\x1b[B"] * 16, "page": ["\x1b[6~"] * 4}
    peers = (
        ("htop", ["htop"], "PID"),
        ("less", ["less", str(text)], "line 1"),
        ("posting", ["posting"], "Send"),
    )
    for name, command, marker in peers:
        if shutil.which(name):
            yield Program(name, command, marker, moves)


def measure(program: Program, size: tuple[int, int], environ: Mapping[str, str], figures: Figures) -> None:
    """One start, every key, five idle seconds."""
    terminal = Pty(program.command, *size, environ)
    try:
        figures["marker ms"].append(terminal.until(program.marker) * 1000)
        figures["first byte ms"].append((terminal.first or 0) * 1000)
        figures["start CPU ms"].append(terminal.processor() * 1000)
        terminal.rest()
        figures["RSS at start MiB"].append(terminal.resident())
        figures["start bytes"].append(terminal.bytes)
        for name, keys in program.keys.items():
            for key in keys:
                seconds, count = terminal.press(key)
                figures[f"{name} ms"].append(seconds * 1000)
                figures[f"{name} bytes"].append(count)
        count, spent = terminal.idle(5)
        figures["idle bytes"].append(count)
        figures["idle CPU %"].append(spent * 20)
        figures["RSS at end MiB"].append(terminal.resident())
    finally:
        terminal.close()


def table(found: Mapping[str, Figures]) -> Iterator[str]:
    """Median, and p95 where there are many, a row a figure."""
    names = list(found)
    yield "| figure | " + " | ".join(names) + " |"
    yield "|---|" + "---|" * len(names)
    for figure in dict.fromkeys(figure for figures in found.values() for figure in figures):
        yield f"| {figure} | " + " | ".join(_cell(found[name].get(figure)) for name in names) + " |"
    hello = statistics.median(found["hello"]["marker ms"])
    ratios = (f"{statistics.median(found[name]['marker ms']) / hello:.2f}" for name in names)
    yield "| start x hello | " + " | ".join(ratios) + " |"


def _cell(values: Sequence[float] | None) -> str:
    if not values:
        return "-"
    middle = f"{statistics.median(values):.0f}"
    if len(values) < 20:
        return middle
    return f"{middle} ({sorted(values)[int(len(values) * 0.95)]:.0f})"


def main() -> None:
    """Measure and print a table for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", action="append", default=[], help="COLUMNSxROWS, more than once")
    asked = parser.parse_args()
    environ = {
        **os.environ,
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
        "TEXTUAL_ANIMATIONS": "none",
        "READINESS_OPERATOR": "ana",
    }
    environ.pop("COLORTERM", None)
    for size in asked.size or ["80x24", "120x36"]:
        columns, rows = map(int, size.split("x"))
        found: dict[str, Figures] = defaultdict(lambda: defaultdict(list))
        for _ in range(asked.rounds):
            with tempfile.TemporaryDirectory() as folder:
                _round(Path(folder), (columns, rows), environ, found)
        print(f"\n{size}, {asked.rounds} rounds: median (p95)\n")
        print("\n".join(table(found)))


def _round(
    folder: Path, size: tuple[int, int], environ: Mapping[str, str], found: dict[str, Figures]
) -> None:
    places = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")
    own = {**environ, **{name: str(folder / name) for name in places}}
    text = folder / "lines.txt"
    text.write_text("".join(f"line {number} of a long text\n" for number in range(1, 2000)))
    own["READINESS_SESSIONS"] = str(folder / "sessions")
    new = [sys.executable, "-m", "readiness_tui", "new", "bench"]
    subprocess.run([*new, "--host", "this=local,app,db"], check=True, env=own, stdout=subprocess.DEVNULL)
    for program in programs(text):
        measure(program, size, own, found[program.name])


if __name__ == "__main__":
    main()
