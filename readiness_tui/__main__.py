"""The entry point: without a verb it opens the TUI, with a verb it runs the command line."""

from __future__ import annotations

import os
import sys
from datetime import date
from functools import partial
from pathlib import Path

from readiness_tui import first_line


def main() -> int:
    """Run the `readiness` program. Returns an exit status of `errors.ExitCode`."""
    launch = first_line.launch_asked(sys.argv[1:], os.environ)
    if launch is not None and first_line.can_show(os.environ):
        first_line.write(launch)
        return _open_at_once(launch)
    from readiness_tui.cli.main import run

    return run(sys.argv[1:], open_tui)


def _open_at_once(launch: str) -> int:
    """Open the TUI without importing click, which would delay the first screen."""
    try:
        from readiness_tui.settings import named_operator, sessions_folder

        return open_tui(sessions_folder(None), launch or None, operator=named_operator())
    except BaseException as error:  # noqa: BLE001  `guarded` reports it, as for every verb
        from readiness_tui.cli.support.error_handling import guarded

        return guarded(partial(_raise, error))


def _raise(error: BaseException) -> int:
    raise error


def open_tui(
    folder: Path,
    launch: str | None = None,
    day: date | None = None,
    operator: str = "",
    *,
    stock_display: bool = False,
) -> int:
    """Run the TUI on the launches in `folder`. Returns the exit status."""
    from readiness_tui.tui.start import run_tui

    return run_tui(folder, launch, day, operator, stock_display=stock_display)


if __name__ == "__main__":
    sys.exit(main())
