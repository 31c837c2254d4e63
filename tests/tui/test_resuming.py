"""A walk is resumed where it was left, and the place is in sight."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness_tui.store.sessions import Sessions
from tests.tui.driving import app_on, begin, until, walk

FAR = "application.build.tests-pass"


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (60, 20)])
async def test_the_place_left_is_in_sight(sessions: Path, size: tuple[int, int]) -> None:
    session = begin(sessions, "production").model_copy(update={"position": FAR})
    kept = Sessions(sessions)
    kept.load("pay")
    kept.save(session)
    app = app_on(sessions, "pay")
    async with app.run_test(size=size) as pilot:
        screen = await walk(pilot)
        assert screen.list.key == FAR
        await until(pilot, lambda: screen.list.scroll_offset.y > 0, "the list scrolls")
        drawn = [screen.list.render_line(y).text for y in range(screen.list.size.height)]
        line = screen.list.line_of(FAR)
        assert line is not None
        assert len([row for row in drawn if line.title in row]) == 1
