"""Properties of the rules for any session: an unknown is never a pass."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from readiness_tui.model.answer import AnswerKind, Decision, Signoff, Waiver
from readiness_tui.model.checklist import Checklist, Item, Mode, Severity
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.model.session import Record, Session
from readiness_tui.rules import edits
from readiness_tui.rules.decision.gate import decide
from readiness_tui.rules.decision.page import seal
from readiness_tui.rules.edits import apply
from readiness_tui.rules.standing import SATISFIED, ItemStanding, Standing, standings
from tests import strategies
from tests.samples import NOW, answered, checklist, item, session

HOSTS = ("web", "db")
PROBE = {"kind": "host", "where": ["all"], "pass": {"cpus": {"ge": 1}}}


@st.composite
def items(draw: st.DrawFn, number: int) -> Item:
    mode = draw(st.sampled_from(["auto", "auto", "assist", "manual"]))
    extra: dict[str, Any] = {} if mode == "manual" else {"probe": PROBE}
    return item(
        f"one.a.x{number}",
        mode=mode,
        severity=draw(st.sampled_from(Severity)),
        phase=draw(st.sampled_from(["launch", "launch", "launch", "24h", "7d"])),
        valid=draw(st.sampled_from([None, "1h", "7d"])),
        fresh=draw(st.sampled_from([None, "1h", "7d"])),
        **extra,
    )


ages = st.sampled_from([timedelta(0), timedelta(minutes=59), timedelta(hours=2), timedelta(days=8)])
moments = ages.map(lambda age: NOW - age)
near_dates = st.sampled_from([date(2026, 11, 1), date(2026, 11, 23), date(2026, 11, 24), date(2026, 12, 24)])


@st.composite
def verdicts(draw: st.DrawFn) -> Outcome:
    verdict = draw(st.sampled_from(Verdict))
    cause = draw(st.sampled_from(Cause)) if verdict is Verdict.UNKNOWN else None
    return Outcome(verdict=verdict, cause=cause, evidence="seen", asked_at=draw(moments))


@st.composite
def records(draw: st.DrawFn, of: Item) -> Record:
    held: dict[str, Any] = {
        "outcomes": draw(st.dictionaries(st.sampled_from(HOSTS), verdicts())),
        "waiver": draw(st.none() | strategies.waivers(near_dates)),
        "reason": draw(st.sampled_from(["", "seen by hand"])),
    }
    answer = draw(st.none() | st.sampled_from(AnswerKind))
    if answer is not None:
        text = draw(st.sampled_from([of.digest, of.digest, "sha256:other"]))
        held |= {"answer": answer, "at": draw(moments), "by": "ana", "text": text}
    if answer is AnswerKind.NOT_APPLICABLE:
        held["reason"] = "not ours"
    return Record(**held)


@st.composite
def launches(draw: st.DrawFn) -> tuple[Checklist, Session]:
    """A checklist and a session that may stand anyhow."""
    each = [draw(items(number)) for number in range(draw(st.integers(1, 4)))]
    held = {one.id: draw(records(one)) for one in each if draw(st.booleans())}
    hosts = [{"name": name, "address": "local"} for name in HOSTS]
    launch_at = draw(st.sampled_from([None, NOW, NOW - timedelta(days=2), NOW + timedelta(hours=3)]))
    return checklist(*each), session(held, hosts=hosts, launch_at=launch_at)


def stand(names: Checklist, held: Session, of: Item, now: datetime = NOW) -> ItemStanding:
    return standings(names, held, now)[of.id]


def only(of: Item, record: Record) -> tuple[Checklist, Session]:
    hosts = [{"name": name, "address": "local"} for name in HOSTS]
    return checklist(of), session({of.id: record}, hosts=hosts)


@given(launches())
def test_an_auto_item_is_never_ready_over_an_unknown_without_an_override(
    launch: tuple[Checklist, Session],
) -> None:
    names, held = launch
    for of in names.items.values():
        results = stand(names, held, of)
        verdicts_of = [outcome.verdict for outcome in held.record(of.id).outcomes.values()]
        if of.mode == "auto" and Verdict.UNKNOWN in verdicts_of and results.standing is Standing.READY:
            assert results.overridden
            assert held.record(of.id).reason


@given(launches())
def test_nothing_is_ready_over_a_fail_without_an_override(launch: tuple[Checklist, Session]) -> None:
    names, held = launch
    for of in names.items.values():
        results = stand(names, held, of)
        verdicts_of = [outcome.verdict for outcome in held.record(of.id).outcomes.values()]
        if of.probe and Verdict.FAIL in verdicts_of and results.standing is Standing.READY:
            assert results.overridden
            assert held.record(of.id).answer is AnswerKind.DONE


@given(launches())
def test_without_an_answer_only_an_auto_item_seen_to_pass_on_every_host_is_ready(
    launch: tuple[Checklist, Session],
) -> None:
    names, held = launch
    for of in names.items.values():
        record = held.record(of.id)
        if record.answer is None and stand(names, held, of).standing is Standing.READY:
            assert of.mode == "auto"
            assert {target: one.verdict for target, one in record.outcomes.items()} == dict.fromkeys(
                HOSTS, Verdict.PASS
            )


@given(launches(), st.sampled_from(AnswerKind), st.text(strategies.characters, max_size=5))
def test_an_answer_or_note_never_touches_a_verdict(
    launch: tuple[Checklist, Session], answer: AnswerKind, note: str
) -> None:
    names, held = launch
    for of in names.items.values():
        answered = apply(names, held, edits.SetAnswer(of.id, answer, "why"), by="lee", now=NOW)
        noted = apply(names, answered, edits.SetNote(of.id, note.replace("\x00", "")), by="lee", now=NOW)
        for other in names.items:
            assert noted.record(other).outcomes == held.record(other).outcomes


@given(launches(), st.dictionaries(st.sampled_from(HOSTS), verdicts(), min_size=1))
def test_a_probe_never_changes_an_answer(
    launch: tuple[Checklist, Session], found: dict[str, Outcome]
) -> None:
    names, held = launch
    for of in names.items.values():
        after = apply(names, held, edits.SetOutcomes({of.id: found}, {}), by="probe", now=NOW)
        human = set(Record.model_fields) - {"outcomes"}
        assert after.record(of.id).model_dump(include=human) == held.record(of.id).model_dump(include=human)
        assert after.history == held.history


@given(st.data())
def test_a_failing_host_more_never_satisfies_what_was_not(data: st.DataObject) -> None:
    of = data.draw(items(0))
    record = data.draw(records(of))
    target = data.draw(st.sampled_from(HOSTS))
    names, held = only(of, record)
    failing = Outcome(verdict=Verdict.FAIL, evidence="broken", asked_at=NOW)
    worse = record.model_copy(update={"outcomes": {**record.outcomes, target: failing}})
    before, after = stand(names, held, of), stand(names, session_with(held, of, worse), of)
    replaces = record.outcomes.get(target)
    stale = replaces is not None and of.fresh is not None and NOW - replaces.asked_at > of.fresh
    if not stale:  # a stale outcome blocks by itself; a fresh outcome of any verdict does not
        assert before.satisfied or not after.satisfied


def session_with(held: Session, of: Item, record: Record) -> Session:
    return held.model_copy(update={"items": {**held.items, of.id: record}})


@given(st.data())
def test_an_expired_waiver_is_as_if_absent(data: st.DataObject) -> None:
    of = data.draw(items(0))
    record = data.draw(records(of))
    expired = Waiver(reason="r", owner="ana", approver="lee", expires=NOW.date() - timedelta(days=1))
    names, bare = only(of, record.model_copy(update={"waiver": None}))
    assert stand(names, bare, of) == stand(
        names, session_with(bare, of, record.model_copy(update={"waiver": expired})), of
    )


@given(launches())
def test_a_waiver_hides_nothing(launch: tuple[Checklist, Session]) -> None:
    names, held = launch
    for of in names.items.values():
        results = stand(names, held, of)
        if results.standing is Standing.WAIVED:
            bare = held.record(of.id).model_copy(update={"waiver": None})
            assert results.underlying is stand(names, session_with(held, of, bare), of).standing
        else:
            assert results.underlying is None


@given(launches())
def test_a_changed_text_reopens_that_item_alone(launch: tuple[Checklist, Session]) -> None:
    names, held = launch
    first, *others = names.items.values()
    reworded = first.model_copy(update={"text": first.text + "."})
    if held.record(first.id).answer is None:
        held = session_with(held, first, answered(first))
    changed = checklist(reworded, *others)
    before, after = standings(names, held, NOW), standings(changed, held, NOW)
    assert after[first.id].standing in (Standing.STALE, Standing.WAIVED, Standing.PENDING)
    assert {one.id: after[one.id] for one in others} == {one.id: before[one.id] for one in others}


def signed(names: Checklist, held: Session) -> Session:
    over = seal(names, held)
    each = tuple(
        Signoff(role=role.id, who="ana", decision=Decision.GO, at=NOW, seal=over) for role in names.roles
    )
    return held.model_copy(update={"signoffs": each})


@given(launches(), st.booleans())
def test_the_gate_is_go_exactly_when_all_that_matters_is_satisfied_and_signed(
    launch: tuple[Checklist, Session], sign: bool
) -> None:
    names, held = launch
    held = signed(names, held) if sign else held
    gate = decide(names, held, NOW)
    results = standings(names, held, held.launch_at or NOW, clock=NOW)
    unmet = {
        one.id
        for one in names.items.values()
        if one.phase == "launch" and results[one.id].standing not in SATISFIED
    }
    heavy = {name for name in unmet if names.items[name].severity is not Severity.MINOR}
    assert {one.item for one in gate.blocking if one.item} == heavy
    assert {one.item for one in gate.minors} == unmet - heavy
    decides = any(
        one.phase == "launch" and one.severity is not Severity.MINOR and one.mode is not Mode.DERIVED
        for one in names.items.values()
    )
    assert (gate.decision == "go") == (not heavy and sign and decides)
    assert bool(gate.blocking) == (gate.decision == "no-go")


@given(launches(), st.sampled_from(AnswerKind))
def test_any_answer_given_after_signing_unsigns(
    launch: tuple[Checklist, Session], answer: AnswerKind
) -> None:
    names, held = launch
    signed_before = signed(names, held)
    for of in names.items.values():
        edit = edits.SetAnswer(of.id, answer, "after the fact")
        after = apply(names, signed_before, edit, by="mallory", now=NOW + timedelta(minutes=1))
        assert decide(names, after, NOW).decision == "no-go"
        assert seal(names, after) != seal(names, held)
