"""A terminal driver that neither blocks on a stalled terminal nor outlives a closed one."""

from __future__ import annotations

import os
import select
from inspect import signature
from typing import Any, ClassVar

import textual
from textual.driver import Driver
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver

from readiness_tui.tui.terminal.decoder import InputDecoder
from readiness_tui.tui.terminal.signals import HANG_UP_STATUS, end_at_last
from readiness_tui.tui.terminal.writer import TerminalWriter

SUPPORTED = "8.2."
"""The Textual releases whose private names this module, `display` and `decoder` rely on."""

CHECK_MS = 100
"""Milliseconds between two looks at the exit flag while no key is pressed."""

_HANG_UP = select.POLLHUP | select.POLLERR | select.POLLNVAL


class SafeDriver(LinuxDriver):
    """LinuxDriver with an unbounded writer, a watch for hang-up and a decoder that never fails.

    Calls the app's `terminal_gone()` on the event loop when the terminal was closed.
    The mouse reports clicks and the wheel only, not every cell the pointer crosses.
    """

    _suspended: bool = False
    _decoder_class: ClassVar[type[InputDecoder]] = InputDecoder

    @property
    def backlog(self) -> int:
        """Bytes that the terminal has not accepted yet."""
        writer = self._writer_thread
        return writer.backlog if isinstance(writer, TerminalWriter) else 0

    def start_application_mode(self) -> None:
        """As LinuxDriver, with our writer in place of its own."""
        stock = vars(linux_driver)["WriterThread"]
        vars(linux_driver)["WriterThread"] = TerminalWriter
        try:
            super().start_application_mode()  # type: ignore[no-untyped-call]
        finally:
            vars(linux_driver)["WriterThread"] = stock
        self._suspended = False

    def suspend_application_mode(self) -> None:
        """Leave the terminal as it was, for a shell or an editor."""
        super().suspend_application_mode()
        self._suspended = True

    def _sigcont_application(self, *_: object) -> None:
        """Take the terminal again after SIGTSTP, and also after a SIGSTOP nobody could handle."""
        if not self._auto_restart:
            return
        if not self._suspended:
            self.suspend_application_mode()
            self._must_signal_resume = True
        self.resume_application_mode()

    def _enable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1006h")

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1000l\x1b[?1006l")

    def _enable_mouse_pixels(self) -> None:
        """Leave mouse positions in cells."""

    def _run_input_thread(self) -> None:
        """The thread's target: read until told to stop or until the terminal is gone."""
        try:
            self.run_input_thread()
        except RuntimeError:  # the event loop was closed: the program is ending
            return

    def run_input_thread(self) -> None:
        """Read keys and dispatch their events."""
        decoder = self._decoder_class()
        poll = select.poll()
        poll.register(self.fileno, select.POLLIN)
        while not self.exit_event.is_set():
            ready = poll.poll(CHECK_MS)
            if ready and not self._read(decoder, ready[0][1]):
                self._report_gone()
                return
            for message in decoder.tick():
                self.process_message(message)

    def _read(self, decoder: InputDecoder, state: int) -> bool:
        """Read once. False when the terminal is gone."""
        if not state & select.POLLIN:
            return not state & _HANG_UP
        try:
            data = os.read(self.fileno, 4096)
        except InterruptedError:
            return True
        except OSError:  # EIO: hung up, or a background process without a terminal
            return self._in_background()
        for message in decoder.feed(data):
            self.process_message(message)
        return bool(data)

    def _in_background(self) -> bool:
        """Whether the terminal is still there and merely belongs to another process group."""
        try:
            return os.tcgetpgrp(self.fileno) != os.getpgrp()
        except OSError:
            return False

    def _report_gone(self) -> None:
        gone = getattr(self._app, "terminal_gone", None)
        if gone is not None:
            end_at_last(HANG_UP_STATUS)
            self._loop.call_soon_threadsafe(gone)


def safe_driver() -> type[Driver] | None:
    """SafeDriver, or None where the installed Textual is not one that it was written for."""
    return SafeDriver if _fits() else None


def _fits() -> bool:
    """Whether every private name that SafeDriver overrides exists as expected."""
    if not textual.__version__.startswith(SUPPORTED) or not hasattr(linux_driver, "WriterThread"):
        return False
    names = (
        "_sigcont_application",
        "_enable_mouse_support",
        "_disable_mouse_support",
        "_enable_mouse_pixels",
        "_run_input_thread",
        "run_input_thread",
        "suspend_application_mode",
        "process_message",
    )
    if not all(callable(getattr(LinuxDriver, name, None)) for name in names):
        return False
    wanted: dict[str, Any] = dict(signature(vars(linux_driver)["WriterThread"].__init__).parameters)
    return list(wanted) == ["self", "file"]
