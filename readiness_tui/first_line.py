"""The first line on the terminal, before anything heavy is imported."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

written = False
"""Whether the line stands on the terminal."""


def launch_asked(words: Sequence[str], environ: Mapping[str, str]) -> str | None:
    """The launch that these command line words open in the TUI, empty for the list of launches.

    None for every other command line: click reads it.
    """
    if "_READINESS_COMPLETE" in environ or "READINESS_STOCK_DISPLAY" in environ:
        return None
    if not words:
        return ""
    plain = len(words) == 2 and words[0] == "open" and _NAME.fullmatch(words[1])
    return words[1] if plain else None


def can_show(environ: Mapping[str, str]) -> bool:
    """Whether the standard streams are a terminal that can move its cursor."""
    term = environ.get("TERM", "")
    return term not in ("", "dumb", "unknown") and all(os.isatty(number) for number in (0, 1, 2))


def write(launch: str | None) -> None:
    """Say what is being opened; the TUI draws over it on a screen of its own."""
    global written
    if not written:
        what = "".join(char for char in launch or "launches" if char.isprintable())
        sys.stdout.write(f"readiness  opening {what}\r")
        sys.stdout.flush()
        written = True


def erase() -> None:
    """Take the line away again, for a message in its place."""
    global written
    if written:
        written = False
        sys.stdout.write("\r\x1b[K")
        sys.stdout.flush()
