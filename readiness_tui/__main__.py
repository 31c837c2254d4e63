"""Chooses a door: no verb opens the TUI, a verb runs the command line."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

from readiness_tui import first_line


def main() -> int:
    """The `readiness` program; the exit status is one of `errors.ExitCode`."""
    launch = first_line.launch_asked(sys.argv[1:], os.environ)
    if launch is not None and first_line.can_show(os.environ):
        first_line.write(launch)
    from readiness_tui.cli.main import run

    return run(sys.argv[1:], open_tui)


def open_tui(
    folder: Path,
    launch: str | None = None,
    day: date | None = None,
    operator: str = "",
    *,
    stock_display: bool = False,
) -> int:
    """Run the TUI on the launches in `folder`; returns its exit status."""
    from readiness_tui.tui.start import run_tui

    return run_tui(folder, launch, day, operator, stock_display=stock_display)


if __name__ == "__main__":
    sys.exit(main())
