"""Waivers to the second, fresh approvals, contradictions, old seals, pinned answers, page differences."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from readiness_tui.errors import UsageError
from readiness_tui.model.answer import AnswerKind, Decision, Evidence, Signoff, Waiver
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.model.session import Record, Session
from readiness_tui.rules import edits
from readiness_tui.rules.decision.before_launch import Kind, due, to_probe
from readiness_tui.rules.decision.contradictions import contradictions
from readiness_tui.rules.decision.gate import decide
from readiness_tui.rules.decision.page import page, seal
from readiness_tui.rules.decision.page_difference import differences
from readiness_tui.rules.decision.review import review
from readiness_tui.rules.decision.seal import older_seal
from readiness_tui.rules.decision.signoffs import judged
from readiness_tui.rules.standing import Standing, standings
from tests.samples import NOW, answered, checklist, item, outcome, probed, session

A = item("one.a.first", severity="blocker")
B = item("one.a.second", severity="blocker", contradicts=["one.a.first"])
C = item("one.a.third", severity="blocker", same_as="one.a.first")
P = probed("one.a.probed")
LIST = checklist(A, B, C, P)
DAY = date(2026, 12, 15)
WAIVER = Waiver(reason="next week", owner="lee", approver="kim", expires=DAY, at=NOW)
DONE = AnswerKind.DONE


def edit(start: Session, *each: edits.Edit, now: datetime = NOW) -> Session:
    for one in each:
        start = edits.apply(LIST, start, one, by="ana", now=now)
    return start


@pytest.mark.parametrize(
    ("zone", "last"),
    [
        ("UTC", datetime(2026, 12, 15, 23, 59, 59, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 12, 15, 9, 59, 59, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 12, 16, 7, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_waiver_holds_to_the_last_second_of_its_day_in_the_launch_s_zone(zone: str, last: datetime) -> None:
    held = session({A.id: Record(waiver=WAIVER)}, zone=zone)
    assert standings(LIST, held, last)[A.id].standing is Standing.WAIVED
    assert standings(LIST, held, last + timedelta(seconds=1))[A.id].standing is not Standing.WAIVED
    for at, waived in ((last, (A.id,)), (last + timedelta(seconds=1), ())):
        assert decide(LIST, held.model_copy(update={"launch_at": at}), NOW).waived == waived


class TestFreshApproval:
    """A waiver that ran out is extended by a new word of its approver alone."""

    ended = datetime(2026, 12, 16, tzinfo=UTC)
    longer = WAIVER.model_copy(update={"expires": date(2027, 1, 15)})

    def test_before_it_ran_out_the_day_may_change(self) -> None:
        start = edit(session(), edits.SetWaiver(A.id, WAIVER))
        now = self.ended - timedelta(seconds=1)
        assert edit(start, edits.SetWaiver(A.id, self.longer), now=now).record(A.id).waiver == self.longer

    def test_afterwards_the_old_approval_does_not_count(self) -> None:
        start = edit(session(), edits.SetWaiver(A.id, WAIVER))
        with pytest.raises(UsageError, match="its approver must agree again"):
            edit(start, edits.SetWaiver(A.id, self.longer), now=self.ended)
        again = self.longer.model_copy(update={"at": self.ended})
        assert edit(start, edits.SetWaiver(A.id, again), now=self.ended).record(A.id).waiver == again

    def test_one_that_was_signed_is_signed_again(self) -> None:
        signed = WAIVER.model_copy(update={"signature": "x"})
        start = edit(session(), edits.SetWaiver(A.id, signed))
        again = self.longer.model_copy(update={"at": self.ended})
        with pytest.raises(UsageError, match="was signed by its approver"):
            edit(start, edits.SetWaiver(A.id, again), now=self.ended)

    def test_ending_one_that_ran_out_needs_nobody(self) -> None:
        start = edit(session(), edits.SetWaiver(A.id, WAIVER))
        assert edit(start, edits.SetWaiver(A.id, None), now=self.ended).record(A.id).waiver is None


def test_a_waiver_whose_signature_does_not_count_blocks_the_gate() -> None:
    held = session({A.id: Record(waiver=WAIVER.model_copy(update={"signature": "x"}))})
    blocking = [one for one in decide(LIST, held, NOW).blocking if one.standing == "waiver"]
    assert [one.reason for one in blocking] == [
        "the waiver's signature does not count: the signature was not verified"
    ]
    fine = decide(LIST, held, NOW, check_waiver=lambda *each: "")
    assert [one for one in fine.blocking if one.standing == "waiver"] == []


class TestContradictions:
    """Statements that cannot both be true stand on the page and block."""

    def test_an_answer_against_a_contradicting_answer(self) -> None:
        both = edit(session(), edits.SetAnswer(A.id, DONE), edits.SetAnswer(B.id, DONE))
        (said,) = contradictions(LIST, both)
        assert said == "one.a.second is answered done, but one.a.first is answered done"
        assert f"contradiction: {said}" in page(LIST, both).splitlines()
        assert any(one.reason == said for one in decide(LIST, both, NOW).blocking)

    def test_an_answer_against_a_contradicting_probe(self) -> None:
        other = checklist(P, item("one.a.other", contradicts=[P.id]))
        held = session({"one.a.other": answered(other.items["one.a.other"], DONE)})
        assert contradictions(other, held) == ()
        for verdict, count in ((Verdict.FAIL, 0), (Verdict.UNKNOWN, 0), (Verdict.PASS, 1)):
            found = {"web": outcome(verdict)}
            records = {**held.items, P.id: Record(outcomes=found)}
            assert len(contradictions(other, held.model_copy(update={"items": records}))) == count

    def test_the_same_item_twice(self) -> None:
        both = edit(session(), edits.SetAnswer(A.id, DONE), edits.SetAnswer(C.id, AnswerKind.NOT_DONE))
        assert contradictions(LIST, both) == (
            "one.a.third is answered not-done, but one.a.first, the same item, done",
        )
        alike = edit(session(), edits.SetAnswer(A.id, DONE), edits.SetAnswer(C.id, DONE))
        assert contradictions(LIST, alike) == ()


def test_a_sign_off_over_the_old_seal_is_asked_for_again() -> None:
    held = edit(session(), edits.SetAnswer(A.id, DONE))
    old = Signoff(role="technical", who="kim", decision=Decision.GO, at=NOW, seal=older_seal(held))
    (found,) = judged(LIST, held.model_copy(update={"signoffs": (old,)}), NOW)
    assert (found.current, found.problem) == (False, "kim signed in an older form; sign again")
    present = old.model_copy(update={"seal": seal(LIST, held)})
    (found,) = judged(LIST, held.model_copy(update={"signoffs": (present,)}), NOW)
    assert (found.current, found.problem) == (True, "")


class TestPins:
    """An answer that is pinned to what the probes found reopens when they find something else."""

    @staticmethod
    def seen(verdict: Verdict, evidence: str, *, steady: str = "", target: str = "web") -> edits.SetOutcomes:
        cause = Cause.TIMEOUT if verdict is Verdict.UNKNOWN else None
        one = Outcome(verdict=verdict, evidence=evidence, steady=steady, cause=cause, asked_at=NOW)
        return edits.SetOutcomes({P.id: {target: one}}, {})

    def pinned(self) -> Session:
        found = self.seen(Verdict.FAIL, "3 days old; port open", steady="port open")
        return edit(session(), found, edits.SetAnswer(P.id, DONE, "known", pin=True))

    def test_moving_values_and_failures_to_look_leave_it(self) -> None:
        for again in (
            self.seen(Verdict.FAIL, "4 days old; port open", steady="port open"),
            self.seen(Verdict.UNKNOWN, "no answer"),
        ):
            one = standings(LIST, edit(self.pinned(), again), NOW)[P.id]
            assert one.standing is not Standing.STALE

    def test_another_finding_reopens_it_and_says_the_difference(self) -> None:
        later = edit(self.pinned(), self.seen(Verdict.FAIL, "two ports open"))
        one = standings(LIST, later, NOW)[P.id]
        assert (one.standing, one.reason) == (
            Standing.STALE,
            "web shows fail: two ports open; when this was answered it was fail: port open",
        )
        renewed = edit(later, edits.SetAnswer(P.id, DONE, "known", pin=True))
        assert standings(LIST, renewed, NOW)[P.id].standing is Standing.READY

    def test_without_a_pin_it_stays(self) -> None:
        free = edit(self.pinned(), edits.SetAnswer(P.id, DONE, "known"))
        later = edit(free, self.seen(Verdict.FAIL, "two ports open"))
        assert standings(LIST, later, NOW)[P.id].standing is Standing.READY

    def test_there_must_be_something_to_pin_to(self) -> None:
        with pytest.raises(UsageError, match="nothing to pin"):
            edit(session(), edits.SetAnswer(P.id, DONE, "known", pin=True))


def test_a_page_differs_by_one_line_an_item_the_worse_first() -> None:
    before = edit(session(), edits.SetAnswer(A.id, DONE), edits.SetNote(B.id, "old"))
    after = edit(
        before,
        edits.SetAnswer(A.id, AnswerKind.NOT_DONE, "broke"),
        edits.SetNote(B.id, "new"),
        edits.SetEvidence(C.id, (Evidence(url="https://x.example"),)),
        edits.SetLaunchAt(NOW),
    )
    found = differences(page(LIST, before), page(LIST, after))
    assert [(one.worse, str(one)) for one in found] == [
        (True, "Text of one.a.first: ready -> not-ready"),
        (False, "launch-at: not set -> 2026-11-24T12:00:00Z"),
        (False, "Text of one.a.second: old -> new"),
        (False, "Text of one.a.third: evidence: no digest https://x.example (new)"),
    ]
    assert differences(page(LIST, before), page(LIST, before)) == ()


def test_what_is_due_by_the_launch() -> None:
    launch_at = NOW + timedelta(days=10)
    old = Outcome(
        verdict=Verdict.PASS, asked_at=NOW, facts={"days_left": "8", "lifetime_days": "90"}, evidence="x"
    )
    waiver = WAIVER.model_copy(update={"expires": date(2026, 11, 30)})
    aged = item("one.a.aged", valid="7d")
    some = checklist(P, A, aged)
    held = session(
        {P.id: Record(outcomes={"web": old}), A.id: Record(waiver=waiver), aged.id: answered(aged, DONE)},
        launch_at=launch_at,
    )
    found = due(review(some, held, NOW))
    assert [(one.kind, one.item) for one in found] == [
        (Kind.PROBE, P.id),
        (Kind.ANSWER, aged.id),
        (Kind.WAIVER, A.id),
        (Kind.CERTIFICATE, P.id),
    ]
    assert found[3].why == "web: ends on 2026-12-02, before the launch"
    assert to_probe(found) == (P.id,)
    renewed = old.model_copy(update={"facts": {"days_left": "35", "lifetime_days": "90"}})
    later = held.model_copy(update={"items": {P.id: Record(outcomes={"web": renewed})}})
    (certificate,) = (one for one in due(review(some, later, NOW)) if one.kind is Kind.CERTIFICATE)
    assert certificate.why == "web: ends on 2026-12-29; its renewal is due before the launch"
    fine = old.model_copy(update={"facts": {"days_left": "80", "lifetime_days": "90"}})
    best = held.model_copy(update={"items": {P.id: Record(outcomes={"web": fine})}})
    assert [one for one in due(review(some, best, NOW)) if one.kind is Kind.CERTIFICATE] == []
