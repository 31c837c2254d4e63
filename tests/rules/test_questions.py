"""An outcome counts only for the question it was found by, and only with a believable date."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from readiness_tui.model.checklist import Checklist, Parameter
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.session import Record, Session
from readiness_tui.rules.decision.gate import decide
from readiness_tui.rules.probing.questions import Questions
from readiness_tui.rules.standing import Standing, standings
from tests.samples import NOW, checklist, item, session

PROBED = item("one.a.probed", mode="auto", probe={"kind": "port", "where": ["app"], "port": "$port"})
SAME = item("one.a.same", mode="auto", same_as=PROBED.id)
LIST = checklist(PROBED, SAME, parameters=(Parameter(name="port", help="Port.", default=22),))


def probed(of: Checklist = LIST, *, asked_at: datetime = NOW) -> Session:
    """A session in which the probe passed, with the question of that session."""
    begun = session()
    question = Questions(of, begun).of(PROBED, "web")
    outcome = Outcome(verdict=Verdict.PASS, evidence="open", asked_at=asked_at, question=question)
    return session({PROBED.id: Record(outcomes={"web": outcome})})


def standing(held: Session, of: Checklist = LIST) -> tuple[Standing, str]:
    results = standings(of, held, NOW)[PROBED.id]
    return results.standing, results.reason


def test_the_same_question_keeps_its_pass() -> None:
    assert standing(probed())[0] is Standing.READY
    assert standings(LIST, probed(), NOW)[SAME.id].standing is Standing.READY


@pytest.mark.parametrize(
    "change",
    [
        {"parameters": {"port": 23}},
        {"hosts": (Host(name="web", address="192.0.2.9", roles=("app",)),)},
        {"hosts": (Host(name="web", address="root@local.example", roles=("app",)),)},
    ],
    ids=["parameter", "address", "user"],
)
def test_another_question_makes_the_pass_stale(change: dict[str, Any]) -> None:
    changed = probed().model_copy(update=change)
    found, reason = standing(changed)
    assert found is Standing.STALE
    assert "the question changed" in reason
    assert standings(LIST, changed, NOW)[SAME.id].standing is Standing.STALE


def test_another_probe_or_another_collector_makes_the_pass_stale() -> None:
    before = probed()
    assert PROBED.probe is not None
    spec = PROBED.probe.model_copy(update={"pass_if": {"open": {"eq": True}}})
    edited = checklist(PROBED.model_copy(update={"probe": spec}), SAME, parameters=LIST.parameters)
    assert standing(before, edited)[0] is Standing.STALE
    updated = LIST.model_copy(update={"collectors": "sha256:other"})
    assert standing(before, updated)[0] is Standing.STALE


def test_a_parameter_that_the_probe_does_not_use_changes_nothing() -> None:
    more = (*LIST.parameters, Parameter(name="other", help="Other.", default=1))
    wider = checklist(PROBED, SAME, parameters=more)
    changed = probed(wider).model_copy(update={"parameters": {"other": 2}})
    assert standing(changed, wider)[0] is Standing.READY


@pytest.mark.parametrize(("ahead", "expected"), [(299, Standing.READY), (301, Standing.STALE)])
def test_a_date_ahead_of_the_clock_is_not_fresh(ahead: int, expected: Standing) -> None:
    found, reason = standing(probed(asked_at=NOW + timedelta(seconds=ahead)))
    assert found is expected
    assert expected is Standing.READY or "dated in the future" in reason


def test_the_clock_counts_and_not_the_moment_judged() -> None:
    """A gate judged at a T0 that has passed believes what was probed since."""
    late = probed(asked_at=NOW)
    gate = decide(LIST, late, NOW, at=NOW - timedelta(days=1))
    assert gate.counts["stale"] == 0
