"""Frames: whatever is drawn in whatever order, the terminal shows what drawing it all would show."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from readiness_tui.tui.terminal.frames import Run, Shadow, unit
from readiness_tui.tui.terminal.pen import Cell

WIDTH, HEIGHT = 24, 9
STYLES = ("", "1", "32", "1;32", "7", "38;5;9;44")
LINES = (
    "",
    "first line",
    "second  line",
    "x" * WIDTH,
    "third" + " " * 12 + "end",
    "日本語 wide",
    "e\u0301 joined",
)


def cells(text: str, style: str) -> list[Cell]:
    """A row of one style; text of uncertain width is a unit."""
    if not text.isascii():
        shown = "\x1b[" + style + "m" + text + "\x1b[0m"
        width = cell_len(text)
        return [*unit(shown, width), *[(" ", "")] * (WIDTH - width)]
    return [(char, style) for char in text] + [(" ", "")] * (WIDTH - len(text))


def terminal() -> tuple[pyte.Screen, pyte.Stream]:
    """An emulator that, as Textual demands, does not wrap."""
    screen = pyte.Screen(WIDTH, HEIGHT)
    screen.reset_mode(7, private=True)
    return screen, pyte.Stream(screen)


def shown(screen: pyte.Screen) -> list[list[pyte.screens.Char]]:
    """All cells."""
    return [[screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


def plainly(run: Run) -> str:
    """A run cell by cell, each with its own style."""
    texts = [
        raw if style == "unit" else f"\x1b[{style}m{raw}\x1b[m"
        for raw, style in run.cells
        if style != "unit rest"
    ]
    return f"\x1b[{run.y + 1};{run.x + 1}H" + "".join(texts)


Screenful = list[tuple[int, int]]
screens = st.lists(
    st.lists(
        st.tuples(st.integers(0, len(LINES) - 1), st.integers(0, len(STYLES) - 1)),
        min_size=HEIGHT,
        max_size=HEIGHT,
    ),
    min_size=2,
    max_size=4,
)


def drawn(rows: Screenful) -> list[Run]:
    """A screen as runs."""
    return [Run(0, y, cells(LINES[line], STYLES[style])) for y, (line, style) in enumerate(rows)]


@settings(max_examples=60, deadline=None)
@given(screens, st.integers(-3, 3), st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1)))
def test_a_frame_shows_what_drawing_everything_shows(
    pictures: list[Screenful], by: int, cursor: tuple[int, int]
) -> None:
    screen, stream = terminal()
    shadow = Shadow(WIDTH, HEIGHT)
    moved = [rows[by:] + rows[:by] for rows in pictures]
    for rows in (picture for pair in zip(pictures, moved, strict=True) for picture in pair):
        stream.feed(shadow.frame(drawn(rows), whole=True, cursor=cursor))
        fresh, fresh_stream = terminal()
        fresh_stream.feed("".join(plainly(run) for run in drawn(rows)))
        assert shown(screen) == shown(fresh)
        assert (screen.cursor.x, screen.cursor.y) == cursor


def test_nothing_changed_sends_nothing() -> None:
    shadow = Shadow(WIDTH, HEIGHT)
    rows = drawn([(1, 2)] * HEIGHT)
    assert shadow.frame(rows, whole=True, cursor=(0, 0))
    assert shadow.frame(rows, whole=True, cursor=(0, 0)) == ""


def test_one_changed_cell_costs_a_few_bytes() -> None:
    shadow = Shadow(WIDTH, HEIGHT)
    shadow.frame(drawn([(1, 0)] * HEIGHT), whole=True, cursor=(0, 0))
    frame = shadow.frame([Run(2, 3, [("X", "32")])], whole=False, cursor=(0, 0))
    assert frame == "\x1b[4;3H\x1b[32mX\x1b[m\x1b[1H"


def test_rows_that_moved_are_moved_by_the_terminal() -> None:
    shadow = Shadow(WIDTH, HEIGHT)
    texts = [f"row {y} of the list" for y in range(HEIGHT + 1)]
    shadow.frame([Run(0, y, cells(texts[y], "")) for y in range(HEIGHT)], whole=True, cursor=(0, 0))
    frame = shadow.frame(
        [Run(0, y, cells(texts[y + 1], "")) for y in range(HEIGHT)], whole=True, cursor=(0, 0)
    )
    assert "row 5" not in frame
    assert texts[HEIGHT] in frame


def test_unknown_cells_are_sent_even_when_they_are_blank() -> None:
    shadow = Shadow(WIDTH, HEIGHT)
    frame = shadow.frame([Run(0, 0, [(" ", "")] * WIDTH)], whole=False, cursor=(0, 0))
    assert "\x1b[K" in frame


@pytest.mark.parametrize("changed", ["before", "after"])
def test_what_stands_right_of_wide_text_is_sent_again(changed: str) -> None:
    shadow = Shadow(WIDTH, HEIGHT)
    right = [(char, "") for char in "right"]
    shadow.frame([Run(0, 0, unit("日本", 4)), Run(4, 0, right)], whole=True, cursor=(0, 0))
    frame = shadow.frame([Run(0, 0, unit(f"日{changed}", 4))], whole=False, cursor=(0, 0))
    assert "right" in frame
