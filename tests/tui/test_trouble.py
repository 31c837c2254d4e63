"""When it goes wrong: a folder that vanishes, an error of the program itself."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from readiness_tui.model.answer import AnswerKind
from readiness_tui.tui import crash_report
from readiness_tui.tui.app import ReadinessApp
from readiness_tui.tui.screens.unsaved import UnsavedScreen
from readiness_tui.tui.widgets.header import Header
from readiness_tui.tui.widgets.lines import Pages
from tests.tui.driving import DAY, FIRST, OFFSITE, RESTORED, app_on, on_disk, until, walk
from tests.tui.terminal import Terminal

SIZE = (80, 24)


async def test_what_cannot_be_saved_is_red_until_it_is(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    kept, away = sessions / "pay", sessions.parent / "away"
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        kept.rename(away)
        kept.write_text("in the way")
        await pilot.press("space")
        await until(pilot, lambda: "NOT SAVED" in screen.query_one(Header).texts[0])
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, UnsavedScreen))
        await until(pilot, lambda: any("not saved" in text for text in app.screen.query_one(Pages).texts))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        kept.unlink()
        away.rename(kept)
        await pilot.press("j", "j", "space")
        await until(pilot, lambda: "saved 14:02" in screen.query_one(Header).texts[0])
        await pilot.press("q")
        await until(pilot, lambda: app.return_code == 0)
    assert on_disk(sessions).record(FIRST).answer is AnswerKind.DONE


async def test_leaving_twice_leaves_without(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        await walk(pilot)
        (sessions / "pay").rename(sessions.parent / "away")
        (sessions / "pay").write_text("in the way")
        await pilot.press("space", "q")
        await until(pilot, lambda: isinstance(app.screen, UnsavedScreen))
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.return_code == 2)


async def test_a_file_removed_underneath_is_red_and_saved_once_it_is_back(
    sessions: Path, launch: str
) -> None:
    file = sessions / launch / f"{DAY}.toml"
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        before = file.read_bytes()
        file.unlink()
        await pilot.press("space")
        await until(pilot, lambda: "NOT SAVED" in screen.query_one(Header).texts[0])
        assert "the file was removed" in screen.workspace.save_state.reason
        assert not file.exists(), "nobody knows why it went: it is not written again by itself"
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, UnsavedScreen) and app.screen.is_mounted)
        file.write_bytes(before)
        await pilot.press("t")
        await until(pilot, lambda: app.return_code == 0)
    assert on_disk(sessions).record(FIRST).answer is AnswerKind.DONE


BREAKS = """
from readiness_tui.tui.leaving import Leaving

def boom(app):
    raise ZeroDivisionError("our own")

Leaving.action_leave = boom
"""


def test_an_error_in_a_handler_saves_and_restores_the_terminal(
    sessions: Path, launch: str, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(BREAKS)
    paths = f"{Path(__file__).parents[2]}:{tmp_path}"
    terminal = Terminal("--sessions", str(sessions), "open", launch, environ={"PYTHONPATH": paths})
    try:
        terminal.shows("First gate is open")
        terminal.send("2 ihalf")
        terminal.shows("half")
        terminal.send("\x11")
        assert terminal.ended() != 0
        assert b"\x1b[?1049l" in terminal.written
        assert terminal.modes == terminal.before
        assert "error of its own" in terminal.text.replace("\n", " ")
    finally:
        terminal.close()
    kept = on_disk(sessions)
    assert kept.record(RESTORED).answer is AnswerKind.DONE
    assert kept.record(OFFSITE).note == "half"


def boom() -> None:
    """An error of our own."""
    raise ZeroDivisionError("our own")


async def stumble(app: ReadinessApp) -> None:
    """Answer an item, then meet the error."""
    async with app.run_test(size=SIZE) as pilot:
        await walk(pilot)
        await pilot.press("space", "ctrl+q")


async def test_an_error_of_our_own_is_one_line_and_a_file(
    sessions: Path,
    launch: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = app_on(sessions, launch)
    monkeypatch.setattr(app, "action_leave", boom)
    with pytest.raises(ZeroDivisionError):
        await stumble(app)
    (file,) = (tmp_path / "xdg_state_home" / "readiness-tui").glob("error-*.txt")
    told = capsys.readouterr().err.replace("\n", "")
    assert "error of its own" in told
    assert str(file) in told
    assert "Traceback" not in told
    assert "ZeroDivisionError: our own" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert on_disk(sessions).record(FIRST).answer is AnswerKind.DONE, "what was answered is saved"


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert crash_report.record(None, tmp_path / "file" / "under") is None
    assert "could not be written" in crash_report.told(None)
