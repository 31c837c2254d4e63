"""The rules of standing, as one table in the order of design.md, section 3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from readiness_tui.model.answer import AnswerKind, Waiver
from readiness_tui.model.checklist import Checklist, Item
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.session import Record, Session
from readiness_tui.rules.standing import SATISFIED, ItemStanding, Standing, outcomes, standings
from tests.samples import NOW, answered, checklist, item, outcome, probed, session

P, F, INFO, U = Verdict.PASS, Verdict.FAIL, Verdict.INFO, Verdict.UNKNOWN
DONE, NOT_DONE = AnswerKind.DONE, AnswerKind.NOT_DONE
NA, DEFERRED = AnswerKind.NOT_APPLICABLE, AnswerKind.DEFERRED
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ON_EVERY_HOST = {"kind": "host", "where": ["all"], "pass": {"cpus": {"ge": 1}}}


def waiver(expires: date = date(2026, 12, 1)) -> Waiver:
    return Waiver(reason="new image next week", owner="ana", approver="lee", expires=expires)


def one(mode: str, **extra: object) -> Item:
    """An item of that mode; `auto` and `assist` have a probe on every host, fresh for a day."""
    probe = {"probe": ON_EVERY_HOST, "fresh": "24h"} if mode != "manual" else {}
    return item("one.a.it", mode=mode, **(probe | extra))


def stand(of: Item, record: Record, now: datetime = NOW, **extra: object) -> ItemStanding:
    hosts = [{"name": name, "address": "local", "roles": ["app"]} for name in ("web", "db")]
    held = session({of.id: record}, **({"hosts": hosts} | extra))
    return standings(checklist(of), held, now)[of.id]


@dataclass(frozen=True)
class Case:
    """An item with its state, and its expected standing."""

    mode: str
    expected: Standing
    words: str
    answer: AnswerKind | None = None
    reason: str = ""
    found: Mapping[str, Verdict] = field(default_factory=dict)

    def record(self, of: Item) -> Record:
        held = {host: outcome(verdict, f"{verdict} seen") for host, verdict in self.found.items()}
        if self.answer is None:
            return Record(outcomes=held)
        return answered(of, self.answer, reason=self.reason, outcomes=held)


S = Standing
BOTH = {"web": P, "db": P}
CASES = {
    # 4. n/a with a reason
    "n/a": Case("manual", S.NOT_APPLICABLE, "no database", NA, "no database"),
    "n/a beats a fail": Case("auto", S.NOT_APPLICABLE, "not ours", NA, "not ours", {"web": F}),
    "n/a beats an unknown": Case("auto", S.NOT_APPLICABLE, "not ours", NA, "not ours", {"web": U}),
    # 6. done against the probe
    "done, all pass": Case("auto", S.READY, "", DONE, found=BOTH),
    "done, nobody looked": Case("auto", S.READY, "", DONE),
    "done, info": Case("auto", S.READY, "", DONE, found={"web": INFO, "db": INFO}),
    "done, no probe": Case("manual", S.READY, "", DONE),
    "done against a fail": Case(
        "auto", S.CONFLICT, "answered done, but web: fail seen", DONE, found={"web": F, "db": P}
    ),
    "done against the second host's fail": Case(
        "auto", S.CONFLICT, "but db: fail seen", DONE, found={"web": P, "db": F}
    ),
    "done against two fails": Case("auto", S.CONFLICT, "(and 1 more)", DONE, found={"web": F, "db": F}),
    "assist, done against a fail": Case("assist", S.CONFLICT, "web: fail seen", DONE, found={"web": F}),
    "done against an unknown": Case(
        "auto", S.UNKNOWN, "answered done, but web: unknown seen", DONE, found={"web": U, "db": P}
    ),
    "assist, done against an unknown": Case("assist", S.READY, "", DONE, found={"web": U}),
    "a fail outweighs an unknown": Case("auto", S.CONFLICT, "db: fail", DONE, found={"web": U, "db": F}),
    "overridden fail": Case(
        "auto", S.READY, "seen by hand (against: web: fail seen)", DONE, "seen by hand", {"web": F}
    ),
    "overridden unknown": Case(
        "auto", S.READY, "seen by hand (against: web: unknown seen)", DONE, "seen by hand", {"web": U}
    ),
    "assist, overridden fail": Case("assist", S.READY, "seen (against: ", DONE, "seen", {"web": F}),
    "a blank reason overrides nothing": Case("auto", S.CONFLICT, "but web", DONE, "  ", {"web": F}),
    # 7. not done, or a fail without an answer
    "not done": Case("manual", S.NOT_READY, "waiting for ops", NOT_DONE, "waiting for ops"),
    "not done without a word": Case("manual", S.NOT_READY, "answered not done", NOT_DONE),
    "not done although all pass": Case("auto", S.NOT_READY, "not for us", NOT_DONE, "not for us", BOTH),
    "not done, unknown": Case("auto", S.NOT_READY, "no", NOT_DONE, "no", {"web": U}),
    "a fail": Case("auto", S.NOT_READY, "web: fail seen", found={"web": F, "db": P}),
    "assist, a fail": Case("assist", S.NOT_READY, "web: fail seen", found={"web": F}),
    "deferred, but failing": Case("auto", S.NOT_READY, "web: fail seen", DEFERRED, found={"web": F}),
    "a fail beside an unknown": Case("auto", S.NOT_READY, "db: fail", found={"web": U, "db": F}),
    # 8. auto without an answer
    "all pass": Case("auto", S.READY, "web: pass seen", found=BOTH),
    "one unknown": Case("auto", S.UNKNOWN, "db: unknown seen", found={"web": P, "db": U}),
    "one not looked at": Case("auto", S.OPEN, "not yet probed on db", found={"web": P}),
    "nobody looked": Case("auto", S.OPEN, "not yet probed"),
    "one informs": Case("auto", S.OPEN, "a human decides", found={"web": P, "db": INFO}),
    "deferred, all pass": Case("auto", S.OPEN, "on Monday", DEFERRED, "on Monday", BOTH),
    # 9. assist or manual without an answer
    "assist, all pass": Case("assist", S.OPEN, "not answered", found=BOTH),
    "assist, unknown": Case("assist", S.OPEN, "web: unknown seen", found={"web": U}),
    "assist, nobody looked": Case("assist", S.OPEN, "not answered"),
    "manual": Case("manual", S.OPEN, "not answered"),
    "deferred": Case("manual", S.OPEN, "deferred", DEFERRED),
    "deferred with a reason": Case("manual", S.OPEN, "on Monday", DEFERRED, "on Monday"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_standing_of_an_item(name: str) -> None:
    case = CASES[name]
    of = one(case.mode)
    results = stand(of, case.record(of))
    assert (results.standing, results.satisfied) == (case.expected, case.expected in SATISFIED)
    assert case.words in results.reason
    assert results.overridden == name.replace("assist, ", "").startswith("overridden")
    assert results.deferred == (case.answer is DEFERRED and case.expected is S.OPEN)


@pytest.mark.parametrize("name", CASES)
def test_a_valid_waiver_satisfies_and_shows_what_is_beneath(name: str) -> None:
    """Rule 2."""
    case = CASES[name]
    of = one(case.mode)
    results = stand(of, case.record(of).model_copy(update={"waiver": waiver()}))
    assert (results.standing, results.underlying, results.satisfied) == (Standing.WAIVED, case.expected, True)
    assert results.reason == "new image next week (owner ana, approved by lee, to 2026-12-01)"


@pytest.mark.parametrize("name", CASES)
def test_an_expired_waiver_is_as_if_absent(name: str) -> None:
    case = CASES[name]
    of = one(case.mode)
    plain = case.record(of)
    expired = plain.model_copy(update={"waiver": waiver(NOW.date() - DAY)})
    assert stand(of, expired) == stand(of, plain)


def test_a_waiver_holds_through_its_last_day_in_utc() -> None:
    of = one("manual")
    record = Record(waiver=waiver(date(2026, 11, 24)))
    midnight = datetime(2026, 11, 25, tzinfo=NOW.tzinfo)
    assert stand(of, record, midnight - timedelta(seconds=1)).standing is Standing.WAIVED
    assert stand(of, record, midnight).standing is Standing.OPEN


class TestPhases:
    """Rule 1."""

    @pytest.mark.parametrize(("phase", "due"), [("24h", DAY), ("7d", 7 * DAY), ("30d", 30 * DAY)])
    def test_a_later_phase_is_pending_until_due(self, phase: str, due: timedelta) -> None:
        of = one("manual", phase=phase)
        launch_at = NOW
        before = stand(of, Record(), NOW + due - timedelta(seconds=1), launch_at=launch_at)
        assert (before.standing, before.due, before.satisfied) == (Standing.PENDING, NOW + due, True)
        assert stand(of, Record(), NOW + due, launch_at=launch_at).standing is Standing.OPEN

    def test_without_a_launch_time_it_is_pending_and_says_when(self) -> None:
        results = stand(one("manual", phase="7d"), Record())
        assert (results.standing, results.reason, results.due) == (
            Standing.PENDING,
            "due 7d after launch",
            None,
        )

    def test_pending_comes_before_answers_fails_and_waivers(self) -> None:
        of = one("auto", phase="24h")
        held = {"web": outcome(F)}
        for record in (
            Record(outcomes=held),
            answered(of, NOT_DONE, outcomes=held),
            answered(of, NA, reason="x"),
            Record(waiver=waiver()),
        ):
            assert stand(of, record).standing is Standing.PENDING

    def test_a_due_item_may_be_waived(self) -> None:
        of = one("manual", phase="24h")
        results = stand(of, Record(waiver=waiver()), NOW, launch_at=NOW - 2 * DAY)
        assert (results.standing, results.underlying) == (Standing.WAIVED, Standing.OPEN)


class TestStale:
    """Rule 5."""

    @pytest.mark.parametrize("answer", list(AnswerKind))
    def test_a_changed_text_makes_any_answer_stale(self, answer: AnswerKind) -> None:
        of = one("auto")
        record = answered(one("auto", text="Other words"), answer, reason="why", outcomes={"web": outcome(F)})
        results = stand(of, record)
        assert (results.standing, results.reason) == (
            Standing.STALE,
            "the item's text changed since it was answered",
        )

    def test_an_item_without_an_answer_has_no_text_to_change(self) -> None:
        of = one("auto")
        held = {"web": outcome(P), "db": outcome(P)}
        assert stand(of, Record(text="sha256:0", outcomes=held)).standing is Standing.READY

    @pytest.mark.parametrize("answer", [DONE, NOT_DONE])
    def test_an_answer_is_stale_after_its_valid_time(self, answer: AnswerKind) -> None:
        of = one("manual", valid="7d")
        record = answered(of, answer)
        assert stand(of, record, NOW + 7 * DAY).standing is not Standing.STALE
        results = stand(of, record, NOW + 7 * DAY + timedelta(seconds=1))
        assert results == ItemStanding(Standing.STALE, "the answer is too old since 2026-12-01 12:00 UTC")

    def test_n_a_and_deferred_do_not_age(self) -> None:
        of = one("manual", valid="1h")
        assert stand(of, answered(of, NA, reason="x"), NOW + DAY).standing is Standing.NOT_APPLICABLE
        assert stand(of, answered(of, DEFERRED), NOW + DAY).standing is Standing.OPEN

    @pytest.mark.parametrize("verdict", list(Verdict))
    def test_an_outcome_is_stale_after_its_fresh_time(self, verdict: Verdict) -> None:
        of = one("auto")
        held = Record(outcomes={"web": outcome(P), "db": outcome(verdict, ago=DAY)})
        assert stand(of, held).standing is not Standing.STALE
        results = stand(of, held, NOW + timedelta(seconds=1))
        assert results == ItemStanding(
            Standing.STALE, "the probe of db is too old since 2026-11-24 12:00 UTC"
        )

    def test_a_stale_outcome_outweighs_an_answer(self) -> None:
        of = one("auto")
        record = answered(of, outcomes={"web": outcome(P, ago=2 * DAY)})
        assert stand(of, record).standing is Standing.STALE

    def test_without_a_fresh_time_an_outcome_does_not_age(self) -> None:
        of = item("one.a.it", mode="auto", probe=ON_EVERY_HOST)
        held = Record(outcomes={"web": outcome(P, ago=900 * DAY), "db": outcome(P)})
        assert stand(of, held).standing is Standing.READY

    def test_an_outcome_from_a_clock_far_ahead_is_stale(self) -> None:
        held = Record(outcomes={"web": outcome(P, ago=-HOUR), "db": outcome(P)})
        results = stand(one("auto"), held)
        assert results.standing is Standing.STALE
        assert "dated in the future" in results.reason


class TestHosts:
    """Which outcomes concern an item."""

    def test_a_host_no_longer_concerned_does_not_count(self) -> None:
        held = Record(outcomes={"web": outcome(P), "db": outcome(P), "gone": outcome(F)})
        assert stand(one("auto"), held).standing is Standing.READY

    def test_a_host_added_since_is_not_yet_probed(self) -> None:
        hosts = [{"name": name, "address": "local"} for name in ("web", "db", "new")]
        held = Record(outcomes={"web": outcome(P), "db": outcome(P)})
        results = stand(one("auto"), held, hosts=hosts)
        assert (results.standing, results.reason) == (Standing.OPEN, "not yet probed on new")

    def test_a_role_that_no_host_has_stays_unknown(self) -> None:
        of = one("auto", probe={**ON_EVERY_HOST, "where": ["app", "cache"]})
        held = {"web": outcome(P), "db": outcome(P)}
        assert stand(of, Record(outcomes=held)).standing is Standing.OPEN
        missing = Record(outcomes={**held, "role:cache": outcome(U, "no host has the role cache")})
        results = stand(of, missing)
        assert (results.standing, results.reason) == (
            Standing.UNKNOWN,
            "role:cache: no host has the role cache",
        )

    def test_an_auto_item_that_nothing_probes_is_not_ready_for_want_of_a_fail(self) -> None:
        assert stand(item("one.a.it", mode="auto"), Record()).standing is Standing.OPEN

    def test_an_item_without_hosts_is_never_ready_automatically(self) -> None:
        assert stand(one("auto"), Record(), hosts=[]).standing is Standing.OPEN


class TestSameAs:
    """An item that repeats another shares its verdict and keeps its own record."""

    origin, twin = probed("one.a.origin"), item("one.a.twin", mode="auto", same_as="one.a.origin")

    def both(self, records: dict[str, Record], now: datetime = NOW) -> list[ItemStanding]:
        results = standings(checklist(self.origin, self.twin), session(records), now)
        return [results[self.origin.id], results[self.twin.id]]

    @pytest.mark.parametrize(
        ("verdict", "expected"), [(P, Standing.READY), (F, Standing.NOT_READY), (U, Standing.UNKNOWN)]
    )
    def test_it_shares_the_verdict(self, verdict: Verdict, expected: Standing) -> None:
        held = {self.origin.id: Record(outcomes={"web": outcome(verdict)})}
        assert [one.standing for one in self.both(held)] == [expected, expected]

    def test_it_shares_the_age_of_the_verdict(self) -> None:
        held = {self.origin.id: Record(outcomes={"web": outcome(P)})}
        assert [one.standing for one in self.both(held, NOW + 2 * DAY)] == [Standing.STALE, Standing.STALE]

    def test_it_keeps_its_own_answer(self) -> None:
        results = self.both({self.twin.id: answered(self.twin)})
        assert [result.standing for result in results] == [Standing.OPEN, Standing.READY]

    def test_an_answer_to_the_other_item_does_not_count_here(self) -> None:
        results = self.both({self.origin.id: answered(self.origin)})
        assert [result.standing for result in results] == [Standing.READY, Standing.OPEN]

    def test_its_own_stray_outcomes_do_not_count(self) -> None:
        held: Session = session({self.twin.id: Record(outcomes={"web": outcome(F)})})
        names: Checklist = checklist(self.origin, self.twin)
        assert outcomes(self.twin, names, held) == {"web": None}


def test_standings_cover_every_item_in_checklist_order() -> None:
    items = [item(f"one.a.x{number}") for number in range(5)]
    assert list(standings(checklist(*items), session(), NOW)) == [each.id for each in items]
