"""Edits: the only way to change a session; pure, ordered, and recorded in the history."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from readiness_tui.errors import UsageError
from readiness_tui.model.answer import AnswerKind, Decision, Evidence, Signoff, Waiver
from readiness_tui.model.checklist import Checklist, Parameter
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.session import Record, Session
from readiness_tui.rules import edits, history
from readiness_tui.rules.edits import apply
from tests import strategies
from tests.samples import NOW, answered, checklist, item, outcome, probed, session

A, B, C = probed("one.a.first"), item("one.a.second", valid="7d"), item("one.a.third")
LIST: Checklist = checklist(A, B, C).model_copy(
    update={"parameters": (Parameter(name="unit", help="The unit."), Parameter(name="ports", help="Ports."))}
)
LATER = NOW + timedelta(hours=1)
DONE = AnswerKind.DONE
WAIVER = Waiver(reason="next week", owner="ana", approver="lee", expires=date(2026, 12, 1))
SIGNOFF = Signoff(role="technical", who="ana", decision=Decision.GO, at=NOW, seal="sha256:0")


def edit(start: Session, *each: edits.Edit, by: str = "ana") -> Session:
    for one in each:
        start = apply(LIST, start, one, by=by, now=NOW)
    return start


# what is edited, and the line of history it leaves: what, item, old, new, why
LOGGED: list[tuple[edits.Edit, tuple[str, str, str, str, str]]] = [
    (edits.SetAnswer(A.id, DONE), ("answer", A.id, "", "done", "")),
    (edits.SetAnswer(A.id, AnswerKind.NOT_APPLICABLE, "no db"), ("answer", A.id, "", "n/a", "no db")),
    (edits.SetNote(A.id, "n"), ("note", A.id, "", "n", "")),
    (edits.SetEvidence(A.id, (Evidence(url="https://x"),)), ("evidence", A.id, "", "https://x", "")),
    (edits.SetWaiver(A.id, WAIVER), ("waiver", A.id, "", history.waiver(WAIVER), "next week")),
    (edits.SetParameter("unit", "web"), ("parameter.unit", "", "", "web", "")),
    (edits.SetParameter("ports", [22, 80]), ("parameter.ports", "", "", "22, 80", "")),
    (edits.SetHosts((Host(name="db", address="db.x"),)), ("hosts", "", "web=local,app", "db=db.x", "")),
    (edits.SetNotes("freeze"), ("notes", "", "", "freeze", "")),
    (edits.AddSignoff(SIGNOFF), ("signoff.technical", "", "", history.signoff(SIGNOFF), "")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "line"), LOGGED)
def test_a_change_by_a_human_adds_one_history_entry(one: edits.Edit, line: tuple[str, ...]) -> None:
    after = edit(session(), one)
    (change,) = after.history
    assert (change.what, change.item, change.old, change.new, change.why) == line
    assert (change.by, change.at) == ("ana", NOW)


@pytest.mark.parametrize("one", [each for each, _ in LOGGED])
def test_the_same_edit_again_changes_nothing(one: edits.Edit) -> None:
    after = edit(session(), one)
    assert edit(after, one) is after


@pytest.mark.parametrize("one", [each for each, _ in LOGGED])
def test_an_edit_leaves_the_session_it_was_given_alone(one: edits.Edit) -> None:
    start = session({B.id: answered(B)})
    before = start.model_dump_json()
    edit(start, one)
    assert start.model_dump_json() == before


def test_other_changes_add_no_history_entry() -> None:
    after = edit(
        session(), edits.SetPosition(B.id), edits.SetOutcomes({A.id: {"web": outcome(Verdict.FAIL)}}, {})
    )
    assert after.history == ()
    assert after.position == B.id


class TestAnswers:
    def test_holds_who_when_and_the_text_answered(self) -> None:
        record = edit(session(), edits.SetAnswer(B.id, DONE, "by hand")).record(B.id)
        assert record == Record(text=B.digest, answer=DONE, reason="by hand", by="ana", at=NOW)

    def test_a_repeated_answer_confirms_anew(self) -> None:
        start = edit(session(), edits.SetAnswer(B.id, DONE))
        again = apply(LIST, start, edits.SetAnswer(B.id, DONE), by="ana", now=LATER)
        assert again.record(B.id).at == LATER
        assert len(again.history) == 2

    def test_a_new_answer_takes_the_old_reason_away(self) -> None:
        after = edit(session(), edits.SetAnswer(B.id, AnswerKind.NOT_DONE, "no"), edits.SetAnswer(B.id, DONE))
        assert after.record(B.id).reason == ""
        assert (after.history[1].old, after.history[1].new) == (
            f"not-done (no) by ana at {NOW.isoformat()}",
            "done",
        )

    def test_clearing_leaves_note_evidence_waiver_and_outcomes(self) -> None:
        kept: dict[str, Any] = {
            "note": "n",
            "waiver": WAIVER,
            "evidence": (Evidence(url="https://x"),),
            "outcomes": {"web": outcome(Verdict.FAIL)},
        }
        start = session({A.id: answered(A, reason="r", **kept)})
        after = edit(start, edits.SetAnswer(A.id, None))
        assert after.record(A.id) == Record(**kept)
        assert after.history[0].old == history.answer(start.record(A.id))
        assert "(r)" in after.history[0].old
        assert after.history[0].new == ""

    def test_a_record_with_nothing_left_is_dropped(self) -> None:
        after = edit(session({B.id: answered(B)}), edits.SetAnswer(B.id, None))
        assert B.id not in after.items

    @pytest.mark.parametrize("reason", ["", "  ", "\n"])
    def test_n_a_needs_a_reason(self, reason: str) -> None:
        with pytest.raises(UsageError, match="n/a needs a reason"):
            edit(session(), edits.SetAnswer(B.id, AnswerKind.NOT_APPLICABLE, reason))


class TestNotes:
    def test_continued_typing_is_one_history_entry(self) -> None:
        first, *rest = (edits.SetNote(B.id, "note"[:length], continues=length > 1) for length in range(1, 5))
        after = edit(edit(session(), first), *rest)
        (line,) = after.history
        assert (line.old, line.new) == ("", "note")

    def test_a_second_note_keeps_the_first_in_the_history(self) -> None:
        """Two commands seconds apart are two changes, not one typing session."""
        after = edit(session(), edits.SetNote(B.id, "one"), edits.SetNote(B.id, "two"))
        assert [(line.old, line.new) for line in after.history] == [("", "one"), ("one", "two")]

    def test_another_hand_begins_another_line(self) -> None:
        after = edit(edit(session(), edits.SetNote(B.id, "a")), edits.SetNote(B.id, "ab"), by="lee")
        assert [(line.by, line.old, line.new) for line in after.history] == [
            ("ana", "", "a"),
            ("lee", "a", "ab"),
        ]

    def test_line_ends_are_normalized(self) -> None:
        after = edit(session(), edits.SetNote(B.id, "a\r\nb\rc\n"), edits.SetNotes("x\r\ny"))
        assert after.record(B.id).note == "a\nb\nc\n"
        assert after.notes == "x\ny"

    @pytest.mark.parametrize("bad", ["a\x00b", "caf\udce9"])
    def test_text_that_no_file_can_hold_is_refused(self, bad: str) -> None:
        each: tuple[edits.Edit, ...] = (
            edits.SetNote(B.id, bad),
            edits.SetNotes(bad),
            edits.SetAnswer(B.id, DONE, bad),
        )
        for one in each:
            with pytest.raises(UsageError):
                edit(session(), one)


class TestOutcomes:
    def test_other_targets_stay(self) -> None:
        start = session({A.id: Record(outcomes={"web": outcome(Verdict.PASS)})})
        after = edit(start, edits.SetOutcomes({A.id: {"db": outcome(Verdict.FAIL)}}, {}))
        assert {target: one.verdict for target, one in after.record(A.id).outcomes.items()} == {
            "web": Verdict.PASS,
            "db": Verdict.FAIL,
        }

    def test_targets_no_longer_concerned_are_dropped(self) -> None:
        held = {"web": outcome(Verdict.PASS), "gone": outcome(Verdict.FAIL)}
        start = session({A.id: Record(outcomes=held)})
        after = edit(start, edits.SetOutcomes({A.id: {"db": outcome(Verdict.PASS)}}, {A.id: ("web", "db")}))
        assert set(after.record(A.id).outcomes) == {"web", "db"}

    def test_the_same_outcome_is_not_a_change(self) -> None:
        start = session({A.id: Record(outcomes={"web": outcome(Verdict.PASS)})})
        assert edit(start, edits.SetOutcomes({A.id: {"web": outcome(Verdict.PASS)}}, {})) is start


class TestParameters:
    def test_none_goes_back_to_the_default(self) -> None:
        start = edit(session(), edits.SetParameter("unit", "web"))
        assert edit(start, edits.SetParameter("unit", None)).parameters == {}

    def test_records_are_in_checklist_order_and_unknown_ones_last(self) -> None:
        start = session(parameters={"stranger": 1})
        after = edit(start, edits.SetParameter("ports", [1]), edits.SetParameter("unit", "web"))
        assert list(after.parameters) == ["unit", "ports", "stranger"]

    def test_an_unknown_name_is_refused_with_the_nearest(self) -> None:
        with pytest.raises(UsageError, match=r"no parameter 'prots' .*did you mean ports\?"):
            edit(session(), edits.SetParameter("prots", 1))

    @pytest.mark.parametrize("value", [[1, None], {"a": {"b": None}}, "caf\udce9", {"\udce9": 1}])
    def test_text_that_no_file_can_hold_is_refused(self, value: JsonValue) -> None:
        with pytest.raises(UsageError):
            edit(session(), edits.SetParameter("unit", value))


class TestRefused:
    @pytest.mark.parametrize(
        "one",
        [
            edits.SetAnswer("one.a.frist", DONE),
            edits.SetNote("one.a.frist", "x"),
            edits.SetPosition("one.a.frist"),
            edits.SetOutcomes({"one.a.frist": {}}, {}),
            edits.SetWaiver("one.a.frist", None),
        ],
    )
    def test_an_unknown_item_with_the_nearest(self, one: edits.Edit) -> None:
        with pytest.raises(UsageError, match=r"no item 'one.a.frist' .*did you mean one.a.first\?"):
            edit(session(), one)

    def test_two_hosts_of_one_name(self) -> None:
        twice = (Host(name="db", address="a"), Host(name="db", address="b"))
        with pytest.raises(UsageError, match="two hosts have the name 'db'"):
            edit(session(), edits.SetHosts(twice))

    def test_a_role_that_no_host_has(self) -> None:
        stranger = SIGNOFF.model_copy(update={"role": "techncal"})
        with pytest.raises(UsageError, match=r"no role 'techncal' signs .* \(did you mean technical\?\)"):
            edit(session(), edits.AddSignoff(stranger))


class TestSignoffs:
    def test_a_roles_second_word_replaces_its_first(self) -> None:
        no = SIGNOFF.model_copy(update={"decision": Decision.NO_GO})
        after = edit(session(), edits.AddSignoff(SIGNOFF), edits.AddSignoff(no))
        assert after.signoffs == (no,)
        assert [line.new for line in after.history] == [history.signoff(SIGNOFF), history.signoff(no)]
        assert after.history[1].old == history.signoff(SIGNOFF)


class TestOldValuesAreKeptWhole:
    def test_evidence_with_its_date_and_digest(self) -> None:
        proof = Evidence(path="/a.pdf", sha256="sha256:ab", as_of=date(2026, 11, 20))
        after = edit(session(), edits.SetEvidence(B.id, (proof,)), edits.SetEvidence(B.id, ()))
        assert after.history[1].old == "/a.pdf as of 2026-11-20 sha256:ab"

    def test_a_waiver_with_owner_and_approver(self) -> None:
        after = edit(session(), edits.SetWaiver(B.id, WAIVER), edits.SetWaiver(B.id, None))
        assert after.history[1].old == "until 2026-12-01, owner ana, approved by lee: next week"


class TestRestore:
    def test_it_puts_the_human_half_back_and_leaves_the_outcomes(self) -> None:
        before = Record(note="old", outcomes={"web": outcome(Verdict.PASS)})
        start = session({A.id: answered(A, note="new", outcomes={"web": outcome(Verdict.FAIL)})})
        after = edit(start, edits.Restore(A.id, before, "undo"))
        assert after.record(A.id) == Record(note="old", outcomes={"web": outcome(Verdict.FAIL)})
        assert (after.history[0].what, after.history[0].why) == ("record", "undo")

    def test_an_answer_confirmed_anew_can_be_undone(self) -> None:
        start = session({B.id: answered(B)})
        again = apply(LIST, start, edits.SetAnswer(B.id, DONE), by="ana", now=LATER)
        assert edit(again, edits.Restore(B.id, answered(B), "undo")).record(B.id).at == NOW


ids = st.sampled_from([A.id, B.id, C.id])
targets = st.sampled_from(["web", "db"])
any_edit: st.SearchStrategy[edits.Edit] = st.one_of(
    st.builds(
        edits.SetAnswer, ids, st.none() | st.sampled_from(AnswerKind), strategies.reasons
    ),
    st.builds(edits.SetNote, ids, strategies.said),
    st.builds(edits.SetEvidence, ids, st.lists(strategies.evidences, max_size=2).map(tuple)),
    st.builds(
        edits.SetWaiver,
        ids,
        st.none() | strategies.waivers(st.dates(NOW.date(), NOW.date() + timedelta(days=90))),
    ),
    st.builds(
        edits.SetOutcomes,
        st.dictionaries(ids, st.dictionaries(targets, strategies.outcomes(), max_size=2)),
        st.just({}),
    ),
    st.builds(edits.SetPosition, ids),
    st.builds(edits.SetNotes, strategies.said),
    st.builds(edits.SetParameter, st.sampled_from(["unit", "ports"]), st.none() | strategies.json_values),
)  # fmt: skip


@given(st.lists(any_edit, max_size=12))
def test_any_edits_keep_checklist_order_and_append_history(each: list[edits.Edit]) -> None:
    at = session()
    for one in each:
        before, at = at, apply(LIST, at, one, by="ana", now=NOW)
        order = [item_id for item_id in LIST.items if item_id in at.items]
        assert list(at.items) == order
        assert not any(record.empty for record in at.items.values())
        typed_on = len(before.history) - 1  # the last line may be carried forward while typing
        assert at.history[:typed_on] == before.history[:typed_on] or typed_on < 0
        assert len(before.history) <= len(at.history) <= len(before.history) + 1
        assert apply(LIST, at, one, by="ana", now=NOW) is at


@given(st.lists(any_edit, max_size=8))
def test_what_edits_make_is_a_valid_session(each: list[edits.Edit]) -> None:
    at = session()
    for one in each:
        at = apply(LIST, at, one, by="ana", now=NOW)
    assert Session.model_validate(at.model_dump()) == at
