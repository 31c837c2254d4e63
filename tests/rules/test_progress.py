"""Progress, as every screen and report counts it."""

from __future__ import annotations

from readiness_tui.rules.decision.gate import progress
from readiness_tui.rules.standing import ItemStanding, Standing


def test_progress_speaks_only_of_what_is_due() -> None:
    ones = [ItemStanding(Standing.READY), ItemStanding(Standing.OPEN), ItemStanding(Standing.PENDING)]
    assert progress(ones) == (1, 2)
