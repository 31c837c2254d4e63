"""The difference to yesterday, most important first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from readiness_tui.model.answer import AnswerKind, Waiver
from readiness_tui.model.checklist import Item
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.session import Record
from readiness_tui.rules.drift import Drift, Kind, Seen, Shift, drift, last_touched
from tests.samples import NOW, answered, checklist, item, outcome, probed, session

A = item("one.a.first")
P = probed("one.a.probe")


def compare(old: Record | None, new: Record | None, was: Item = A, now: Item = A) -> Drift:
    before = session({was.id: old} if old else {})
    after = session({now.id: new} if new else {})
    return drift(Seen(checklist(was), before, NOW), Seen(checklist(now), after, NOW))


def on(verdict: Verdict, evidence: str = "seen", ago: timedelta = timedelta(0)) -> Record:
    return Record(outcomes={"web": outcome(verdict, evidence, ago)})


WAIVER = Waiver(reason="risk taken", owner="lee", approver="kim", expires=date(2026, 11, 23))


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (on(Verdict.PASS), on(Verdict.FAIL), Kind.REGRESSED),
        (on(Verdict.PASS), on(Verdict.UNKNOWN), Kind.REGRESSED),
        (on(Verdict.PASS), on(Verdict.PASS, ago=timedelta(days=2)), Kind.STALE),
        (on(Verdict.PASS), Record(), Kind.OPEN),
        (on(Verdict.FAIL), on(Verdict.PASS), Kind.FIXED),
        (on(Verdict.UNKNOWN), on(Verdict.FAIL), Kind.CHANGED),
        (on(Verdict.PASS, "2 CPU"), on(Verdict.PASS, "4 CPU"), Kind.CHANGED),
        (on(Verdict.PASS), on(Verdict.PASS), None),
    ],
)
def test_a_probed_items_drift(old: Record, new: Record, kind: Kind | None) -> None:
    changes = compare(old, new, P, P)
    assert [one.kind for one in changes.items] == ([kind] if kind else [])
    assert changes.regressed is (kind is Kind.REGRESSED)


def test_an_answer_taken_back_is_a_regression() -> None:
    changes = compare(answered(A), answered(A, AnswerKind.NOT_DONE, reason="broke"))
    assert [one.kind for one in changes.items] == [Kind.REGRESSED]
    assert Shift("answer", "done", "not-done") in changes.items[0].parts


def test_an_expired_waiver_is_newly_stale_not_a_regression() -> None:
    record = answered(A, AnswerKind.NOT_DONE).model_copy(update={"waiver": WAIVER})
    seen = session({A.id: record})
    changes = drift(Seen(checklist(A), seen, NOW - timedelta(days=1)), Seen(checklist(A), seen, NOW))
    assert [one.kind for one in changes.items] == [Kind.STALE]
    assert not changes.regressed


def test_a_new_word_reopens_that_item_alone_and_shows_both_texts() -> None:
    other = item("one.a.second")
    before = session({A.id: answered(A), other.id: answered(other)})
    new = item("one.a.first", text="Text of one.a.first.")
    changes = drift(Seen(checklist(A, other), before, NOW), Seen(checklist(other, new), before, NOW))
    assert [(one.item.id, one.kind) for one in changes.items] == [(A.id, Kind.REWORDED)]
    assert changes.items[0].parts == (Shift("text", A.text, new.text),)


def test_items_come_and_go() -> None:
    new = item("one.a.new")
    changes = drift(Seen(checklist(A), session(), NOW), Seen(checklist(new), session(), NOW))
    assert [(one.item.id, one.kind) for one in changes.items] == [
        (new.id, Kind.ADDED),
        (A.id, Kind.REMOVED),
    ]


def test_a_renamed_item_is_the_same_item() -> None:
    renamed = item("one.a.renamed", text=A.text, was=[A.id])
    before, after = session({A.id: answered(A)}), session({renamed.id: answered(renamed)})
    changes = drift(Seen(checklist(A), before, NOW), Seen(checklist(renamed), after, NOW))
    assert changes.items == ()


def test_regressions_come_first_and_hosts_are_separate() -> None:
    first, second = probed("one.a.first"), probed("one.a.second")
    hosts = [{"name": name, "address": "local"} for name in ("web", "db")]
    good = Record(outcomes={name: outcome(Verdict.PASS, "ok") for name in ("web", "db")})
    bad = Record(outcomes={"web": outcome(Verdict.PASS, "ok"), "db": outcome(Verdict.FAIL, "off")})
    before = session({first.id: bad, second.id: good}, hosts=hosts)
    after = session({first.id: good, second.id: bad}, hosts=hosts)
    both = checklist(first, second)
    changes = drift(Seen(both, before, NOW), Seen(both, after, NOW))
    assert [(one.item.id, one.kind) for one in changes.items] == [
        (second.id, Kind.REGRESSED),
        (first.id, Kind.FIXED),
    ]
    assert changes.items[0].hosts == (Shift("db", "pass: ok", "fail: off"),)


def test_a_day_is_judged_when_it_was_last_touched() -> None:
    record = answered(A).model_copy(
        update={"outcomes": {"web": outcome(Verdict.PASS, ago=timedelta(hours=3))}}
    )
    assert last_touched(session({A.id: record})) == NOW
