"""The seal: a digest of what a lead signs."""

from __future__ import annotations

import json

from readiness_tui.model.base import digest
from readiness_tui.model.session import Session

UNSEALED = frozenset({"signoffs", "history", "position", "operator", "day", "carried_from", "format"})
"""Keys that may change without touching what was signed; the day, so that a session carried over
unchanged is still the one that was signed."""


def seal(session: Session) -> str:
    """The digest of the session's answers, outcomes, waivers, notes, hosts and parameters.

    Canonical JSON: sorted keys, no spaces, UTF-8. Signing and moving about leave it as it is;
    anything a lead would want to know of changes it.
    """
    kept = session.model_dump(mode="json", exclude=set(UNSEALED), exclude_defaults=True)
    return digest(json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def untouched(one: Session, other: Session) -> bool:
    """Nothing that the seal covers is another object, so the seals are the same; False says nothing."""
    sealed = (name for name in Session.model_fields if name not in UNSEALED)
    return all(getattr(one, name) is getattr(other, name) for name in sealed)
