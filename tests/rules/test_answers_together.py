"""Several answers in one step, and how an item would stand after an answer."""

from __future__ import annotations

import pytest

from readiness_tui.assessment import Assessment
from readiness_tui.errors import UsageError
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.session import Record
from readiness_tui.rules import edits
from readiness_tui.rules.standing import Standing
from readiness_tui.rules.what_if import standing_after
from tests.samples import NOW, checklist, item, outcome, probed, session

A, B, PROBED = item("one.a.first"), item("one.a.second"), probed("one.a.probed")
LIST = checklist(A, B, PROBED)
DONE = AnswerKind.DONE


def both(answer: AnswerKind | None = DONE) -> edits.SetAnswers:
    return edits.SetAnswers(tuple(edits.SetAnswer(one.id, answer) for one in (A, B)))


def test_several_answers_are_one_step_to_undo_and_redo() -> None:
    work = Assessment(LIST, session(), operator="ana", clock=lambda: NOW)
    work.apply(both())
    assert [line.item for line in work.session.history] == [A.id, B.id]
    assert work.undo() == A.id
    assert {work.session.record(one.id).answer for one in (A, B)} == {None}
    assert work.undo() is None
    work.redo()
    assert {work.session.record(one.id).answer for one in (A, B)} == {DONE}


def test_an_answer_that_does_not_fit_answers_none() -> None:
    work = Assessment(LIST, session(), operator="ana", clock=lambda: NOW)
    with pytest.raises(UsageError, match="n/a needs a reason"):
        work.apply(both(AnswerKind.NOT_APPLICABLE))
    assert work.session.items == {}


@pytest.mark.parametrize(
    ("verdict", "standing"),
    [
        (Verdict.PASS, Standing.READY),
        (Verdict.FAIL, Standing.CONFLICT),
        (Verdict.UNKNOWN, Standing.UNKNOWN),
    ],
)
def test_how_an_item_would_stand(verdict: Verdict, standing: Standing) -> None:
    now = session({PROBED.id: Record(outcomes={"web": outcome(verdict)})})
    assert standing_after(LIST, now, PROBED, DONE, NOW).standing is standing
    assert now.record(PROBED.id).answer is None
    with_reason = standing_after(LIST, now, PROBED, DONE, NOW, "seen by hand")
    assert with_reason.standing is Standing.READY
    assert with_reason.against == {Verdict.FAIL: Standing.NOT_READY, Verdict.UNKNOWN: Standing.UNKNOWN}.get(
        verdict
    )


def test_whether_to_probe_on_opening_is_kept_and_undone() -> None:
    work = Assessment(LIST, session(), operator="ana", clock=lambda: NOW)
    work.apply(edits.SetProbeOnOpen(True))
    assert work.session.probe_on_open
    assert work.session.history[-1].what == "probe_on_open"
    work.undo()
    assert not work.session.probe_on_open
