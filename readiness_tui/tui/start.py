"""The way into the TUI: what the terminal must be, then a first line on it, then the heavy imports."""

from __future__ import annotations

import gc
import os
import select
import sys
from collections.abc import Mapping, MutableMapping
from datetime import date
from pathlib import Path

from readiness_tui import first_line
from readiness_tui.errors import ExitCode, UsageError

LEAST_COLUMNS, LEAST_ROWS = 40, 10
WRITABLE_S = 0.2
"""Seconds to wait for a terminal to accept the last line."""

HINT = "readiness open --plain LAUNCH asks line by line; readiness --help lists the verbs"


def run_tui(
    folder: Path,
    launch: str | None = None,
    day: date | None = None,
    operator: str = "",
    *,
    stock_display: bool = False,
) -> int:
    """Open the TUI on the launches in `folder` and return its exit status.

    launch: opened at once. day: an earlier one, read-only. operator: who works.
    stock_display: use Textual's own display and driver.
    Raises UsageError when the terminal cannot show it, before anything is drawn.
    """
    refuse(os.environ)
    prepare(os.environ)
    first_line.write(launch)
    gc.disable()  # until the first screen is drawn: what is imported stays anyway
    # Textual reads its environment when it is imported, and takes most of the start-up time.
    from readiness_tui.tui.app import ReadinessApp

    app = ReadinessApp(folder, launch=launch, day=day, operator=operator, stock_display=stock_display)
    app.run(mouse=app.wants_mouse)
    wipe()
    saved = app.save_what_is_left()
    sys.stderr.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.stderr.write(app.parting)
    if not saved:
        return int(ExitCode.USAGE)
    return app.return_code if app.return_code is not None else int(ExitCode.INTERRUPTED)


def wipe() -> None:
    """Erase the first line, now that the terminal is as it was.

    Where the terminal is gone or does not read, what is still to be written goes nowhere, so that
    Python neither waits nor ends with a status of its own for it.
    """
    try:
        if not select.select([], [sys.stdout], [], WRITABLE_S)[1]:
            raise BlockingIOError
        sys.stdout.write("\r\x1b[K")
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def refuse(environ: Mapping[str, str]) -> None:
    """Raise UsageError when there is no terminal to draw on, or one that cannot move its cursor."""
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise UsageError("not a terminal: the full-screen UI needs one", hint=HINT)
    if environ.get("TERM", "") in ("", "dumb", "unknown"):
        raise UsageError("the terminal cannot move its cursor (TERM is dumb)", hint=HINT)
    size = os.get_terminal_size(sys.stdout.fileno())
    if 0 < size.columns < LEAST_COLUMNS or 0 < size.lines < LEAST_ROWS:
        raise UsageError(
            f"the terminal is {size.columns}x{size.lines}; {LEAST_COLUMNS}x{LEAST_ROWS} is the least",
            hint="make it larger, or " + HINT,
        )


def prepare(environ: MutableMapping[str, str]) -> None:
    """Set what Textual reads at import: no animation, and over SSH no mode that a lost link leaves on."""
    environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    if environ.get("SSH_CONNECTION"):
        environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
