"""What the seal covers, and the form it had before it was the digest of a page."""

from __future__ import annotations

import json

from readiness_tui.model.base import digest
from readiness_tui.model.session import Session

UNSEALED = frozenset({"signoffs", "history", "position", "operator", "day", "carried_from", "format"})
"""Keys that may change without touching what was signed; the day, so that a session carried over
unchanged is still the one that was signed."""


def older_seal(session: Session) -> str:
    """The seal of version 0.1: a digest of canonical JSON. A sign-off over it is asked for again."""
    kept = session.model_dump(mode="json", exclude=set(UNSEALED), exclude_defaults=True)
    return digest(json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def untouched(one: Session, other: Session) -> bool:
    """Nothing that the seal covers is another object, so the seals are the same; False says nothing."""
    sealed = (name for name in Session.model_fields if name not in UNSEALED)
    return all(getattr(one, name) is getattr(other, name) for name in sealed)
