"""Older formats of the session file, brought up to the present one step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from readiness_tui.errors import SessionError
from readiness_tui.model.session import FORMAT

Document = dict[str, Any]
"""A session file as TOML gives it, not yet checked."""

Step = Callable[[Document], Document]
"""Takes a document of one format, gives the same one in the next."""

MIGRATIONS: Mapping[int, Step] = {}
"""By the format a step starts from. Format 1 is the first there has been, so there is none yet."""


def migrate(
    document: Document, *, where: str, steps: Mapping[int, Step] = MIGRATIONS, to: int = FORMAT
) -> Document:
    """The document in format `to`. Raises SessionError for a format missing, unknown or newer."""
    number = document.get("format")
    if not isinstance(number, int) or isinstance(number, bool):
        said = "no `format`" if number is None else f"`format` is {number!r}, not a number"
        raise SessionError(f"not a session file: {said}", where=where, hint=f"the format is {to}")
    if number > to:
        raise SessionError(
            f"the file was written by a newer readiness (format {number}; this one knows {to})",
            where=where,
            hint="upgrade readiness; the file is left as it is",
        )
    while number < to:
        if number not in steps:
            raise SessionError(
                f"there has never been a format {number}", where=where, hint=f"formats are 1 to {to}"
            )
        document = steps[number](document)
        number += 1
        document = document | {"format": number}
    return document
