"""What repo.git tells of a checkout, and documents that come in pieces of base64."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields


@dataclass(frozen=True, slots=True)
class Commit:
    """The commit that is checked out. at: when it was made; since: when the checkout moved to it; seconds
    since 1970, None when git does not tell. changed: tracked files that differ from it.
    """

    hash: str
    at: int
    since: int | None
    changed: int
    shallow: bool

    @property
    def short(self) -> str:
        """The hash as people write it."""
        return self.hash[:7]


def closed(told: ParsedReply) -> Missing | None:
    """Why the checkout could not be entered."""
    why = told.refusal("checkout")
    if why is None:
        return None
    return Missing(why.cause, why.reason.partition(": ")[2].removeprefix("absent: ") or why.reason)


def commit(told: ParsedReply) -> Commit | Missing:
    """The commit that is checked out, or why it is not known."""
    if (why := closed(told)) is not None:
        return why
    row = told.text("commit")
    if isinstance(row, Missing):
        return Missing(row.cause, row.reason.removeprefix("commit: not-git: "))
    name, at = fields(row, 2)
    changed, since = told.number("dirty"), told.known("head_since")
    if isinstance(changed, Missing) or not at.isdecimal():
        return Missing(Cause.GARBLED, "git's answer about the commit is not understood")
    moved = int(since[-1]) if since and since[-1].isdecimal() else None
    shallow = told.text("shallow", default="") == "true"
    return Commit(name, int(at), moved, int(changed), shallow)


def document(pieces: Sequence[str]) -> Any:
    """The JSON document in base64 pieces. Raises ValueError when it is none."""
    try:
        return json.loads(base64.b64decode("".join(pieces), validate=True))
    except (binascii.Error, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("not JSON in base64") from error
