"""The values that the seal covers, and the seal of older versions."""

from __future__ import annotations

import json

from readiness_tui.model.base import digest
from readiness_tui.model.session import Session

UNSEALED = frozenset(
    {"signoffs", "history", "position", "operator", "day", "carried_from", "probe_on_open", "format"}
)
"""Keys that the seal does not cover. The day is one of them, so that a session carried over unchanged keeps
its seal.
"""


def older_seal(session: Session) -> str:
    """The seal of version 0.1: a digest of canonical JSON. A sign-off over it must be given again."""
    kept = session.model_dump(mode="json", exclude=set(UNSEALED), exclude_defaults=True)
    return digest(json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def seal_unchanged(before: Session, after: Session) -> bool:
    """Whether all sealed values are the same objects, so that the seals are equal. False proves nothing."""
    sealed = (name for name in Session.model_fields if name not in UNSEALED)
    return all(getattr(before, name) is getattr(after, name) for name in sealed)
