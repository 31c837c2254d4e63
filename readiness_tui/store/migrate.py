"""Migrate older formats of the session file to the present one, one step at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from readiness_tui.errors import SessionError
from readiness_tui.model.session import FORMAT

Document = dict[str, Any]
"""A parsed TOML document, not yet validated."""

Step = Callable[[Document], Document]
"""Converts a document from one format to the next."""

MIGRATIONS: Mapping[int, Step] = {}
"""By the format a step starts from. Format 1 is the first, so there are none yet."""


def migrate(
    document: Document, *, where: str, steps: Mapping[int, Step] = MIGRATIONS, to: int = FORMAT
) -> Document:
    """The document in format `to`. Raises SessionError if its format is missing, unknown or newer."""
    number = document.get("format")
    if not isinstance(number, int) or isinstance(number, bool):
        problem = "no `format`" if number is None else f"`format` is {number!r}, not a number"
        raise SessionError(f"not a session file: {problem}", where=where, hint=f"expected format {to}")
    if number > to:
        raise SessionError(
            f"the file was written by a newer readiness (format {number}; this version reads up to {to})",
            where=where,
            hint="upgrade readiness; the file is unchanged",
        )
    while number < to:
        if number not in steps:
            raise SessionError(f"unknown format {number}", where=where, hint=f"formats are 1 to {to}")
        document = steps[number](document)
        number += 1
        document = document | {"format": number}
    return document
