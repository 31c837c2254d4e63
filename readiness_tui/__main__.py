"""Chooses a door: no verb opens the TUI, a verb runs the command line."""

from __future__ import annotations

import sys


def main() -> None:
    """The `readiness` program."""
    from readiness_tui.cli.main import cli

    cli(prog_name="readiness")


if __name__ == "__main__":
    sys.exit(main())
