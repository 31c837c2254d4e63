"""The first screen: nothing there yet, launches to resume, a broken file among them."""

from __future__ import annotations

from pathlib import Path

from readiness_tui.launch import Launch
from readiness_tui.model.answer import AnswerKind
from readiness_tui.rules import edits
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui.app import ReadinessApp
from readiness_tui.tui.palette.screen import PaletteScreen
from readiness_tui.tui.screens.form import FormScreen
from readiness_tui.tui.screens.help import HelpScreen
from readiness_tui.tui.screens.home import HomeScreen
from readiness_tui.tui.screens.notice import NoticeScreen
from readiness_tui.tui.widgets.choices import Choices
from readiness_tui.tui.widgets.lines import Pages
from tests.tui.driving import DAY, NOW, OFFSITE, RESTORED, app_on, begin, on_disk, said, typed, until, walk

SIZE = (80, 24)


def card(app: ReadinessApp) -> str:
    """What the home screen tells of the chosen launch."""
    return "\n".join(app.screen.query_one(Pages).texts)


def only_hit(app: ReadinessApp) -> str:
    """What the palette offers, when it offers one line and has highlighted it."""
    if not isinstance(app.screen, PaletteScreen):
        return ""
    lines = app.screen.query_one(Choices)
    return lines.texts[0] if len(lines.texts) == 1 and lines.index == 0 else ""


async def test_nothing_yet_tells_how_it_works_and_enter_begins(sessions: Path) -> None:
    app = app_on(sessions)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Enter starts your first launch" in card(app))
        assert "read-only" in card(app)
        await pilot.press("o")
        assert "no launch yet" in said(app.screen) if isinstance(app.screen, HomeScreen) else False
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


async def test_resume_card_and_the_views_it_opens(sessions: Path, small: Path) -> None:
    begin(sessions, small, name="orders")
    begin(sessions, small, name="pay")
    launch = Launch.open(Sessions(sessions), "pay", operator="kim", today=DAY, clock=lambda: NOW)
    launch.assessment.apply(edits.SetAnswer(RESTORED, AnswerKind.NOT_DONE, "no"))
    launch.assessment.apply(edits.SetPosition(OFFSITE))
    launch.sessions.save(launch.assessment.session)
    launch.release()
    app = app_on(sessions)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "not begun" in card(app))
        await pilot.press("j")
        await until(pilot, lambda: "today 14:02 by kim, at “Off-site" in card(app))
        assert "Gate no-go" in card(app)
        await pilot.press("f")
        screen = await walk(pilot)
        assert screen.list.keys == [RESTORED]
        await pilot.press("F")
        assert screen.list.key == RESTORED
        await pilot.press("H")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("o")
        screen = await walk(pilot)
        assert screen.state.view.value == "open"
        assert OFFSITE in screen.list.keys
        assert RESTORED not in screen.list.keys, "answered not done: nobody has still to look at it"


async def test_a_torn_file_is_told_and_left_as_it_is(sessions: Path, small: Path) -> None:
    begin(sessions, small, name="pay")
    file = sessions / "pay" / f"{DAY}.toml"
    torn = file.read_bytes()[:-40]
    file.write_bytes(torn)
    app = app_on(sessions)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "cannot be read" in card(app))
        assert "2026-11-24.toml" in card(app)
        await pilot.press("enter")
        assert isinstance(app.screen, HomeScreen)
        assert "cannot be read" in said(app.screen)
    assert file.read_bytes() == torn


async def test_opening_a_launch_that_is_not_there_says_so(sessions: Path, launch: str) -> None:
    app = app_on(sessions, "pai")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, NoticeScreen))
        assert "did you mean" in card(app) or "pay" in card(app)
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


async def test_earlier_days_are_chosen_and_open_read_only(sessions: Path, small: Path) -> None:
    session = begin(sessions, small)
    store = Sessions(sessions)
    store.load("pay")
    earlier = DAY.replace(day=20)
    (sessions / "pay" / f"{DAY}.toml").unlink()
    store.create(session.model_copy(update={"day": earlier}))
    Launch.open(store, "pay", operator="ana", today=DAY).release()
    app = app_on(sessions)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "2 days" in card(app))
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: "opens read-only" in card(app))
        await pilot.press("enter")
        screen = await walk(pilot)
        assert screen.assessment.read_only == "the session of 2026-11-20"
        assert screen.assessment.session.day == earlier


async def test_help_and_the_palette(sessions: Path, launch: str) -> None:
    app = app_on(sessions)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "not begun" in card(app))
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        assert "Start a new launch." in card(app)
        await pilot.press("q")
        await pilot.press("ctrl+p")
        await typed(pilot, "start a new")
        await until(pilot, lambda: "New launch" in only_hit(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))


async def test_keys_can_be_moved(sessions: Path, launch: str, tmp_path: Path) -> None:
    settings = tmp_path / "xdg_config_home" / "readiness-tui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[keys]\n"move.down" = "t"\n')
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        first = screen.list.key
        await pilot.press("j")
        assert screen.list.key == first
        await pilot.press("t")
        assert screen.list.key != first


async def test_ctrl_c_twice_quits(sessions: Path, launch: str) -> None:
    app = app_on(sessions)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.screen.query_one(Choices).index == 0)
        await pilot.press("ctrl+c")
        assert isinstance(app.screen, HomeScreen)
        assert "Ctrl+C again" in said(app.screen)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: app.return_code == 0)
    assert on_disk(sessions).items == {}
