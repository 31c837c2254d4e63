"""Answers, evidence, waivers and sign-offs: inconsistent values are refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from readiness_tui.model.answer import AnswerKind, Evidence, Signoff, Waiver
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.model.session import EMPTY, Change, ChecklistRef, Record, Session
from tests.samples import NOW, session

WAIVER = {"reason": "r", "owner": "ana", "approver": "lee", "expires": date(2026, 12, 1)}
SIGNOFF = {"role": "technical", "who": "ana", "decision": "go", "at": NOW, "seal": "sha256:0"}
OUTCOME = {"verdict": "pass", "asked_at": NOW}


@pytest.mark.parametrize(
    ("model", "good", "bad", "words"),
    [
        (Waiver, WAIVER, {"approver": "ana"}, "approver must not be its owner"),
        (Waiver, WAIVER, {"approver": " ANA "}, "approver must not be its owner"),
        (Waiver, WAIVER, {"reason": ""}, "at least 1 character"),
        (Waiver, WAIVER, {"expires": None}, "valid date"),
        (Signoff, SIGNOFF, {"decision": "go-with-conditions"}, "needs its conditions"),
        (Signoff, SIGNOFF, {"decision": "go-with-conditions", "conditions": " "}, "needs its conditions"),
        (Signoff, SIGNOFF, {"seal": "md5:0"}, "a seal must be a digest"),
        (Signoff, SIGNOFF, {"decision": "maybe"}, "'go', 'go-with-conditions' or 'no-go'"),
        (Evidence, {"url": "https://x"}, {"path": "x"}, "needs either a `path` or a `url`"),
        (Evidence, {"path": "x"}, {"path": None}, "needs either a `path` or a `url`"),
        (Record, {"note": "x"}, {"answer": "done"}, "required together"),
        (Record, {"note": "x"}, {"at": NOW}, "required together"),
        (Record, {"note": "x"}, {"answer": "n/a", "at": NOW}, "answer n/a needs a reason"),
        (Record, {"note": "x"}, {"note": "\x00"}, "a NUL character"),
        (Outcome, OUTCOME, {"verdict": "unknown"}, "`cause` is required with verdict `unknown`"),
        (Outcome, OUTCOME, {"cause": "denied"}, "`cause` is required with verdict `unknown`"),
        (Outcome, OUTCOME, {"took_ms": -1}, "greater than or equal to 0"),
        (Change, {"at": NOW, "by": "a", "what": "b"}, {"by": "\udce9"}, "not valid Unicode text"),
    ],
)  # fmt: skip
def test_inconsistent_values_are_refused(
    model: type[Any], good: dict[str, Any], bad: dict[str, Any], words: str
) -> None:
    model.model_validate(good)
    with pytest.raises(ValidationError, match=words):
        model.model_validate(good | bad)


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\x7fb", "\x1b[31m", "\udce9"])
def test_a_launch_name_must_be_one_line(name: str) -> None:
    with pytest.raises(ValidationError):
        session(launch=name)


def test_hosts_with_the_same_name_are_refused() -> None:
    twice = [{"name": "db", "address": "a"}, {"name": "db", "address": "b"}]
    with pytest.raises(ValidationError, match="two hosts have the name 'db'"):
        session(hosts=twice)


def test_null_cannot_be_a_parameter() -> None:
    with pytest.raises(ValidationError, match="cannot contain null"):
        session(parameters={"a": [None]})


def test_an_item_without_a_record_has_an_empty_one() -> None:
    assert session().record("a.b") is EMPTY
    assert EMPTY.empty
    assert not Record(answer=AnswerKind.DONE, at=NOW).empty


def test_an_unknown_verdict_has_its_cause() -> None:
    for cause in Cause:
        assert Outcome(verdict=Verdict.UNKNOWN, cause=cause, asked_at=NOW).cause is cause


def test_line_ends_of_session_notes_are_normalized() -> None:
    ref = ChecklistRef(id="x", version=1, digest="sha256:0")
    one = Session(launch="x", day=date(2026, 11, 24), checklist=ref, operator="ana", notes="a\r\nb\r")
    assert one.notes == "a\nb\n"
