"""Resolve a conflict in favour of the other side, for every kind of value."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from readiness_tui.model.answer import AnswerKind, Decision, Signoff
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.session import ChecklistRef, Record, Session
from readiness_tui.rules.merging import merge
from readiness_tui.rules.resolve import take

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BASE = Session(
    launch="pay",
    day=date(2026, 11, 24),
    checklist=ChecklistRef(id="c", version=1, digest="sha256:0"),
    operator="ana",
)


def signed(who: str) -> Signoff:
    return Signoff(role="technical", who=who, decision=Decision.GO, at=NOW, seal="sha256:0")


def side(who: str, port: int) -> Session:
    """One side: everything that can be in conflict, each with a value of its own."""
    return BASE.model_copy(
        update={
            "items": {"a.b.c": Record(answer=AnswerKind.DONE, by=who, at=NOW, note=who)},
            "parameters": {"app_port": port},
            "hosts": (Host.parse(f"web=10.0.0.{port},app"),),
            "signoffs": (signed(who),),
            "notes": f"by {who}",
        }
    )


def test_every_conflict_can_be_decided_for_theirs() -> None:
    ours, theirs = side("ana", 1), side("kim", 2)
    merged = merge(BASE, ours, theirs, by="ana", now=NOW)
    named = [conflict.what for conflict in merged.conflicts]
    assert set(named) == {"a.b.c", "parameters.app_port", "hosts.web", "signoffs.technical", "notes"}
    taken = take(merged.session, theirs, named)
    for field in ("items", "parameters", "hosts", "signoffs", "notes"):
        assert getattr(merged.session, field) == getattr(ours, field)
        assert getattr(taken, field) == getattr(theirs, field)
    assert taken.history == merged.session.history


@pytest.mark.parametrize("what", ["a.b.c", "parameters.app_port", "hosts.web", "signoffs.technical"])
def test_what_they_took_away_is_taken_away(what: str) -> None:
    ours = side("ana", 1)
    assert take(ours, BASE, [what]) != ours
    assert take(BASE, ours, [what]) != BASE
    assert take(take(BASE, ours, [what]), BASE, [what]) == BASE


def test_outcomes_stay_as_they_were_merged() -> None:
    seen = Outcome(verdict=Verdict.PASS, evidence="7.1", asked_at=NOW, took_ms=1)
    ours = side("ana", 1).model_copy(update={"items": {"a.b.c": Record(outcomes={"web": seen})}})
    record = take(ours, side("kim", 2), ["a.b.c"]).record("a.b.c")
    assert (record.by, dict(record.outcomes)) == ("kim", {"web": seen})
    assert take(ours, BASE, ["a.b.c"]).record("a.b.c").outcomes == {"web": seen}
