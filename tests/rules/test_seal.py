"""The seal covers exactly what a lead signs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from readiness_tui.model.answer import AnswerKind, Decision, Evidence, Signoff, Waiver
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.session import Change, ChecklistRef, Record, Session
from readiness_tui.rules.decision import page
from readiness_tui.rules.decision.seal import UNSEALED
from readiness_tui.store import codec
from tests.samples import NOW, checklist, item, outcome, session

LIST = checklist(item("a.b"), item("a.c"), item("a.d", derive="approval", mode="derived"))


def seal(session: Session) -> str:
    return page.seal(LIST, session)


HELD = Record(
    answer=AnswerKind.DONE,
    at=NOW,
    by="ana",
    text=LIST.items["a.b"].digest,
    outcomes={"web": outcome(Verdict.PASS)},
)
BASE = session({"a.b": HELD})
OTHER_WAIVER = Waiver(reason="r", owner="ana", approver="lee", expires=date(2026, 12, 1))

LEFT_ALONE: dict[str, object] = {
    "signoffs": (Signoff(role="technical", who="ana", decision=Decision.GO, at=NOW, seal=seal(BASE)),),
    "history": (Change(at=NOW, by="ana", what="answer"),),
    "position": "a.b",
    "operator": "lee",
    "probe_on_open": True,
    "day": date(2026, 11, 25),
    "carried_from": date(2026, 11, 24),
}
CHANGED: dict[str, object] = {
    "launch": "other",
    "checklist": ChecklistRef(id="sample", version=2, digest="sha256:1"),
    "launch_at": NOW,
    "zone": "Europe/Berlin",
    "hosts": (Host(name="web", address="web.internal", roles=("app",)),),
    "notes": "something",
}
RECORD: dict[str, object] = {
    "answer": AnswerKind.NOT_DONE,
    "reason": "seen",
    "by": "lee",
    "at": NOW + timedelta(seconds=1),
    "text": "sha256:1",
    "note": "n",
    "evidence": (Evidence(url="https://x.example"),),
    "waiver": OTHER_WAIVER,
    "pinned": {"web": "pass: seen"},
    "outcomes": {"web": outcome(Verdict.FAIL)},
}


def test_every_field_is_accounted_for() -> None:
    assert set(LEFT_ALONE) | {"format"} == UNSEALED
    assert set(LEFT_ALONE) | set(CHANGED) | {"format", "items", "parameters"} == set(Session.model_fields)
    assert set(RECORD) == set(Record.model_fields)


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_a_lead_does_not_sign_leaves_it(name: str) -> None:
    assert seal(BASE.model_copy(update={name: LEFT_ALONE[name]})) == seal(BASE)


@pytest.mark.parametrize("name", CHANGED)
def test_what_a_lead_signs_changes_it(name: str) -> None:
    assert seal(BASE.model_copy(update={name: CHANGED[name]})) != seal(BASE)


@pytest.mark.parametrize("name", RECORD)
def test_any_part_of_a_record_changes_it(name: str) -> None:
    changed = HELD.model_copy(update={name: RECORD[name]})
    assert seal(BASE.model_copy(update={"items": {"a.b": changed}})) != seal(BASE)


def test_it_is_a_digest_and_the_same_after_a_trip_to_the_disk() -> None:
    read = codec.loads(codec.dumps(BASE), source="x")
    assert seal(read) == seal(BASE)
    assert seal(BASE).startswith("sha256:")


def test_the_order_of_items_does_not_matter() -> None:
    two = {"a.b": HELD, "a.c": Record(note="x")}
    assert seal(session(two)) == seal(session(dict(reversed(two.items()))))
