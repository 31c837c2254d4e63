"""A walk that crosses midnight stays in the day it began, until it is left."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from readiness_tui.store.sessions import Sessions
from readiness_tui.tui import commands
from readiness_tui.tui.app import ReadinessApp
from readiness_tui.tui.screens.home import HomeScreen
from tests.tui.driving import DAY, MFA, OFFSITE, RESTORED, on_disk, said, typed, until, walk

NEXT = DAY + timedelta(days=1)


class Clock:
    """One clock for the moment and for the operator's calendar: 13 hours ahead of UTC."""

    now = datetime(2026, 11, 24, 10, 58, tzinfo=UTC)

    def moment(self) -> datetime:
        return self.now

    def today(self) -> date:
        return self.now.astimezone().date()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Two minutes before midnight in Auckland."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    return Clock()


def ready(app: ReadinessApp) -> bool:
    """The list of launches has been read."""
    return isinstance(app.screen, HomeScreen) and not app.screen.why_not(commands.Continue)


async def test_answers_before_and_after_midnight_are_of_the_day_begun(
    sessions: Path, launch: str, clock: Clock
) -> None:
    app = ReadinessApp(sessions, launch=launch, operator="ana", clock=clock.moment, today=clock.today)
    before, after = clock.now, clock.now + timedelta(minutes=5)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await walk(pilot)
        screen.list.move_to(RESTORED)
        await pilot.press("space")
        clock.now = after
        assert clock.today() == NEXT
        screen.list.move_to(OFFSITE)
        await pilot.press("f")
        await typed(pilot, "late")
        await pilot.press("enter", "i")
        await typed(pilot, "note")
        await pilot.press("escape")
        await until(pilot, lambda: not screen.workspace.unsaved)
        assert Sessions(sessions).days(launch) == (DAY,)
        begun = on_disk(sessions)
        assert (begun.record(RESTORED).at, begun.record(OFFSITE).at) == (before, after)
        assert {change.at for change in begun.history} == {before, after}
        clock.now += timedelta(hours=30)  # left open over a day; it is still that walk
        screen.list.move_to(MFA)
        await pilot.press("space", "H")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        begun = on_disk(sessions)
        assert (begun.day, begun.record(MFA).at) == (DAY, clock.now)
        closed = (file := sessions / launch / f"{DAY}.toml").read_bytes()
        await until(pilot, lambda: ready(app))
        await pilot.press("enter")
        again = await walk(pilot)
        session = again.assessment.session
        assert (session.day, session.carried_from) == (clock.today(), DAY)
        assert session.items == begun.items
        assert again.list.key == begun.position
        await pilot.press("1", "space")
        await until(pilot, lambda: not again.workspace.unsaved)
        assert "read-only" not in said(again)
    assert Sessions(sessions).days(launch) == (DAY, clock.today())
    assert file.read_bytes() == closed, "a day that is over never changes"
