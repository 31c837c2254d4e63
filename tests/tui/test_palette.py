"""The palette finds by the beginnings of words, and runs the highlighted line alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from readiness_tui.launch import load_checklist
from readiness_tui.tui.palette.entries import of_commands, of_launch
from readiness_tui.tui.palette.matching import Entry, Kind, found
from readiness_tui.tui.palette.screen import PaletteScreen
from readiness_tui.tui.walk.screen import WalkScreen
from tests.samples import session
from tests.tui.driving import FIRST, MFA, app_on, said, typed, until, walk

TABLE = {
    "done": "Done",
    "pass": "Done",
    "ok": "Done",
    "not": "Not done...",
    "fail": "Not done...",
    "n/a": "N/A...",
    "na": "N/A...",
    "skip": "N/A...",
    "defer": "Decide later",
    "later": "Decide later",
    "clear": "Clear answer",
    "override": "Override...",
    "force": "Override...",
    "repeat": "Repeat last answer",
    "undo": "Undo",
    "redo": "Redo",
    "probe": "Probe item",
    "probe section": "Probe section",
    "probe all": "Probe all",
    "run all": "Probe all",
    "rerun": "Probe item",
    "check": "Probe item",
    "stop": "Stop probes",
    "cancel": "Stop probes",
    "note": "Note...",
    "editor": "Note in editor...",
    "find": "Find...",
    "search": "Find...",
    "mine": "My items",
    "role": "My items",
    "select": "Select range",
    "bulk": "Select range",
    "words": "Words",
    "help": "Keys",
    "keys": "Keys",
    "q": "Quit",
    "quit": "Quit",
    "exit": "Quit",
    "diff": "Changes",
    "detail": "Open detail",
    "data": "Database",
    "compliance": "Compliance",
    "12": "Team Readiness",
    "firewall": "Firewall configured (UFW or iptables)",
    "export": "readiness export demo",
    "gate": "readiness gate demo",
}
"""What operators type, and what is found first in the walk of the built-in checklist."""


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    def every() -> Iterator[Entry]:
        yield from of_commands(WalkScreen.OFFERS, lambda command: None, lambda command: "")
        yield from of_launch(
            load_checklist("production"),
            session(),
            to_section=lambda index: None,
            to_item=lambda item: None,
            to_host=lambda host: None,
            to_verb=lambda verb: None,
        )

    return tuple(every())


@pytest.mark.parametrize(("query", "first"), TABLE.items())
def test_what_is_found_first(entries: tuple[Entry, ...], query: str, first: str) -> None:
    assert found(query, entries)[0].title == first


@pytest.mark.parametrize("query", ["zzz", "xprt", "dne", "ndo", "done zzz"])
def test_scattered_letters_find_nothing(entries: tuple[Entry, ...], query: str) -> None:
    assert found(query, entries) == []


def test_commands_come_first_and_are_all_that_an_empty_query_shows(
    entries: tuple[Entry, ...],
) -> None:
    kinds = [entry.kind for entry in found("no", entries)]
    assert kinds == sorted(kinds)
    assert {entry.kind for entry in found("", entries)} == {Kind.COMMAND}


async def test_a_query_that_finds_nothing_runs_nothing(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await walk(pilot)
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(app.screen, PaletteScreen))
        await typed(pilot, "exprot")
        await pilot.press("enter")
        assert isinstance(app.screen, PaletteScreen)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert screen.assessment.session.items == {}


async def test_enter_runs_the_highlighted_line_even_typed_ahead(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await walk(pilot)
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(app.screen, PaletteScreen))
        await typed(pilot, "secu")
        await pilot.press("enter")
        await until(pilot, lambda: screen.list.key == MFA)
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(app.screen, PaletteScreen))
        await typed(pilot, "first gate open")
        await pilot.press("enter")
        await until(pilot, lambda: screen.list.key == FIRST)
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(app.screen, PaletteScreen))
        await typed(pilot, "cancel")
        await pilot.press("enter")
        await until(pilot, lambda: "no probe runs" in said(screen))
