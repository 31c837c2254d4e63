"""Write to the terminal from a thread, without ever blocking the program when nobody reads."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from typing import IO

CHUNK_BYTES = 2048
"""Bytes of one write. Small, so that `stop` can see whether a slow terminal still reads."""

STALLED_S = 0.5
"""Seconds without one accepted chunk after which `stop` gives the terminal up."""


class TerminalWriter(threading.Thread):
    """The interface of Textual's WriterThread over an unbounded queue.

    Textual's queue holds 30 writes: when the terminal stops reading, the thirty-first blocks the event
    loop, and with it probes, timers and signals.
    """

    def __init__(self, file: IO[str]) -> None:
        super().__init__(daemon=True, name="terminal-output")
        self._file = file
        self._descriptor = file.fileno()
        self._queue: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._written = 0
        self.backlog = 0
        """Bytes accepted and not yet written."""
        self.gone = False
        """The terminal does not take any more: it was closed, or `stop` gave it up."""

    def write(self, text: str) -> None:
        """Queue text; returns at once."""
        data = text.encode("utf-8", errors="replace")
        with self._changed:
            if self.gone:
                return
            self._queue.append(data)
            self.backlog += len(data)
            self._changed.notify()

    def isatty(self) -> bool:
        """Always a terminal."""
        return True

    def fileno(self) -> int:
        """The descriptor written to."""
        return self._descriptor

    def flush(self) -> None:
        """Nothing to do: the thread writes as soon as it can."""

    def run(self) -> None:
        """Write until stopped and empty, or until the terminal is gone."""
        while (data := self._next()) is not None:
            for start in range(0, len(data), CHUNK_BYTES):
                if not self._write(data[start : start + CHUNK_BYTES]):
                    return

    def _next(self) -> bytes | None:
        with self._changed:
            while not self._queue:
                if self._stopping:
                    return None
                self._changed.wait()
            return self._queue.popleft()

    def _write(self, chunk: bytes) -> bool:
        while chunk:
            try:
                count = os.write(self._descriptor, chunk)
            except BlockingIOError:  # another program left the terminal non-blocking
                time.sleep(0.01)
                continue
            except OSError:
                self._abandon()
                return False
            with self._changed:
                self._written += count
                self.backlog = max(0, self.backlog - count)
            chunk = chunk[count:]
        return not self.gone

    def _abandon(self) -> None:
        with self._changed:
            self.gone = True
            self._queue.clear()
            self.backlog = 0
            self._changed.notify()

    def stop(self) -> None:
        """Write what is queued and end; give up once the terminal accepts nothing for STALLED_S."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        written = -1
        while self.is_alive() and written != self._written:
            written = self._written
            self.join(STALLED_S)
        if self.is_alive():
            self._abandon()
