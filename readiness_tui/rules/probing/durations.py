"""How long what is asked of a target takes, by the last time: the longest is asked first."""

from __future__ import annotations

from readiness_tui.model.session import Session


def durations(session: Session, target: str) -> dict[str, float]:
    """Seconds each outcome took on a target, by what was asked for it (`model.probe.asked`)."""
    outcomes = (record.outcomes.get(target) for record in session.items.values())
    return {found.asked: found.took_ms / 1000 for found in outcomes if found is not None and found.asked}
