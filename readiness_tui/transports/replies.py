"""Replies created by a transport itself: local facts, and reasons why an ask was not sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply


def facts_reply(host: str, ask: Ask, facts: Mapping[str, str] | Sequence[tuple[str, str]]) -> Reply:
    """A reply with facts known on this side, one per line. Pairs may repeat a name."""
    pairs = facts.items() if isinstance(facts, Mapping) else facts
    lines = "".join(f"{name}={' '.join(value.split())}\n" for name, value in pairs)
    return Reply(host=host, ask=ask, asked_at=now(), stdout=lines, exit=0)


def refused(host: str, ask: Ask, cause: Cause, detail: str, hint: str = "") -> Reply:
    """A reply with the cause why the ask was not answered."""
    return Reply(host=host, ask=ask, asked_at=now(), cause=cause, detail=detail, hint=hint)


def now() -> datetime:
    """The current time in UTC, truncated to seconds."""
    return datetime.now(UTC).replace(microsecond=0)
