"""The lean display shows, cell by cell, what Textual's own shows: the real program on two terminals."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from readiness_tui.tui.terminal import display, driver
from tests.tui.terminal import PATIENCE_S, Terminal

WIDE = "日本 e\u0301 \U0001f469\u200d\U0001f4bb wide"

STEPS: tuple[tuple[str, str], ...] = (
    ("down", "j"),
    ("down again", "jj"),
    ("page", "\x1b[6~"),
    ("start", "gg"),
    ("answer", "2 "),
    ("note", "i"),
    ("type", "plain"),
    ("type wide text", WIDE),
    ("leave the note", "\x13"),
    ("not done", "f"),
    ("reason", "no drill\r"),
    ("up", "k"),
    ("find", "/"),
    ("find typed", "gate"),
    ("found", "\r"),
    ("unfilter", "\x1b"),
    ("view", "F"),
    ("next view", "F"),
    ("all again", "FF"),
    ("help", "?"),
    ("help scrolled", "jjj"),
    ("help left", "q"),
    ("detail", "\r"),
    ("detail left", "q"),
    ("words", "W"),
)


class Pair:
    """The program on two terminals of one size, one of them with Textual's own display."""

    def __init__(self, sessions: Path, columns: int, rows: int, *, answers: bool) -> None:
        copy = sessions.parent / "copy" / "sessions"
        shutil.copytree(sessions, copy)
        environ = {"TEXTUAL_CURSOR_BLINK": "0"}
        shape = {"columns": columns, "rows": rows, "environ": environ, "answers": answers}
        self.lean = Terminal("--sessions", str(sessions), "open", "pay", **shape)  # type: ignore[arg-type]
        self.stock = Terminal("--sessions", str(copy), "--stock-display", "open", "pay", **shape)  # type: ignore[arg-type]

    def press(self, keys: str) -> None:
        """Press keys on both, and read until Textual's own display shows what they did."""
        before = self.stock.cells
        self.lean.send(keys)
        self.stock.send(keys)
        self.stock.until(lambda _: self.stock.cells != before)

    def resize(self, columns: int, rows: int) -> None:
        """Give both another size, and read until each has drawn at it, so that keys come after it."""
        for terminal in (self.lean, self.stock):
            before = len(terminal.written)
            terminal.resize(columns, rows)
            terminal.until(partial(_drawn_since, terminal, before))

    def agree(self, step: str) -> None:
        """Read until both show the same; fail with the rows that never do."""
        end = time.monotonic() + PATIENCE_S / 3
        while self.lean.cells != self.stock.cells:
            differ = [
                y
                for y, rows in enumerate(zip(self.lean.cells, self.stock.cells, strict=True))
                if rows[0] != rows[1]
            ]
            assert time.monotonic() < end, "\n".join(
                [f"after {step}:"]
                + [
                    f"{y:3} lean  {self.lean.screen.display[y]}\n    stock {self.stock.screen.display[y]}"
                    for y in differ
                ]
            )
            self.lean.read()
            self.stock.read()

    def close(self) -> None:
        """End both."""
        self.lean.close()
        self.stock.close()


def _drawn_since(terminal: Terminal, before: int, text: str) -> bool:
    """The program has written since, and its last line is the one of the keys."""
    return len(terminal.written) > before and text.split("\n")[-1].rstrip().endswith("? keys")


@pytest.fixture(
    params=[(80, 24, True), (140, 40, False), (60, 18, True)], ids=lambda size: f"{size[0]}x{size[1]}"
)
def pair(request: pytest.FixtureRequest, sessions: Path, launch: str) -> Iterator[Pair]:
    """Both, at the first screen."""
    columns, rows, answers = request.param
    both = Pair(sessions, columns, rows, answers=answers)
    both.lean.shows("First gate is")
    both.stock.shows("First gate is")
    yield both
    both.close()


def test_every_step_of_a_walk_looks_the_same(pair: Pair) -> None:
    pair.agree("opening")
    for step, keys in STEPS:
        pair.press(keys)
        pair.agree(step)
    for columns, rows in ((100, 30), (72, 20), (80, 24)):
        pair.resize(columns, rows)
        pair.agree(f"resizing to {columns}x{rows}")
        pair.press("k")
        pair.agree(f"moving at {columns}x{rows}")
    assert len(pair.lean.written) * 3 < len(pair.stock.written)


def test_ctrl_l_draws_everything_again(pair: Pair) -> None:
    pair.agree("opening")
    pair.press("k")  # the message of the opening lasts until a key
    pair.agree("a key")
    pair.lean.screen.erase_in_display(2)
    pair.lean.send("\x0c")
    pair.agree("Ctrl+L over an erased screen")


def test_the_terminals_cursor_is_on_the_current_row(pair: Pair) -> None:
    terminal = pair.lean

    def beneath() -> str:
        cursor = terminal.screen.cursor
        return terminal.screen.buffer[cursor.y][cursor.x].bg

    for keys in ("", "j", "j", "/x\x1b", "k", "G"):
        terminal.send(keys)
        terminal.until(lambda _: beneath() == "blue")


def test_another_textual_gets_its_own_display(monkeypatch: pytest.MonkeyPatch) -> None:
    assert display.lean_display_fits()
    assert driver.safe_driver() is driver.SafeDriver
    monkeypatch.setattr("textual.__version__", "9.0.0")
    assert not display.lean_display_fits()
    assert driver.safe_driver() is None


def test_another_shape_of_an_update_gets_textuals_own_display(monkeypatch: pytest.MonkeyPatch) -> None:
    def other(self: object, strips: object) -> None: ...

    monkeypatch.setattr("textual._compositor.LayoutUpdate.__init__", other)
    assert not display.lean_display_fits()
