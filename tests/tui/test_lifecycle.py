"""What may happen to a terminal: it is closed, stalls, is suspended, resized, or sends nonsense."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from readiness_tui.store.sessions import Sessions
from readiness_tui.tui.widgets.card import NOTE_LENGTH
from tests.tui.terminal import PATIENCE_S, Terminal

LEAVE_SCREEN = b"\x1b[?1049l"
ENTER_SCREEN = b"\x1b[?1049h"

Start = Callable[..., Terminal]
HANG_UPS = {
    "with a controlling terminal": {},
    "SIGHUP ignored": {"ignore_hangup": True},
    "no controlling terminal": {"controlling": False},
}


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """Where the busy app says how it ended."""
    return tmp_path / "told.json"


@pytest.fixture
def busy(told: Path) -> Iterator[Start]:
    """Starts the app that draws 20 times a second."""
    started: list[Terminal] = []

    def run(**shape: object) -> Terminal:
        terminal = Terminal(str(told), module="tests.tui.busy_app", **shape)  # type: ignore[arg-type]
        started.append(terminal)
        terminal.shows("count")
        return terminal

    yield run
    for terminal in started:
        terminal.close()


@pytest.fixture
def walk(sessions: Path, launch: str) -> Iterator[Start]:
    """Starts the program on a launch."""
    started: list[Terminal] = []

    def run(**shape: object) -> Terminal:
        terminal = Terminal("--sessions", str(sessions), "open", "pay", **shape)  # type: ignore[arg-type]
        started.append(terminal)
        terminal.shows("First gate is open")
        terminal.shows("? keys")
        return terminal

    yield run
    for terminal in started:
        terminal.close()


def notes(sessions: Path) -> set[str]:
    """The notes in the file."""
    return {record.note for record in Sessions(sessions).load("pay").items.values()}


def ending(told: Path) -> dict[str, float | str]:
    """What the busy app said at its end."""
    return dict(json.loads(told.read_text()))


@pytest.mark.parametrize("shape", HANG_UPS.values(), ids=HANG_UPS.keys())
def test_a_closed_terminal_ends_the_program_while_it_draws(
    busy: Start, told: Path, shape: dict[str, bool]
) -> None:
    terminal = busy(**shape)
    assert terminal.hang_up() == 129
    assert told.exists()


@pytest.mark.parametrize("shape", HANG_UPS.values(), ids=HANG_UPS.keys())
def test_a_closed_terminal_loses_no_note(walk: Start, sessions: Path, shape: dict[str, bool]) -> None:
    terminal = walk(**shape)
    terminal.send("2ikim knows")
    terminal.shows("kim knows")
    assert terminal.hang_up() == 129
    assert "kim knows" in notes(sessions)


def test_a_terminal_that_nobody_reads_does_not_stop_the_loop(busy: Start, told: Path) -> None:
    terminal = busy(columns=200, rows=60)
    terminal.stall()
    terminal.send("x" * 40)
    time.sleep(1)  # the stall itself: 20 drawings that the terminal does not take
    terminal.shows("typed 'xxxx")
    terminal.until(lambda text: len({line[:9] for line in text.split("\n") if line.strip()}) == 1)
    terminal.send("q")
    assert terminal.ended() == 0
    assert float(ending(told)["gap"]) < 0.9


def test_sigterm_ends_a_program_that_nobody_reads(busy: Start, told: Path) -> None:
    terminal = busy(columns=200, rows=60)
    terminal.stall()
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.process.wait(PATIENCE_S) == 143
    assert told.exists()


def test_the_program_ends_on_sigterm_while_nobody_reads(walk: Start, sessions: Path) -> None:
    terminal = walk(columns=200, rows=60)
    terminal.send("2ikim knows")
    terminal.shows("kim knows")
    terminal.send("\x13" + "W" * 300)
    terminal.stall()
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.process.wait(PATIENCE_S) == 143
    assert "kim knows" in notes(sessions)


@pytest.mark.parametrize("stop", ["key", "signal", "unannounced"])
def test_suspended_and_resumed(busy: Start, stop: str) -> None:
    terminal = busy()
    process = terminal.process
    if stop == "key":
        terminal.send("\x1a")
    else:
        process.send_signal(signal.SIGTSTP if stop == "signal" else signal.SIGSTOP)
    terminal.stopped()
    if stop != "unannounced":
        assert LEAVE_SCREEN in terminal.written
        assert terminal.modes == terminal.before
    terminal.screen.reset()
    terminal.written = b""
    process.send_signal(signal.SIGCONT)
    terminal.until(lambda text: all("count" in line for line in text.split("\n")))
    assert ENTER_SCREEN in terminal.written
    terminal.send("q")
    assert terminal.ended() == 0
    assert terminal.modes == terminal.before


def test_the_walk_is_whole_after_a_suspension(walk: Start) -> None:
    terminal = walk()
    terminal.shows("How to check")
    terminal.send("k")
    terminal.shows("left in Infrastructure")
    before = terminal.text
    terminal.send("\x1a")
    terminal.stopped()
    terminal.screen.reset()
    terminal.process.send_signal(signal.SIGCONT)
    terminal.until(lambda text: text == before)


def test_many_resizes_end_in_the_last_size(walk: Start) -> None:
    terminal = walk()
    for number in range(200):
        terminal.resize(60 + number % 60, 20 + number % 20)
    terminal.resize(90, 26)
    terminal.until(lambda text: "First gate is open" in text and "keys" in text.split("\n")[25])


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\xe9",
        b"\xff\xfe\x00\x80",
        b"\x1b[<99999999999999999999;1;1M",
        b"\x1b[0;;55357u",
        b"\x1b[1114112u",
        b"\x1b[M\xff\xff\xff",
        b"\x1b]52;c;\xe9\x07",
        b"\x1b[999999999999999999999~",
    ],
    ids=repr,
)
def test_bytes_that_are_no_key_end_nothing(walk: Start, sessions: Path, nonsense: bytes) -> None:
    terminal = walk()
    terminal.send(b"?" + nonsense)
    terminal.until(lambda text: "First gate is open" not in text)
    terminal.send("\x1b")
    terminal.shows("First gate is open")
    terminal.send(b"2i" + nonsense)
    terminal.send("zebra")
    terminal.shows("zebra")
    terminal.send("\x13")
    terminal.shows("? keys")
    terminal.send("q")
    assert terminal.ended() == 0
    assert any("zebra" in note for note in notes(sessions))


def test_a_large_paste_is_cut_at_the_length_of_a_note(walk: Start, sessions: Path) -> None:
    terminal = walk()
    terminal.send("2i")
    terminal.shows("end the note")
    terminal.paste("pasted line " * 80_000)
    terminal.shows("the end of the paste was left out")
    terminal.send("\x13")
    terminal.shows("? keys")
    terminal.send("q")
    assert terminal.ended() == 0
    assert max(map(len, notes(sessions))) == NOTE_LENGTH


def test_the_mouse_reports_clicks_only(busy: Start) -> None:
    terminal = busy()
    assert b"\x1b[?1000h" in terminal.written
    assert b"\x1b[?1003h" not in terminal.written
    terminal.send("q")
    assert terminal.ended() == 0
    assert b"\x1b[?1000l" in terminal.written


def test_a_crash_restores_the_terminal(told: Path, tmp_path: Path) -> None:
    os.mkdir(told)  # the app cannot write its file: an error of its own
    terminal = Terminal(str(told), module="tests.tui.busy_app")
    terminal.shows("count")
    terminal.send("q")
    assert terminal.ended() != 0
    assert LEAVE_SCREEN in terminal.written
    assert terminal.modes == terminal.before
    terminal.close()
