"""Walks a launch in the real program on a pseudo-terminal and kills it at a random moment, again and again.

`python -m tests.tui.kills FOLDER ROUNDS SEED` prints one JSON line a round. The program is loaded once
and forked, so that a round costs its walk and not its imports.
"""

from __future__ import annotations

import fcntl
import importlib
import json
import os
import pty
import random
import re
import select
import signal
import struct
import sys
import termios
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pyte

from readiness_tui.launch import load_checklist, reference
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.session import Session
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui import start

NOTE = "~the quick brown fox jumps over the lazy dog and is seen by nobody at all"
WALK_S = 1.5
"""Seconds of a walk within which the kill falls."""

SAVED = re.compile(r"(\d+) of \d+ done.* saved \d\d:\d\d")


@dataclass
class Round:
    """What a killed walk showed and what its file holds.

    confirmed: answers the screen called saved; kept: answers in the file. shown, noted: characters of
    the note on the screen, in the file. lost_s: for how long the first one missing had been on the screen.
    """

    confirmed: int = 0
    kept: int = 0
    shown: int = 0
    noted: int = 0
    lost_s: float = 0.0


def walk(folder: Path, launch: str) -> tuple[int, int]:
    """Fork the program on a terminal of its own; its pid and the terminal's other side."""
    pid, master = pty.fork()
    if pid == 0:
        try:
            os._exit(start.run_tui(folder, launch, None, "ana"))
        finally:
            os._exit(99)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    return pid, master


class Watcher:
    """Reads the screen, and remembers what was confirmed and when each character of the note came."""

    def __init__(self, master: int) -> None:
        self.master = master
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.confirmed = 0
        self.seen_at: list[float] = []

    def read(self, seconds: float) -> None:
        """Read for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.master], [], [], left)[0]:
                return
            self._stream.feed(os.read(self.master, 65536))
            self._look()

    def _look(self) -> None:
        if found := SAVED.search(self.screen.display[0]):
            self.confirmed = max(self.confirmed, int(found[1]))
        text = "".join(line.rstrip() for line in self.screen.display).replace(" ", "")
        want = NOTE.replace(" ", "")
        length = next((n for n in range(len(want), 0, -1) if want[:n] in text), 0)
        while len(self.seen_at) < length:
            self.seen_at.append(time.monotonic())


def keys() -> list[str]:
    """Answers, a note, answers: one key after the other, for longer than a walk valid_for."""
    return [" "] * 8 + ["i", *NOTE, "\x1b"] + [" "] * 200


def one(sessions: Sessions, launch: str, chance: random.Random) -> Round:
    """Walk, kill, look into the file. Raises what the file's reader raises."""
    pid, master = walk(sessions.folder, launch)
    watcher = Watcher(master)
    try:
        while "Server Setup" not in "\n".join(watcher.screen.display):
            watcher.read(0.05)
        end = time.monotonic() + chance.uniform(0, WALK_S)
        for key in keys():
            if time.monotonic() >= end:
                break
            os.write(master, key.encode())
            watcher.read(min(0.015, max(0.0, end - time.monotonic())))
    finally:
        killed_at = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(master)
    return judged(Sessions(sessions.folder).load(launch), watcher, killed_at)


def judged(session: Session, watcher: Watcher, killed_at: float) -> Round:
    """Hold the file against the screen."""
    records = session.items.values()
    note = max((record.note for record in records), key=len, default="").replace(" ", "")
    assert NOTE.replace(" ", "").startswith(note), note
    shown, noted = len(watcher.seen_at), len(note)
    lost = killed_at - watcher.seen_at[noted] if noted < shown else 0.0
    kept = sum(record.answer is AnswerKind.DONE for record in records)
    return Round(watcher.confirmed, kept, shown, noted, round(lost, 3))


def main() -> None:
    """All rounds."""
    importlib.import_module("readiness_tui.tui.app")  # before the forks, so that no round pays for it
    folder, rounds, chance = Path(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
    os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
    checklist = load_checklist("production")
    sessions = Sessions(folder)
    for number in range(rounds):
        launch = f"walk-{number}"
        sessions.create(
            Session(launch=launch, day=date.today(), checklist=reference(checklist), operator="ana")
        )
        print(json.dumps(asdict(one(sessions, launch, chance))), flush=True)


if __name__ == "__main__":
    main()
