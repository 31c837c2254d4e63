"""Cached standings equal recomputed ones after any change and at any time."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from readiness_tui.assessment import Assessment
from readiness_tui.errors import UsageError
from readiness_tui.model.answer import AnswerKind, Decision, Signoff, Waiver
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.session import Record
from readiness_tui.rules import edits
from readiness_tui.rules.decision.page import seal
from readiness_tui.rules.decision.seal import seal_unchanged
from readiness_tui.rules.standing import Standing, standings
from readiness_tui.rules.standing_cache import cache_standing
from tests.samples import NOW, checklist, item, probed, session

PROBED, SAME, PLAIN, LATER, SIGNED = (
    "one.a.probed",
    "one.a.same",
    "one.a.plain",
    "one.a.later",
    "one.a.signed",
)
CHECKLIST = checklist(
    probed(PROBED, valid="7d"),
    item(SAME, mode="auto", same_as=PROBED),
    item(PLAIN, valid="1h"),
    item(LATER, phase="24h"),
    item(SIGNED, mode="derived", derive="approval"),
)


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def outcome(verdict: Verdict, age: timedelta) -> Outcome:
    return Outcome(verdict=verdict, evidence="seen", asked_at=NOW - age)


ages = st.sampled_from([timedelta(0), timedelta(minutes=59), timedelta(hours=23), timedelta(days=6)])
answers = st.builds(
    edits.SetAnswer, st.sampled_from([PROBED, SAME, PLAIN, LATER]), st.sampled_from(AnswerKind), st.just("r")
)
notes = st.builds(edits.SetNote, st.sampled_from([PROBED, PLAIN]), st.sampled_from(["", "a", "b"]))
waivers = st.builds(
    edits.SetWaiver,
    st.sampled_from([PROBED, PLAIN]),
    st.none()
    | st.builds(
        Waiver,
        reason=st.just("r"),
        owner=st.just("ana"),
        approver=st.just("lee"),
        expires=st.sampled_from([NOW.date(), NOW.date() + timedelta(days=1)]),
    ),
)
probes = st.builds(
    lambda verdict, age: edits.SetOutcomes({PROBED: {"web": outcome(verdict, age)}}, {}),
    st.sampled_from([Verdict.PASS, Verdict.FAIL]),
    ages,
)
hosts = st.builds(
    edits.SetHosts,
    st.sampled_from([(Host(name="web", address="local"),), (Host(name="db", address="local"),)]),
)
places = st.builds(edits.SetPosition, st.just(PLAIN))
waits = st.sampled_from(
    [timedelta(seconds=s) for s in (-5, 0, 1, 60, 3599, 3600, 3601, 43_200, 86_399, 86_400, 86_401, 604_801)]
)
signing = st.just("sign")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(answers | notes | waivers | probes | hosts | places | waits | signing, max_size=12),
    st.sampled_from([None, NOW - timedelta(hours=25), NOW - timedelta(hours=23), NOW]),
)
@example([edits.SetAnswer(PLAIN, AnswerKind.DONE), timedelta(seconds=3601), timedelta(seconds=-5)], None)
def test_kept_or_worked_out_anew_is_the_same(steps: list[object], launch_at: datetime | None) -> None:
    clock = Clock()
    work = Assessment(CHECKLIST, session({}, launch_at=launch_at), operator="ana", clock=clock)
    for step in steps:
        match step:
            case timedelta():
                clock.now += step
            case str():
                mark = Signoff(
                    role="technical",
                    who="ana",
                    decision=Decision.GO,
                    at=NOW,
                    seal=seal(CHECKLIST, work.session),
                )
                work.apply(edits.AddSignoff(mark))
            case _:
                with suppress(UsageError):  # an expired waiver is not extended without a new approval
                    work.apply(step)  # type: ignore[arg-type]  # one of the edits above
        assert work.standings() == standings(CHECKLIST, work.session, clock.now)


def test_an_untouched_item_keeps_the_very_same_standing_until_time_may_change_it() -> None:
    clock = Clock()
    work = Assessment(CHECKLIST, session({}), operator="ana", clock=clock)
    work.apply(edits.SetAnswer(PLAIN, AnswerKind.DONE))
    first = work.standings()
    work.apply(edits.SetAnswer(LATER, AnswerKind.DONE))
    clock.now += timedelta(minutes=59)
    second = work.standings()
    assert second[PLAIN] is first[PLAIN]
    assert second[LATER] is not first[LATER]
    clock.now += timedelta(minutes=2)
    assert work.standings()[PLAIN].standing is Standing.STALE


def test_the_last_date_is_not_an_error() -> None:
    last = datetime(2200, 12, 31, 23, 59, 59, tzinfo=UTC)
    record = Record(answer=AnswerKind.DONE, by="ana", at=last, text=CHECKLIST.items[PLAIN].digest)
    held = session({PLAIN: record, PROBED: Record(outcomes={"web": outcome(Verdict.PASS, NOW - last)})})
    for one in (CHECKLIST.items[PLAIN], CHECKLIST.items[PROBED]):
        results = standings(CHECKLIST, held, NOW)[one.id]
        assert cache_standing(results, one, CHECKLIST, held, NOW).still(one, held, NOW)


def test_moving_about_leaves_the_seal_untouched_an_answer_does_not() -> None:
    one = session({PLAIN: Record(note="n")})
    moved = one.model_copy(update={"position": PLAIN})
    assert seal_unchanged(one, moved)
    assert seal(CHECKLIST, one) == seal(CHECKLIST, moved)
    assert not seal_unchanged(one, one.model_copy(update={"notes": "other"}))
