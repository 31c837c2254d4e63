"""Two operators with two copies: the work of both is kept."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.session import Record, Session
from readiness_tui.rules.edits import SetAnswer, SetNote, apply
from readiness_tui.rules.merging import Conflict, merge
from tests.samples import NOW, answered, checklist, item, outcome, session

A, B, C = (item(f"one.a.{name}") for name in ("first", "second", "third"))
LIST = checklist(A, B, C)


def edited(start: Session, *edits: SetAnswer | SetNote, by: str) -> Session:
    for edit in edits:
        start = apply(LIST, start, edit, by=by, now=NOW)
    return start


def test_different_items_merge_silently_in_checklist_order() -> None:
    base = session({B.id: answered(B)})
    ours = edited(base, SetAnswer(C.id, AnswerKind.DONE), by="ana")
    theirs = edited(base, SetAnswer(A.id, AnswerKind.NOT_DONE, "no"), by="lee")
    merged = merge(base, ours, theirs, by="ana", now=NOW)
    assert merged.conflicts == ()
    assert list(merged.session.items) == [A.id, B.id, C.id]
    assert merged.session.items[A.id] == theirs.items[A.id]
    assert merged.session.items[C.id] == ours.items[C.id]
    assert set(merged.session.history) == set(ours.history) | set(theirs.history)


def test_the_same_item_is_a_conflict_and_the_other_side_stays_readable() -> None:
    base = session()
    ours = edited(base, SetAnswer(A.id, AnswerKind.DONE), by="ana")
    theirs = edited(base, SetNote(A.id, "not at all"), by="lee")
    merged = merge(base, ours, theirs, by="ana", now=NOW)
    assert [conflict.what for conflict in merged.conflicts] == [A.id]
    assert merged.session.items[A.id] == ours.items[A.id]
    assert "not at all" in merged.conflicts[0].theirs
    assert any(change.what == "conflict" and "not at all" in change.new for change in merged.session.history)


def test_the_latest_outcome_is_kept() -> None:
    old, new = outcome(Verdict.PASS, ago=timedelta(hours=2)), outcome(Verdict.FAIL)
    base = session({A.id: Record(outcomes={"web": outcome(Verdict.PASS, ago=timedelta(hours=3))})})
    ours, theirs = (session({A.id: Record(outcomes={"web": one})}) for one in (old, new))
    for mine, other in ((ours, theirs), (theirs, ours)):
        merged = merge(base, mine, other, by="ana", now=NOW)
        assert merged.session.items[A.id].outcomes["web"] == new
        assert merged.conflicts == ()


def test_a_parameter_changed_on_both_sides_is_a_conflict() -> None:
    base, ours, theirs = (session(parameters={"app_name": name}) for name in ("x", "y", "z"))
    merged = merge(base, ours, theirs, by="ana", now=NOW)
    assert merged.conflicts == (Conflict("parameters.app_name", "x", "y", "z"),)
    assert merged.session.parameters == {"app_name": "y"}


def test_a_host_removed_on_one_side_stays_removed() -> None:
    base = session()
    merged = merge(base, session(hosts=[]), base, by="ana", now=NOW)
    assert merged.session.hosts == ()
    assert merged.conflicts == ()


EDITS = st.one_of(
    st.builds(
        SetAnswer,
        st.sampled_from([A.id, B.id, C.id]),
        st.sampled_from([AnswerKind.DONE, AnswerKind.NOT_DONE, AnswerKind.NOT_APPLICABLE]),
        st.sampled_from(["because", "since"]),
    ),
    st.builds(SetNote, st.sampled_from([A.id, B.id, C.id]), st.sampled_from(["", "one", "two"])),
)


@given(st.lists(EDITS, max_size=4), st.lists(EDITS, max_size=4), st.lists(EDITS, max_size=4))
def test_every_human_word_of_both_sides_survives(
    shared: list[SetAnswer | SetNote], mine: list[SetAnswer | SetNote], other: list[SetAnswer | SetNote]
) -> None:
    base = edited(session(), *shared, by="kim")
    ours, theirs = edited(base, *mine, by="ana"), edited(base, *other, by="lee")
    merged = merge(base, ours, theirs, by="ana", now=NOW)
    said = {conflict.what for conflict in merged.conflicts}
    for item_id in (A.id, B.id, C.id):
        got, one, two = (side.record(item_id) for side in (merged.session, ours, theirs))
        assert got in (one, two)
        if one != two and item_id not in said:
            assert base.record(item_id) in (one, two), "both changed it and nobody was told"
            assert got != base.record(item_id)
    assert set(theirs.history) <= set(merged.session.history)
    assert set(ours.history) <= set(merged.session.history)


@given(st.lists(EDITS, max_size=4), st.lists(EDITS, max_size=4))
def test_changes_of_one_side_give_that_side(
    shared: list[SetAnswer | SetNote], mine: list[SetAnswer | SetNote]
) -> None:
    base = edited(session(), *shared, by="kim")
    ours = edited(base, *mine, by="ana")
    for merged in (merge(base, ours, base, by="ana", now=NOW), merge(base, base, ours, by="ana", now=NOW)):
        assert merged.conflicts == ()
        assert dict(merged.session.items) == dict(ours.items)
