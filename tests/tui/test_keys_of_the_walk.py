"""The keys that answer: what they never replace, what they ask first, ranges, keys an item."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.events import Paste

from readiness_tui.model.answer import AnswerKind, Waiver
from readiness_tui.model.checklist import Mode
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.rules import edits
from readiness_tui.rules.standing import Standing
from readiness_tui.tui.walk.keybar import keys_now
from readiness_tui.tui.walk.screen import WalkScreen
from tests.tui.driving import (
    FIRST,
    MFA,
    NOW,
    OFFSITE,
    RESTORED,
    SECOND,
    app_on,
    begin,
    said,
    typed,
    until,
    walk,
)

SIZE = (80, 24)
RETENTION = "database.backup.retention"


def answer(screen: WalkScreen, item: str) -> AnswerKind | None:
    return screen.assessment.session.record(item).answer


def probe(screen: WalkScreen, item: str, verdict: Verdict, evidence: str = "shut") -> None:
    """Record what a probe found."""
    outcome = Outcome(verdict=verdict, evidence=evidence, asked_at=NOW)
    screen.assessment.apply(edits.SetOutcomes({item: {"this": outcome}}, {}))
    screen.draw()


def bar(screen: WalkScreen) -> list[str]:
    """The names of the keys shown first."""
    return [command.name for command in keys_now(screen.state, screen.OFFERS)]


async def test_done_renews_a_stale_answer(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        screen.assessment.apply(edits.SetAnswer(RESTORED, AnswerKind.DONE))
        items = dict(screen.assessment.session.items)
        items[RESTORED] = items[RESTORED].model_copy(update={"text": "sha256:" + "0" * 64})
        screen.assessment.replace(screen.assessment.session.model_copy(update={"items": items}))
        screen.draw()
        assert screen.state.found[RESTORED].standing is Standing.STALE
        screen.list.move_to(RESTORED)
        await pilot.press("space")
        assert screen.state.found[RESTORED].standing is Standing.READY


@pytest.mark.parametrize("key", ["f", "a", "d"])
async def test_an_override_is_replaced_only_when_the_question_was_read(
    sessions: Path, launch: str, key: str
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        probe(screen, FIRST, Verdict.FAIL)
        await pilot.press("o")
        await typed(pilot, "a wall is there")
        await pilot.press("enter", "g", key)
        assert f"overridden by ana: a wall is there; {key} again" in said(screen)
        assert screen.state.found[FIRST].overridden
        await pilot.press("j", "k", key)
        assert screen.state.found[FIRST].overridden, "another key in between: asked again"
        await pilot.press("space")
        assert screen.state.found[FIRST].overridden
        screen.list.move_to(FIRST)
        await pilot.press(key, key)
        if key != "d":
            await typed(pilot, "why")
            await pilot.press("enter")
        assert not screen.state.found[FIRST].overridden


async def test_a_waiver_is_answered_over_only_when_the_question_was_read(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        waiver = Waiver(reason="none", owner="kim", approver="lee", expires=date(2026, 12, 15))
        screen.assessment.apply(edits.SetWaiver(RESTORED, waiver))
        screen.draw()
        await pilot.press("2", "space")
        assert "waived until 2026-12-15; space again answers done" in said(screen)
        assert answer(screen, RESTORED) is None
        await pilot.press("space")
        assert answer(screen, RESTORED) is AnswerKind.DONE


async def test_an_item_due_later_is_asked_about(sessions: Path) -> None:
    begin(sessions, "production")
    app = app_on(sessions, "pay")
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("G")
        key = screen.list.key
        assert screen.state.found[key].standing is Standing.PENDING
        await pilot.press("space")
        assert answer(screen, key) is None
        assert "space again answers it done already" in said(screen)
        await pilot.press("space")
        assert answer(screen, key) is AnswerKind.DONE


async def test_undo_and_redo_say_what_and_where(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("2", "space", "i")
        await typed(pilot, "asked kim")
        await pilot.press("escape", "u")
        assert "undo: note removed - Off-site backup" in said(screen)
        await pilot.press("u")
        assert "undo: answer done cleared - Backup restoration" in said(screen)
        await pilot.press("ctrl+r")
        assert "redo: answer done restored - Backup restoration" in said(screen)
        await pilot.press("ctrl+r", "ctrl+r")
        assert "nothing to redo" in said(screen)


async def test_a_paste_of_several_lines_is_one_reason(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("2", "f")
        assert app.focused is not None
        app.focused.post_message(Paste("first line\n\tsecond line\r\nthird"))
        await pilot.pause()
        await pilot.press("enter")
        assert screen.assessment.session.record(RESTORED).reason == "first line second line third"


async def test_every_printable_key_acts_or_says_why_not(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        bound = {key for command in screen.OFFERS for key in command.keys.split(",")}
        for key in (chr(code) for code in range(ord("!"), ord("~") + 1)):
            if key.isalnum() and key not in bound and not key.isdigit():
                await pilot.press("k", key)
                assert f"{key} does nothing here" in said(screen)


async def test_a_message_lasts_until_the_next_key(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("Z")
        assert "Z does nothing here" in said(screen)
        await pilot.pause(0.2)
        assert "Z does nothing here" in said(screen)
        await pilot.press("j")
        assert "left in Infrastructure" in said(screen)


async def test_the_bar_shows_the_keys_that_matter_now(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        assert bar(screen)[0] == "probe.item"
        probe(screen, FIRST, Verdict.FAIL)
        assert bar(screen)[0] == "answer.override"
        await pilot.press("2")
        assert bar(screen)[:3] == ["answer.done", "answer.not-done", "answer.not-applicable"]
        await pilot.press("space")
        assert bar(screen)[0] == "answer.undo"
        text = screen.key_bar.texts[0]
        assert text.count("  ") <= 6
        assert "u undo" in text
        assert text.rstrip().endswith("? keys")
        await pilot.press("j")
        assert "answer.undo" not in bar(screen)


async def test_a_range_is_answered_in_one_step(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("2", "v", "G", "space")
        assert "done: 5 of 6 items (not 1 computed): space again answers them" in said(screen)
        assert answer(screen, RESTORED) is None
        await pilot.press("space")
        assert {answer(screen, item) for item in (RESTORED, OFFSITE, RETENTION, MFA)} == {AnswerKind.DONE}
        assert screen.state.anchor == ""
        await pilot.press("u")
        assert "undo: answer done cleared - 5 items" in said(screen)
        assert {answer(screen, item) for item in (RESTORED, OFFSITE, RETENTION, MFA)} == {None}
        await pilot.press("ctrl+r")
        assert answer(screen, MFA) is AnswerKind.DONE


async def test_a_range_leaves_failures_alone_and_takes_one_reason(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        probe(screen, FIRST, Verdict.FAIL)
        await pilot.press("g", "v", "j", "space")
        assert "done: 1 of 2 items (not 1 that fail)" in said(screen)
        await pilot.press("a")
        await typed(pilot, "no gates")
        await pilot.press("enter")
        assert answer(screen, FIRST) is answer(screen, SECOND) is AnswerKind.NOT_APPLICABLE
        await pilot.press("g", "v", "escape", "j")
        assert screen.state.anchor == ""


async def test_filters_say_how_many_and_why_nothing(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("m", "m")
        assert "role security: 3 of 11 items" in said(screen)
        await pilot.press("slash")
        await typed(pilot, "gate")
        await pilot.press("enter")
        assert screen.list.keys == []
        assert "no item here matches 'gate'" in said(screen)
        await pilot.press("escape")
        assert len(screen.list.keys) == 11
        await pilot.press("F", "F", "j")
        assert "no problem; F and m change the filter" in said(screen)


async def test_a_whole_walk_takes_about_one_key_an_item(sessions: Path) -> None:
    """The built-in checklist, of which a person answers every item: at most 1.1 keys each."""
    begin(sessions, "production")
    app = app_on(sessions, "pay")
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        checklist = screen.checklist
        wanted = [item.id for item in checklist.items.values() if item.mode is not Mode.DERIVED]
        wanted = [key for key in wanted if screen.state.found[key].standing is not Standing.PENDING]
        keys = 0
        await until(pilot, lambda: bool(screen.list.key))
        while any(answer(screen, key) is None for key in wanted):
            await pilot.press("space")
            keys += 1
            assert keys <= 1.1 * len(wanted)
    assert keys == len(wanted)
