"""What keeps the host far away: a process between client and server, told how far in JSON lines.

It is told `{"rtt": seconds}`, which also sets its counts to 0, or `{"count": true}`; it answers its
first words once, then its counts. It ends with its standard input.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Any, Self


@dataclass(slots=True)
class Counts:
    """What went through: bytes from client to server, back, and connections where they are known."""

    sent: int = 0
    received: int = 0
    connections: int = 0

    @property
    def wire(self) -> int:
        """Bytes both ways."""
        return self.sent + self.received


class Distance:
    """Such a process. A context manager. ready: its first words."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._process: subprocess.Popen[str] | None = None
        self.ready: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ready = self._said()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.communicate()  # closes its standard input, at which it ends

    def move(self, rtt_s: float) -> None:
        """Be so far away from now on, and count from 0."""
        self._tell({"rtt": rtt_s})

    def counts(self) -> Counts:
        """What went through since the last move."""
        return Counts(**self._tell({"count": True}))

    def _tell(self, words: dict[str, object]) -> dict[str, Any]:
        told, _ = self._pipes()
        told.write(json.dumps(words) + "\n")
        told.flush()
        return self._said()

    def _said(self) -> dict[str, Any]:
        _, says = self._pipes()
        said: dict[str, Any] = json.loads(says.readline())
        return said

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("the process is not started")
        return process.stdin, process.stdout
