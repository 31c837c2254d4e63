"""End on SIGHUP and SIGTERM even while the event loop is blocked."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

HANG_UP_STATUS = 129
"""The exit status when the terminal went away, as a shell reports SIGHUP."""

ENDINGS = {signal.SIGHUP: HANG_UP_STATUS, signal.SIGTERM: 143}
"""Signals that end the program, saved and with the terminal restored, and the exit status of each."""

LAST_RESORT_S = 20.0
"""Seconds after which a signalled program ends whatever still hangs. Saving, and keeping a copy
elsewhere when saving fails, take less."""


def end_at_last(status: int) -> None:
    """Exit with `status` in LAST_RESORT_S seconds unless the program has ended by then."""
    last = threading.Timer(LAST_RESORT_S, os._exit, args=(status,))
    last.daemon = True
    last.start()


class SignalWatch:
    """Hands signals to `tell` from a thread of its own.

    asyncio's own handlers run on the event loop, so that a blocked loop would not even start the last resort.
    """

    def __init__(self, tell: Callable[[int], object]) -> None:
        """tell: called with the exit status of the signal, in the thread."""
        self._tell = tell
        self._read, self._write = socket.socketpair()
        self._write.setblocking(False)

    def start(self) -> None:
        """Catch the signals from now on; must be called in the main thread."""
        threading.Thread(target=self._wait, name="signals", daemon=True).start()
        signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        for number in ENDINGS:
            signal.signal(number, _noted)

    def _wait(self) -> None:
        while numbers := self._read.recv(64):
            for number in numbers:
                if number in ENDINGS:
                    status = ENDINGS[signal.Signals(number)]
                    end_at_last(status)
                    with suppress(RuntimeError):  # the event loop has ended: so does the program
                        self._tell(status)


def _noted(*_: object) -> None:
    """A Python handler must exist, or the default action ends the process."""
