"""Pictures of the screens: fixed data, a clock that stands still, 80x24 and 140x40."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot

from readiness_tui.launch import Launch
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.rules import edits
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui.app import ReadinessApp
from readiness_tui.tui.screens.form import FormScreen
from readiness_tui.tui.screens.help import HelpScreen
from readiness_tui.tui.widgets.field import Field
from readiness_tui.tui.widgets.lines import Pages
from tests.tui.driving import (
    DAY,
    DOMAINS,
    FIRST,
    MISSING,
    NOW,
    OFFSITE,
    RESTORED,
    SECOND,
    begin,
    small_checklist,
    until,
    walk,
)

Snap = Callable[..., bool]
SMALL, LARGE = (80, 24), (140, 40)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small checklist; nothing of it runs, so its programs need not be there."""
    return small_checklist(tmp_path, Path("/opt/gates"))


@pytest.fixture
def half_way(tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> ReadinessApp:
    """A launch in the middle of its walk, in a folder whose name never changes."""
    monkeypatch.chdir(tmp_path)
    sessions = Path("sessions")
    begin(sessions, small, hosts=("web-1=local,app", "web-2=local,app"))
    launch = Launch.open(Sessions(sessions), "pay", operator="ana", today=DAY, clock=lambda: NOW)

    def outcome(verdict: Verdict, evidence: str, cause: Cause | None = None, hint: str = "") -> Outcome:
        return Outcome(verdict=verdict, evidence=evidence, cause=cause, hint=hint, asked_at=NOW, took_ms=41)

    refused = outcome(
        Verdict.UNKNOWN, "no [route] to host", Cause.UNREACHABLE, "is the VPN up? try: ssh web-2"
    )
    found = {
        FIRST: {"web-1": outcome(Verdict.PASS, "gate-1 7.1"), "web-2": outcome(Verdict.PASS, "gate-1 7.1")},
        SECOND: {"web-1": outcome(Verdict.PASS, "gate-2 7.2"), "web-2": refused},
        MISSING: {"web-1": outcome(Verdict.FAIL, "nowhere-to-be-found is absent"), "web-2": refused},
    }
    changes: tuple[edits.Edit, ...] = (
        edits.SetOutcomes(found, {}),
        edits.SetAnswer(DOMAINS, AnswerKind.NOT_APPLICABLE, "served by the CDN alone"),
        edits.SetAnswer(RESTORED, AnswerKind.DONE),
        edits.SetNote(RESTORED, "restored 1.4 TB in 3 h 10 [drill of 12 Nov]"),
        edits.SetAnswer(OFFSITE, AnswerKind.DEFERRED),
        edits.SetPosition(SECOND),
    )
    for change in changes:
        launch.assessment.apply(change)
    launch.sessions.save(launch.assessment.session)
    launch.release()
    return ReadinessApp(sessions, launch="pay", operator="ana", clock=lambda: NOW, today=lambda: DAY)


async def saved(pilot: Pilot[None]) -> None:
    """The walk stands, its save light shows a fixed time."""
    screen = await walk(pilot)
    await until(pilot, lambda: any("gate-2" in text for text in screen.card.texts))
    await until(pilot, lambda: not screen.workspace.unsaved)


async def read_only(pilot: Pilot[None]) -> None:
    """The walk, of which nothing is saved."""
    await walk(pilot)


def keys(*presses: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """The walk, then these keys."""

    async def run(pilot: Pilot[None]) -> None:
        await saved(pilot)
        await pilot.press(*presses)
        await pilot.pause()

    return run


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])
def test_walk(snap_compare: Snap, half_way: App[None], size: tuple[int, int]) -> None:
    assert snap_compare(half_way, terminal_size=size, run_before=saved)


def test_walk_on_a_small_screen(snap_compare: Snap, half_way: App[None]) -> None:
    assert snap_compare(half_way, terminal_size=(60, 20), run_before=read_only)


def test_walk_in_ascii_words_asking_for_a_reason(
    snap_compare: Snap, half_way: ReadinessApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    again = ReadinessApp(Path("sessions"), launch="pay", operator="ana", clock=lambda: NOW, today=lambda: DAY)
    assert snap_compare(again, terminal_size=SMALL, run_before=keys("W", "f", "n", "o"))


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "140x40"])
def test_detail(snap_compare: Snap, half_way: App[None], size: tuple[int, int]) -> None:
    async def open_it(pilot: Pilot[None]) -> None:
        await saved(pilot)
        await pilot.press("enter")
        await until(
            pilot,
            lambda: (
                bool(pilot.app.screen.query("#detail"))
                and any("Output" in text for text in pilot.app.screen.query_one(Pages).texts)
            ),
        )

    assert snap_compare(half_way, terminal_size=size, run_before=open_it)


def test_help(snap_compare: Snap, half_way: App[None]) -> None:
    async def open_it(pilot: Pilot[None]) -> None:
        await saved(pilot)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))

    assert snap_compare(half_way, terminal_size=SMALL, run_before=open_it)


def test_home(snap_compare: Snap, half_way: App[None]) -> None:
    app = ReadinessApp(Path("sessions"), operator="ana", clock=lambda: NOW, today=lambda: DAY)

    async def read(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: any("Gate" in text for text in app.screen.query_one(Pages).texts))

    assert snap_compare(app, terminal_size=SMALL, run_before=read)


def test_form(snap_compare: Snap, half_way: App[None], small: Path) -> None:
    app = ReadinessApp(Path("sessions"), operator="ana", clock=lambda: NOW, today=lambda: DAY)

    async def fill(pilot: Pilot[None]) -> None:
        await pilot.press("N")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        screen = app.screen
        assert isinstance(screen, FormScreen)
        await until(pilot, lambda: screen.parameters.chosen is not None)
        field = screen.query_one("#checklist", Field)
        field.fill("small.yaml")
        field.enter()
        await pilot.press("enter")
        await until(pilot, lambda: field.beside == "11 items")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "enter a name" in screen.query_one("#name", Field).beside)

    assert snap_compare(app, terminal_size=SMALL, run_before=fill)
