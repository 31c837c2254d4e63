"""The walk by keyboard: moves, answers, notes, filters; what is on disk afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Key

from readiness_tui.model.answer import AnswerKind
from readiness_tui.rules.standing import Standing
from readiness_tui.store.lock import acquire
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui.widgets.header import Header
from tests.tui.driving import (
    APPROVAL,
    DOMAINS,
    FIRST,
    MFA,
    MISSING,
    OFFSITE,
    RESTORED,
    SECOND,
    app_on,
    begin,
    on_disk,
    said,
    typed,
    until,
    walk,
)

SIZE = (80, 24)


async def test_moves(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        seen = [screen.list.key]
        for key in (
            "j",
            "down",
            "up",
            "right_square_bracket",
            "G",
            "left_square_bracket",
            "3",
            "1",
            "g",
            "apostrophe",
        ):
            await pilot.press(key)
            seen.append(screen.list.key)
    assert seen == [FIRST, SECOND, MISSING, SECOND, RESTORED, APPROVAL, MFA, MFA, FIRST, FIRST, MFA]


async def test_two_digits_soon_after_each_other_are_one_number(
    sessions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(sessions, "production")
    app = app_on(sessions, "pay")
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        monkeypatch.setattr("readiness_tui.tui.walk.moving.TWO_DIGITS_S", 60.0)
        await pilot.press("1", "2")
        assert screen.state.here == 11
        await pilot.press("apostrophe")
        assert screen.state.here == 0, "back is where the number was typed"
        monkeypatch.setattr("readiness_tui.tui.walk.moving.TWO_DIGITS_S", -1.0)
        await pilot.press("1", "3")
        assert screen.state.here == 2


async def test_pass_goes_on_to_the_next_open_item_and_is_on_disk(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("2", "space")
        assert screen.list.key == OFFSITE
        line = screen.list.line_of(RESTORED)
        assert line is not None
        assert (line.mark.word, line.by) == ("READY", "M")
        await pilot.press("q")
        await until(pilot, lambda: app.return_code == 0)
    record = on_disk(sessions).record(RESTORED)
    assert (record.answer, record.by) == (AnswerKind.DONE, "ana")


async def test_done_on_a_done_item_keeps_the_answer_and_c_clears_it(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("2", "space", "k", "space")
        assert screen.list.key == OFFSITE
        assert screen.assessment.session.record(RESTORED).answer is AnswerKind.DONE
        assert "c clears" in said(screen)
        await pilot.press("k", "c")
        assert screen.assessment.session.record(RESTORED).answer is None
        assert "answer done cleared" in said(screen)


async def test_section_end_is_said(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("2", "space", "space", "space")
        assert screen.list.key == MFA
        assert "Database is complete: 3 of 3 done" in said(screen)


@pytest.mark.parametrize(("key", "kind"), [("f", AnswerKind.NOT_DONE), ("a", AnswerKind.NOT_APPLICABLE)])
async def test_reason_is_asked_and_required(sessions: Path, launch: str, key: str, kind: AnswerKind) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("2", key, "enter")
        assert screen.has_class("-asking"), "an empty reason is not taken"
        assert screen.assessment.session.record(RESTORED).answer is None
        await typed(pilot, "no drill yet")
        await pilot.press("enter")
        record = screen.assessment.session.record(RESTORED)
        assert (record.answer, record.reason) == (kind, "no drill yet")
        assert not screen.has_class("-asking")
        assert screen.list.has_focus


async def test_a_line_keeps_what_is_typed_before_it_hears_of_its_focus(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        told: list[str] = []
        screen.prompt.ask("why:", told.append, text="because")
        for key in "no":
            await app.on_event(Key(key, key))
        await pilot.press("t", "enter")
        assert told == ["not"]


async def test_escape_in_the_prompt_answers_nothing_and_keeps_the_text(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("f")
        await typed(pilot, "oh")
        await pilot.press("escape", "j")
        assert screen.assessment.session.items == {}
        assert screen.list.key == SECOND, "the keys are back in the list"
        await pilot.press("k", "f", "enter")
        assert screen.assessment.session.record(FIRST).reason == "oh", "the text is offered again"


async def test_defer_stays_open_and_comes_last(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("2", "d")
        assert screen.state.found[RESTORED].standing is Standing.OPEN
        assert screen.state.found[RESTORED].deferred
        await pilot.press("1", *"nnnnn")
        assert screen.list.key == OFFSITE, "the deferred item is passed over while others are open"


async def test_repeat_undo_redo(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("full_stop")
        assert "no answer yet" in said(screen)
        await pilot.press("2", "a")
        await typed(pilot, "managed")
        await pilot.press("enter", "full_stop")
        session = screen.assessment.session
        assert session.record(RESTORED).reason == session.record(OFFSITE).reason == "managed"
        await pilot.press("u")
        assert screen.assessment.session.record(OFFSITE).answer is None
        assert screen.list.key == OFFSITE
        await pilot.press("ctrl+r")
        assert screen.assessment.session.record(OFFSITE).answer is AnswerKind.NOT_APPLICABLE
        told = [(one.item, one.what, one.why) for one in screen.assessment.session.history[-3:]]
        assert told == [
            (OFFSITE, "answer", "managed"),
            (OFFSITE, "record", "undo"),
            (OFFSITE, "record", "redo"),
        ]


async def test_derived_items_say_why_no_key_ticks_them(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("G", "space")
        assert "computed" in said(screen)
        await pilot.press("o")
        assert "computed" in said(screen)
        assert screen.assessment.session.items == {}


async def test_note_is_saved_while_typing_and_ended_by_escape(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("i")
        await typed(pilot, "asked [kim] jq")
        await until(pilot, lambda: on_disk(sessions).record(FIRST).note == "asked [kim] jq")
        await pilot.press("enter")
        await typed(pilot, "more")
        await pilot.press("escape", "j")
        assert screen.list.key == SECOND
        assert screen.assessment.session.record(FIRST).note == "asked [kim] jq\nmore"
        line = screen.list.line_of(FIRST)
        assert line is not None
        assert line.flag == '"'
        assert len(screen.assessment.session.history) == 1, "typing is one line of history"


async def test_note_by_tab_and_ctrl_s_ends_it(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("tab", "x", "ctrl+s", "space")
        assert screen.assessment.session.record(FIRST).note == "x"
        assert screen.assessment.session.record(FIRST).answer is AnswerKind.DONE


async def test_quit_in_the_middle_of_a_note_loses_nothing(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        await walk(pilot)
        await pilot.press("j", "i")
        await typed(pilot, "half a sen")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.return_code == 0)
    session = on_disk(sessions)
    assert session.record(SECOND).note == "half a sen"
    assert session.position == SECOND


async def test_filter_as_you_type(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("slash")
        await typed(pilot, "backup")
        assert screen.list.keys == [RESTORED, OFFSITE, "database.backup.retention"]
        await pilot.press("enter", "n")
        assert screen.list.key == OFFSITE, "n goes on within what was found"
        await pilot.press("escape")
        assert len(screen.list.keys) == len(screen.checklist.items)
        assert screen.list.key == OFFSITE, "the cursor stays where it was"
        await pilot.press("slash")
        await typed(pilot, "is:open mode:manual severity:blocker")
        assert screen.list.keys == [RESTORED, MFA]


async def test_views(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("2", "space", "f")
        await typed(pilot, "none")
        await pilot.press("enter", "F")
        assert screen.state.view.value == "open"
        assert RESTORED not in screen.list.keys
        await pilot.press("F")
        assert screen.list.keys == [OFFSITE]
        await pilot.press("n")
        assert screen.state.view.value == "all", "what is open but hidden is shown again"


async def test_resume_at_the_same_place(sessions: Path, launch: str) -> None:
    first = app_on(sessions, launch)
    async with first.run_test(size=SIZE) as pilot:
        await walk(pilot)
        await pilot.press("2", "j", "q")
        await until(pilot, lambda: first.return_code == 0)
    again = app_on(sessions, launch)
    async with again.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        assert screen.list.key == OFFSITE


async def test_earlier_day_is_read_only_and_says_so(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch, day=on_disk(sessions).day)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        for key in ("space", "i", "r", "u", "e", "c"):
            await pilot.press(key)
            assert "read-only" in said(screen), key
        assert "read-only" in screen.query_one(Header).texts[0]
        assert screen.assessment.session.items == {}


async def test_somebody_else_at_work_is_read_only(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    with acquire(Sessions(sessions).folder_of(launch), "kim"):
        async with app.run_test(size=SIZE) as pilot:
            screen = await walk(pilot)
            assert "already open: kim" in screen.assessment.read_only
            await pilot.press("space")
            assert "read-only" in said(screen)
            assert screen.assessment.session.items == {}


async def test_words_instead_of_glyphs(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        assert "TODO" not in screen.list.render_line(2).text
        await pilot.press("W")
        assert "TODO" in screen.list.render_line(2).text


async def test_note_in_an_editor_when_the_terminal_cannot_be_handed_over(
    sessions: Path, launch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("e")
        assert "VISUAL" in said(screen)
        monkeypatch.setenv("EDITOR", "true")
        await pilot.press("e")
        assert "cannot be handed" in said(screen)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (109, 30), (110, 30), (140, 40), (40, 10)])
async def test_every_size_shows_the_item_and_takes_a_note(
    sessions: Path, launch: str, size: tuple[int, int]
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=size) as pilot:
        screen = await walk(pilot)
        assert screen.list.size.height > 2
        assert screen.query_one("#sections").display is (size[0] >= 110)
        await pilot.press("i", "y", "escape")
        assert screen.assessment.session.record(FIRST).note == "y"
        await pilot.press("j", "j", "j")
        assert screen.list.key == DOMAINS
