"""Derived items and the gate: computed, no-go by default, not answerable by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from readiness_tui.errors import UsageError
from readiness_tui.model.answer import AnswerKind, Decision, Signoff, Waiver
from readiness_tui.model.checklist import Checklist, Item
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.session import Record, Session
from readiness_tui.rules.decision.gate import decide
from readiness_tui.rules.decision.page import seal
from readiness_tui.rules.edits import SetAnswer, SetNote, apply
from readiness_tui.rules.standing import ItemStanding, Standing, figures, standings
from tests.samples import NOW, answered, checklist, item, outcome, session

ROLES = ("technical", "product")
DAY = timedelta(days=1)


MIND = "mind the cache | owner lee | due 2027-01-01"


def derived(item_id: str, derive: str, role: str = "technical", severity: str = "blocker") -> Item:
    return item(item_id, mode="derived", derive=derive, role=role, severity=severity)


BLOCKER = item("work.a.blocker", severity="blocker")
MAJOR = item("work.a.major", severity="major")
MINOR = item("work.b.minor", severity="minor")
LATER = item("after.a.later", severity="blocker", phase="7d")
COMPLETE = derived("pre-launch.a.complete", "all-complete")
CRITICAL = derived("pre-launch.a.critical", "critical-resolved")
CRITERIA = derived("pre-launch.a.criteria", "criteria-met")
TECHNICAL = derived("pre-launch.a.technical", "approval")
PRODUCT = derived("pre-launch.a.product", "approval", role="product")


def document(criteria: object = None) -> Checklist:
    """Work, then pre-launch with the derived items, then what comes after."""

    def section(name: str, *groups: list[Item]) -> dict[str, object]:
        made = [{"id": f"g{n}", "title": "G", "items": items} for n, items in enumerate(groups)]
        return {"id": name, "title": name.title(), "groups": made}

    parameter = {"name": "launch_criteria", "help": "What must hold.", "default": criteria}
    return Checklist.model_validate(
        {
            "id": "sample",
            "title": "Sample",
            "version": 1,
            "unsigned": True,
            "roles": [{"id": role, "title": f"{role.title()} Lead"} for role in ROLES],
            "parameters": [parameter],
            "sections": [
                section("work", [BLOCKER, MAJOR], [MINOR]),
                section("pre-launch", [CRITERIA, COMPLETE, CRITICAL, TECHNICAL, PRODUCT]),
                section("after", [LATER]),
            ],
        }
    )


LIST = document({"open_blockers": {"eq": 0}})
ALL_DONE = {one.id: answered(one) for one in (BLOCKER, MAJOR, MINOR)}


def signed(held: Session, **decisions: str) -> Session:
    """The session signed by those roles, over what it now holds."""
    over = seal(LIST, held)
    signoffs = tuple(
        Signoff(
            role=role,
            who=f"{role}-lead",
            decision=Decision(decision),
            conditions="mind the cache | owner lee | due 2027-01-01"
            if decision == "go-with-conditions"
            else "",
            at=NOW,
            seal=over,
        )
        for role, decision in decisions.items()
    )
    return held.model_copy(update={"signoffs": signoffs})


def ready() -> Session:
    return signed(session(ALL_DONE), technical="go", product="go")


def stand(of: Item, held: Session, names: Checklist = LIST) -> ItemStanding:
    return standings(names, held, NOW)[of.id]


class TestComplete:
    def test_counts_the_sections_before_its_own(self) -> None:
        results = stand(COMPLETE, session({BLOCKER.id: answered(BLOCKER)}))
        assert (results.standing, results.reason) == (
            Standing.NOT_READY,
            "1 of 3 satisfied, first work.a.major",
        )
        assert stand(COMPLETE, session(ALL_DONE)).standing is Standing.READY

    def test_a_waived_item_counts_as_satisfied(self) -> None:
        waiver = Waiver(reason="r", owner="ana", approver="lee", expires=date(2026, 12, 1))
        held = session({**ALL_DONE, MINOR.id: Record(waiver=waiver)})
        assert stand(COMPLETE, held).reason == "3 of 3 satisfied"


class TestCritical:
    def test_names_the_blockers_that_are_open(self) -> None:
        results = stand(CRITICAL, session())
        assert (results.standing, results.reason) == (Standing.NOT_READY, "1 blockers open: work.a.blocker")

    def test_majors_are_not_its_matter(self) -> None:
        assert stand(CRITICAL, session({BLOCKER.id: answered(BLOCKER)})).standing is Standing.READY


class TestApproval:
    @pytest.mark.parametrize(
        ("decision", "expected"),
        [
            ("go", Standing.READY),
            ("go-with-conditions", Standing.READY),
            ("no-go", Standing.NOT_READY),
        ],
    )
    def test_is_the_sign_off_of_its_role(self, decision: str, expected: Standing) -> None:
        held = signed(session(), technical=decision)
        assert stand(TECHNICAL, held).standing is expected
        assert stand(PRODUCT, held) == ItemStanding(Standing.OPEN, "product has not signed")

    def test_is_stale_once_anything_signed_has_changed(self) -> None:
        held = signed(session(), technical="go")
        changed = held.model_copy(update={"items": {MINOR.id: Record(note="new")}})
        assert stand(TECHNICAL, changed) == ItemStanding(
            Standing.STALE, "technical-lead signed an earlier state: the page changed since"
        )

    def test_is_valid_on_the_next_day_if_nothing_changed(self) -> None:
        held = signed(session(), technical="go")
        carried = held.model_copy(
            update={"day": held.day + DAY, "carried_from": held.day, "operator": "lee", "history": ()}
        )
        assert stand(TECHNICAL, carried).standing is Standing.READY


class TestCriteria:
    def test_is_ready_when_they_hold_and_all_have_signed(self) -> None:
        held = signed(session(ALL_DONE), technical="go")
        results = stand(CRITERIA, held)
        assert (results.standing, results.reason) == (Standing.NOT_READY, "criteria met; 1 of 2 approvals")
        assert stand(CRITERIA, ready()).reason == "criteria met; 2 of 2 approvals"
        assert stand(CRITERIA, ready()).standing is Standing.READY

    def test_says_what_does_not_hold(self) -> None:
        results = stand(CRITERIA, session())
        assert (results.standing, results.reason) == (Standing.NOT_READY, "open_blockers 1 (expected: 0)")

    def test_is_unknown_if_they_are_not_configured(self) -> None:
        results = stand(CRITERIA, ready(), document(None))
        assert results.standing is Standing.UNKNOWN
        assert "launch_criteria is not set" in results.reason

    @pytest.mark.parametrize(
        "criteria", ["all good", 5, {}, {"nonsense": {"eq": 1}}, {"open_blockers": {"is": 0}}]
    )
    def test_is_unknown_when_they_make_no_sense(self, criteria: object) -> None:
        results = stand(CRITERIA, ready(), document(criteria))
        assert results.standing is Standing.UNKNOWN
        assert results.reason.startswith("launch_criteria: ")

    def test_may_speak_of_these_figures(self) -> None:
        waiver = Waiver(reason="r", owner="ana", approver="lee", expires=date(2026, 12, 1))
        held = session({BLOCKER.id: answered(BLOCKER), MINOR.id: Record(waiver=waiver)})
        results = standings(LIST, held, NOW)
        assert figures(LIST, results) == {
            "open_blockers": 0,
            "open_majors": 1,
            "open_minors": 0,
            "waived": 1,
            "overridden": 0,
            "percent": 75,
            "percent_work": 66,
            "percent_pre_launch": 100,
            "percent_after": 100,
        }


class TestNobodyTicks:
    @pytest.mark.parametrize("of", [COMPLETE, CRITICAL, CRITERIA, TECHNICAL])
    def test_a_derived_item_takes_a_note_but_no_answer(self, of: Item) -> None:
        with pytest.raises(UsageError, match="cannot be answered by hand"):
            apply(LIST, session(), SetAnswer(of.id, AnswerKind.DONE), by="ana", now=NOW)
        noted = apply(LIST, session(), SetNote(of.id, "see the call"), by="ana", now=NOW)
        assert noted.record(of.id).note == "see the call"

    def test_an_answer_written_by_hand_into_the_file_changes_nothing(self) -> None:
        held = session({of.id: answered(of) for of in (COMPLETE, CRITICAL, CRITERIA, TECHNICAL)})
        for of in (COMPLETE, CRITICAL, CRITERIA, TECHNICAL):
            assert stand(of, held) == stand(of, session())

    def test_it_can_be_waived(self) -> None:
        waiver = Waiver(reason="r", owner="ana", approver="lee", expires=date(2026, 12, 1))
        results = stand(COMPLETE, session({COMPLETE.id: Record(waiver=waiver)}))
        assert (results.standing, results.underlying) == (Standing.WAIVED, Standing.NOT_READY)


class TestGate:
    def test_is_no_go_by_default_with_reasons(self) -> None:
        gate = decide(LIST, session(), NOW)
        assert gate.decision == "no-go"
        assert [obstacle.item or obstacle.role for obstacle in gate.blocking] == [
            BLOCKER.id, MAJOR.id, CRITERIA.id, COMPLETE.id, CRITICAL.id, TECHNICAL.id, PRODUCT.id,
            "technical", "product",
        ]  # fmt: skip
        assert [obstacle.item for obstacle in gate.minors] == [MINOR.id]
        assert gate.counts["pending"] == 1
        assert sum(gate.counts.values()) == len(LIST.items)

    def test_is_go_when_all_is_satisfied_and_signed(self) -> None:
        gate = decide(LIST, ready(), NOW)
        assert (gate.decision, gate.blocking, gate.minors) == ("go", (), ())

    @pytest.mark.parametrize(
        ("decision", "expected"), [("go", "go"), ("go-with-conditions", "go"), ("no-go", "no-go")]
    )
    def test_each_role_decides(self, decision: str, expected: str) -> None:
        held = signed(session(ALL_DONE), technical="go", product=decision)
        assert decide(LIST, held, NOW).decision == expected

    def test_what_is_due_after_launch_does_not_shut_it_later_either(self) -> None:
        held = signed(session(ALL_DONE, launch_at=NOW), technical="go", product="go")
        gate = decide(LIST, held, NOW, at=NOW + 30 * DAY)
        assert standings(LIST, held, NOW + 30 * DAY)[LATER.id].standing is Standing.OPEN
        assert gate.decision == "go"

    def test_a_role_that_has_not_signed_keeps_it_shut(self) -> None:
        gate = decide(LIST, signed(session(ALL_DONE), technical="go"), NOW)
        assert gate.decision == "no-go"
        roles = [
            (obstacle.what, obstacle.reason)
            for obstacle in gate.blocking
            if obstacle.role and not obstacle.item
        ]
        assert roles == [("Product Lead", "has not signed")]

    def test_a_signature_over_an_earlier_state_does_not_count(self) -> None:
        held = ready().model_copy(update={"notes": "one more thing"})
        reasons = [obstacle.reason for obstacle in decide(LIST, held, NOW).blocking if not obstacle.item]
        assert reasons == [
            f"{who} signed an earlier state: the page changed since"
            for who in ("technical-lead", "product-lead")
        ]

    def test_minors_are_listed_but_do_not_block(self) -> None:
        records = {one.id: answered(one) for one in (BLOCKER, MAJOR)}
        simple = document({"open_blockers": {"eq": 0}})
        held = signed(session(records), technical="go", product="go")
        gate = decide(simple, held, NOW)
        assert [one.item for one in gate.minors] == [MINOR.id]
        # It is the derived blocker "all items completed" that a minor keeps open, not the gate's own rule.
        assert [one.item for one in gate.blocking] == [COMPLETE.id]

    def test_a_conditional_go_needs_its_conditions(self) -> None:
        with pytest.raises(ValueError, match="needs its conditions"):
            Signoff(
                role="technical",
                who="ana",
                decision=Decision.GO_WITH_CONDITIONS,
                at=NOW,
                seal=seal(LIST, session()),
            )

    def test_waived_and_overridden_are_listed(self) -> None:
        probe = {"kind": "host", "where": ["all"], "pass": {"cpus": {"ge": 1}}}
        auto = item("work.a.blocker", mode="auto", severity="blocker", probe=probe)
        waiver = Waiver(reason="r", owner="ana", approver="lee", expires=date(2026, 12, 1))
        held = session(
            {
                auto.id: answered(auto, reason="by hand", outcomes={"web": outcome(Verdict.FAIL)}),
                MAJOR.id: Record(waiver=waiver),
            }
        )
        names = Checklist.model_validate(
            {
                "id": "x",
                "title": "X",
                "version": 1,
                "unsigned": True,
                "roles": [],
                "sections": [
                    {
                        "id": "work",
                        "title": "W",
                        "groups": [{"id": "a", "title": "A", "items": [auto, MAJOR]}],
                    }
                ],
            }
        )
        gate = decide(names, held, NOW)
        assert (gate.waived, gate.overridden) == ((MAJOR.id,), (auto.id,))
        assert [(obstacle.what, obstacle.reason) for obstacle in gate.blocking] == [
            ("Sign-off", "the checklist has no sign-off roles")
        ]


class TestEmptiness:
    """A missing decision is not consent."""

    def test_a_checklist_without_deciding_items_is_no_go(self) -> None:
        gate = decide(checklist(item("one.a.minor")), session(), NOW)
        assert any("no blocker and no major" in obstacle.reason for obstacle in gate.blocking)

    def test_two_sign_offs_of_one_role_do_not_count(self) -> None:
        held = session()
        first = Signoff(role="technical", who="ana", decision=Decision.GO, at=NOW, seal=seal(LIST, held))
        second = first.model_copy(update={"who": "lee", "decision": Decision.NO_GO})
        for both in ((first, second), (second, first), (first, first)):
            gate = decide(LIST, held.model_copy(update={"signoffs": both}), NOW)
            assert any("2 sign-offs of one role" in obstacle.reason for obstacle in gate.blocking)


class TestMoment:
    """Judged at the time asked for, else at T0, else now."""

    def test_which_moment(self) -> None:
        held = session(launch_at=NOW + DAY)
        assert decide(LIST, session(), NOW).at == NOW
        assert decide(LIST, held, NOW).at == NOW + DAY
        assert decide(LIST, held, NOW, at=NOW + 2 * DAY).at == NOW + 2 * DAY

    def test_what_will_be_stale_or_expired_at_launch_blocks_today(self) -> None:
        aging = item("work.a.blocker", severity="blocker", valid="12h")
        waiver = Waiver(reason="r", owner="ana", approver="lee", expires=NOW.date())
        names = document({"open_blockers": {"eq": 0}})
        work = names.sections[0].model_copy(
            update={
                "groups": (
                    names.sections[0].groups[0].model_copy(update={"items": (aging, MAJOR)}),
                    names.sections[0].groups[1],
                )
            }
        )
        names = names.model_copy(update={"sections": (work, *names.sections[1:])})
        held = session({aging.id: answered(aging), MAJOR.id: Record(waiver=waiver)}, launch_at=NOW + DAY)
        standing = {obstacle.item: obstacle.standing for obstacle in decide(names, held, NOW).blocking}
        assert standing[aging.id] == Standing.STALE
        assert standing[MAJOR.id] == Standing.OPEN
        today = {obstacle.item for obstacle in decide(names, held, NOW, at=NOW).blocking}
        assert not {aging.id, MAJOR.id} & today
