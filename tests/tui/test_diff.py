"""The comparison of two days, and the days' history: keys, rows, the way back into the walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from readiness_tui.display.marks import Charset
from readiness_tui.model.answer import Decision, Signoff
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui.app import ReadinessApp
from readiness_tui.tui.screens.diff import DiffScreen
from readiness_tui.tui.screens.history import HistoryScreen, spark
from readiness_tui.tui.screens.home import HomeScreen
from readiness_tui.tui.widgets.bar import Status
from readiness_tui.tui.widgets.lines import FixedLines, Pages
from readiness_tui.workspace.days import Timeline
from tests.tui.days import FIRST_DAY, SECOND_DAY, walked
from tests.tui.driving import DAY, FIRST, MFA, NOW, RESTORED, SECOND, app_on, said, until, walk

SIZE = (80, 24)


@pytest.fixture
def days(sessions: Path, small: Path) -> Path:
    """A launch of three days."""
    walked(sessions, small)
    return sessions


async def opened(pilot: Pilot[None], app: ReadinessApp) -> DiffScreen:
    """The comparison, from the walk, once there are rows."""
    await walk(pilot)
    await pilot.press("D")
    await until(pilot, lambda: isinstance(app.screen, DiffScreen) and bool(app.screen.shown))
    assert isinstance(app.screen, DiffScreen)
    return app.screen


def title(screen: Screen[Any]) -> str:
    return "\n".join(screen.query_one("#title", FixedLines).texts)


def card(screen: Screen[Any]) -> str:
    return "\n".join(screen.query_one(Pages).texts)


def ids(screen: DiffScreen) -> list[str]:
    return [one.item.id for one in screen.shown]


async def test_regressions_stand_on_top_with_what_changed(days: Path) -> None:
    app = app_on(days, "pay")
    async with app.run_test(size=SIZE) as pilot:
        screen = await opened(pilot, app)
        assert "2026-11-23 → 2026-11-24 (now)" in title(screen)
        assert "3 regressed" in title(screen)
        assert set(ids(screen)[:3]) >= {FIRST, RESTORED}
        assert ids(screen).index(RESTORED) < ids(screen).index(SECOND) < ids(screen).index(MFA)
        row = screen.rows.texts[0]
        assert row.startswith("- ✓→? regressed First gate")
        assert "web-2: gate-1 7.1 → no route" in row
        assert "→ unknown unreachable: no route to host" in card(screen)


async def test_left_and_right_choose_the_older_day(days: Path) -> None:
    app = app_on(days, "pay")
    async with app.run_test(size=SIZE) as pilot:
        screen = await opened(pilot, app)
        await pilot.press("left")
        await until(pilot, lambda: "2026-11-21 → 2026-11-24" in title(screen) and MFA in ids(screen))
        await until(pilot, lambda: "comparing" not in title(screen))
        assert next(one.kind.value for one in screen.shown if one.item.id == MFA) == "fixed"
        await pilot.press("h")
        assert "no earlier day" in said(screen)
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: "2026-11-21 → 2026-11-23" in title(screen) and RESTORED not in ids(screen))
        await pilot.press("right_square_bracket", "l")
        await until(pilot, lambda: "2026-11-23 → 2026-11-24" in title(screen) and RESTORED in ids(screen))
        await pilot.press("right")
        assert "older day must be before" in said(screen)


async def test_only_worse_and_back(days: Path) -> None:
    app = app_on(days, "pay")
    async with app.run_test(size=SIZE) as pilot:
        screen = await opened(pilot, app)
        everything = ids(screen)
        await pilot.press("minus")
        assert MFA not in ids(screen)
        assert RESTORED in ids(screen)
        await pilot.press("minus")
        assert ids(screen) == everything


async def test_enter_goes_to_the_item_in_the_walk_even_when_it_is_hidden(days: Path) -> None:
    app = app_on(days, "pay")
    async with app.run_test(size=SIZE) as pilot:
        before = await walk(pilot)
        await pilot.press("F", "F")
        screen = await opened(pilot, app)
        await pilot.press(*["j"] * ids(screen).index(MFA), "enter")
        after = await walk(pilot)
        assert after is before
        assert after.list.key == MFA


def test_what_stands_on_the_desk_counts_before_it_is_saved(days: Path) -> None:
    now = Timeline(days, "pay", lambda: NOW).at(DAY)
    ahead = replace(now, session=now.session.model_copy(update={"items": {}}))
    timeline = Timeline(days, "pay", lambda: NOW, lambda: ahead)
    assert timeline.at(DAY) is ahead
    assert timeline.between(SECOND_DAY, DAY).after is ahead
    assert timeline.at(SECOND_DAY).session.items


async def test_the_export_is_written_beside_the_session_and_its_path_shown(days: Path) -> None:
    app = app_on(days, "pay")
    async with app.run_test(size=(140, 40)) as pilot:
        screen = await opened(pilot, app)
        path = days / "pay" / f"changes-{SECOND_DAY}-to-{DAY}.md"
        await pilot.press("x")
        await until(pilot, lambda: bool(screen.query_one(Status).log_lines))
        assert screen.query_one(Status).log_lines == [f"written: {path}"]
        assert path.read_text().index("## Regressed") < path.read_text().index("## Fixed")
        await pilot.press("escape")
        assert (await walk(pilot)).assessment.session.day == DAY
    assert Sessions(days).days("pay") == (FIRST_DAY, SECOND_DAY, DAY)


async def test_since_the_last_sign_off(days: Path) -> None:
    store = Sessions(days)
    session = store.load("pay")
    signed = Signoff(
        role="technical", who="lee", decision=Decision.GO, at=NOW.replace(day=21), seal="sha256:" + "0" * 64
    )
    app = app_on(days, "pay")
    async with app.run_test(size=SIZE) as pilot:
        screen = await opened(pilot, app)
        await pilot.press("s")
        assert "nobody has signed" in said(screen)
    store.save(session.model_copy(update={"signoffs": (signed,)}), overwrite=True)
    app = app_on(days, "pay")
    async with app.run_test(size=SIZE) as pilot:
        screen = await opened(pilot, app)
        await pilot.press("s")
        await until(pilot, lambda: "2026-11-21 → 2026-11-24" in title(screen))


async def test_one_day_only_says_so(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        await walk(pilot)
        await pilot.press("D")
        await until(pilot, lambda: "no earlier day" in title(app.screen))
        assert isinstance(app.screen, DiffScreen)
        await pilot.press("left")
        assert "only one day" in said(app.screen)
        await pilot.press("x")
        assert "nothing is compared" in said(app.screen)
        await pilot.press("q")
        await walk(pilot)


async def test_a_broken_day_is_told(days: Path) -> None:
    (days / "pay" / f"{SECOND_DAY}.toml").write_text("format = 1\nlaunch = ")
    app = app_on(days, "pay")
    async with app.run_test(size=SIZE) as pilot:
        await walk(pilot)
        await pilot.press("D")
        await until(pilot, lambda: "2026-11-23.toml" in title(app.screen))


async def test_from_the_launches_enter_opens_the_walk_at_the_item(days: Path) -> None:
    app = app_on(days)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, HomeScreen) and bool(app.screen.chosen_name))
        await pilot.press("D")
        await until(pilot, lambda: isinstance(app.screen, DiffScreen) and bool(app.screen.shown))
        assert isinstance(app.screen, DiffScreen)
        place = ids(app.screen).index(RESTORED)
        await pilot.press(*["j"] * place, "enter")
        assert (await walk(pilot)).list.key == RESTORED


async def test_history_counts_what_was_unresolved_each_day(days: Path) -> None:
    app = app_on(days, "pay")
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, app)
        await pilot.press("H")
        await until(pilot, lambda: isinstance(app.screen, HistoryScreen) and "Database" in card(app.screen))
        lines = app.screen.query_one(Pages).texts
        counted = [int(line.split("  ")[-1].split()[0]) for line in lines[:3]]
        assert [line[:10] for line in lines[:3]] == [str(FIRST_DAY), str(SECOND_DAY), str(DAY)]
        assert counted[1] < counted[0]
        assert "failing" in lines[2]
        assert "on the first day" in lines[3]
        await pilot.press("q")
        assert isinstance(app.screen, DiffScreen)


@pytest.mark.parametrize(
    ("ascii_only", "drawn"), [(False, "█▄_ ▁"), (True, "95_ 1")], ids=["glyphs", "ascii"]
)
def test_a_line_of_counts_shows_none_and_nothing_apart(ascii_only: bool, drawn: str) -> None:
    assert spark([40, 20, 0, None, 1], Charset(ascii=ascii_only)) == drawn


@pytest.mark.parametrize("size", [SIZE, (140, 40)], ids=["80x24", "140x40"])
@pytest.mark.parametrize("keys", ["", "H"], ids=["days", "history"])
def test_picture(snap_compare: Callable[..., bool], days: Path, size: tuple[int, int], keys: str) -> None:
    app = app_on(days, "pay")

    async def shown(pilot: Pilot[None]) -> None:
        await opened(pilot, app)
        if keys:
            await pilot.press(keys)
            await until(pilot, lambda: "Database" in card(app.screen))

    assert snap_compare(app, terminal_size=size, run_before=shown)
