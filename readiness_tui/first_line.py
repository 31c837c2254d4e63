"""Write the first line on the terminal before the heavy imports."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

written = False
"""Whether the line is on the terminal now."""


def launch_asked(words: Sequence[str], environ: Mapping[str, str]) -> str | None:
    """The launch that these command-line arguments open in the TUI; empty for the list of launches.

    None for any other command line, which click then parses.
    """
    if "_READINESS_COMPLETE" in environ or "READINESS_STOCK_DISPLAY" in environ:
        return None
    if not words:
        return ""
    plain = len(words) == 2 and words[0] == "open" and _NAME.fullmatch(words[1])
    return words[1] if plain else None


def can_show(environ: Mapping[str, str]) -> bool:
    """Whether the standard streams are a terminal that supports cursor movement."""
    term = environ.get("TERM", "")
    return term not in ("", "dumb", "unknown") and all(os.isatty(number) for number in (0, 1, 2))


def write(launch: str | None) -> None:
    """Print the name of what is being opened. The TUI replaces it on the alternate screen."""
    global written
    if not written:
        what = "".join(char for char in launch or "launches" if char.isprintable())
        sys.stdout.write(f"readiness  opening {what}\r")
        sys.stdout.flush()
        written = True


def erase() -> None:
    """Erase the line, so that a message can replace it."""
    global written
    if written:
        written = False
        sys.stdout.write("\r\x1b[K")
        sys.stdout.flush()
