"""How long the asks of a target took last time. The longest are sent first."""

from __future__ import annotations

from readiness_tui.model.session import Session


def durations(session: Session, target: str) -> dict[str, float]:
    """Seconds that each outcome took on a target, by its asks (`model.probe.asked`)."""
    outcomes = (record.outcomes.get(target) for record in session.items.values())
    return {
        outcome.asked: outcome.took_ms / 1000 for outcome in outcomes if outcome is not None and outcome.asked
    }
