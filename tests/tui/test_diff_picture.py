"""The picture of what changed in the example launch between its first day and its last."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from readiness_tui.tui.screens.diff import DiffScreen
from readiness_tui.tui.widgets.lines import FixedLines
from tests.tui.driving import app_on, until, walk

EXAMPLE = Path(__file__).parents[2] / "docs" / "example"
LAST_DAY = date(2026, 11, 23)


def test_the_walk_of_the_example(snap_compare: Callable[..., bool], tmp_path: Path) -> None:
    """The picture at the top of README: the built-in checklist at 120x36."""
    sessions = Path(shutil.copytree(EXAMPLE, tmp_path / "example"))
    app = app_on(sessions, "payments-2.4", day=LAST_DAY)

    async def opened(pilot: Pilot[None]) -> None:
        await walk(pilot)
        await pilot.press("home")
        await pilot.pause()

    assert snap_compare(app, terminal_size=(120, 36), run_before=opened)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
def test_the_example_of_three_days(
    snap_compare: Callable[..., bool], tmp_path: Path, size: tuple[int, int]
) -> None:
    sessions = Path(shutil.copytree(EXAMPLE, tmp_path / "example"))
    app = app_on(sessions, "payments-2.4", day=LAST_DAY)

    async def compared(pilot: Pilot[None]) -> None:
        def title() -> str:
            return "\n".join(app.screen.query_one("#title", FixedLines).texts)

        await walk(pilot)
        await pilot.press("D")
        await until(pilot, lambda: isinstance(app.screen, DiffScreen) and bool(app.screen.shown))
        await pilot.press("left")
        await until(pilot, lambda: "2026-11-21 → 2026-11-23" in title())
        await until(pilot, lambda: "comparing" not in title())

    assert snap_compare(app, terminal_size=size, run_before=compared)
