"""How long the asks of a target took, for the next run."""

from __future__ import annotations

from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.session import Record
from readiness_tui.rules.probing.durations import durations
from tests.samples import NOW, session


def took(milliseconds: int, asked: str) -> Outcome:
    return Outcome(verdict=Verdict.PASS, asked_at=NOW, took_ms=milliseconds, asked=asked)


def test_each_target_has_its_own_seconds() -> None:
    held = session(
        {
            "a.b.one": Record(outcomes={"web": took(1500, "sha256:one"), "db": took(20, "sha256:one")}),
            "a.b.two": Record(outcomes={"web": took(40, "sha256:two")}),
            "a.b.three": Record(),
        }
    )
    assert durations(held, "web") == {"sha256:one": 1.5, "sha256:two": 0.04}
    assert durations(held, "db") == {"sha256:one": 0.02}
    assert durations(held, "local") == {}


def test_what_was_not_asked_took_no_time() -> None:
    held = session({"a.b.one": Record(outcomes={"web": took(0, "")})})
    assert durations(held, "web") == {}
