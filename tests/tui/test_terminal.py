"""The real program in a pseudo-terminal: start, walk, quit; signals, a lost link, no terminal at all."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from readiness_tui.model.answer import AnswerKind
from readiness_tui.store.sessions import Sessions
from tests.tui.driving import Gates
from tests.tui.terminal import Terminal

Start = Callable[..., Terminal]
LEAVE_SCREEN = b"\x1b[?1049l"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def start(sessions: Path) -> Iterator[Start]:
    """Starts programs on the folder of launches; ends what is left of them."""
    started: list[Terminal] = []

    def run(*words: str, columns: int = 80, rows: int = 24, **environ: str) -> Terminal:
        command = ("--sessions", str(sessions), *words)
        started.append(Terminal(*command, columns=columns, rows=rows, environ=environ))
        return started[-1]

    yield run
    for terminal in started:
        terminal.close()


def answers(sessions: Path) -> dict[str, AnswerKind | None]:
    """What the file of the only launch says was answered."""
    return {item: record.answer for item, record in Sessions(sessions).load("pay").items.items()}


def test_walk_answer_note_quit_resume(start: Start, sessions: Path, launch: str) -> None:
    first = start()
    first.shows("1 day")
    first.send("\r")
    first.shows("First gate is open")
    first.send("2 ")
    first.shows("✓  M")
    first.send("i")
    first.shows("end the note")
    first.send("kim has it")
    first.shows("kim has it")
    first.send("\x13q")
    assert first.ended() == 0
    assert LEAVE_SCREEN in first.written
    assert first.modes == first.before, "the terminal is as it was"
    again = start("open", "pay")
    again.shows('·   "   Off-site')
    again.shows("kim has it")
    again.send("\x03\x03")
    assert again.ended() == 0


@pytest.mark.parametrize("words", [("open", "pay"), ()])
def test_opened_without_options_it_has_a_first_line_and_works(
    sessions: Path, launch: str, words: tuple[str, ...]
) -> None:
    terminal = Terminal(*words, environ={"READINESS_SESSIONS": str(sessions)})
    terminal.shows("readiness  opening")
    terminal.shows("First gate is open" if words else "1 day")
    terminal.send("q")
    assert terminal.ended() == 0
    assert "opening" not in terminal.text
    terminal.close()


def test_settings_that_cannot_be_read_are_told_in_place_of_the_first_line(
    sessions: Path, launch: str, tmp_path: Path
) -> None:
    settings = tmp_path / "xdg_config_home" / "readiness-tui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("keys = 1\n")
    terminal = Terminal("open", "pay", environ={"READINESS_SESSIONS": str(sessions)})
    assert terminal.ended() == 2
    assert "settings.toml" in terminal.text
    assert "opening" not in terminal.text
    assert LEAVE_SCREEN not in terminal.written
    terminal.close()


def test_a_launch_that_is_not_there_is_told_on_the_list_of_launches(sessions: Path, launch: str) -> None:
    terminal = Terminal("open", "nothing", environ={"READINESS_SESSIONS": str(sessions)})
    terminal.shows("nothing was not opened")
    terminal.send("\r")
    terminal.shows("1 day")
    terminal.send("q")
    assert terminal.ended() == 0
    terminal.close()


def test_keys_typed_ahead_go_where_they_belong(start: Start, sessions: Path, launch: str) -> None:
    terminal = start("open", "pay")
    terminal.shows("First gate is open")
    terminal.send("2fno drill\rikim knows\x13jdinoted\x13/first\rahere\rq")
    assert terminal.ended() == 0
    kept = Sessions(sessions).load("pay")
    told = {item: (record.answer, record.reason, record.note) for item, record in kept.items.items()}
    assert told == {
        "infrastructure.server.first": (AnswerKind.NOT_APPLICABLE, "here", ""),
        "database.backup.restored": (AnswerKind.NOT_DONE, "no drill", ""),
        "database.backup.offsite": (None, "", "kim knows"),
        "database.backup.retention": (AnswerKind.DEFERRED, "", ""),
        "security.access.mfa": (None, "", "noted"),
    }


def test_probe_on_this_machine_while_typing_a_note(start: Start, launch: str, gates: Gates) -> None:
    terminal = start("open", "pay")
    terminal.shows("First gate is open")
    terminal.send("P")
    terminal.shows("◌")
    terminal.send("3inote ")
    terminal.shows("Note  note")
    gates.open("gate-1")
    gates.open("gate-2")
    terminal.send("goes on")
    terminal.shows("note goes on")
    terminal.send("\x1b")
    terminal.until(lambda text: "Esc end the note" not in text)
    terminal.send("1")
    terminal.until(lambda text: "7.1" in text and "7.2" in text)
    terminal.send("q")
    assert terminal.ended() == 0


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_saves_and_restores(
    start: Start, sessions: Path, launch: str, number: signal.Signals, status: int
) -> None:
    terminal = start("open", "pay")
    terminal.shows("First gate is open")
    terminal.send("2 ihalf")
    terminal.shows("half")
    terminal.process.send_signal(number)
    assert terminal.ended() == status
    assert LEAVE_SCREEN in terminal.written
    assert terminal.modes == terminal.before
    assert AnswerKind.DONE in answers(sessions).values()
    assert any(record.note == "half" for record in Sessions(sessions).load("pay").items.values())


def test_a_lost_link_loses_nothing(start: Start, sessions: Path, launch: str) -> None:
    terminal = start("open", "pay")
    terminal.shows("First gate is open")
    terminal.send("2 ")
    terminal.shows("✓  M")
    assert terminal.hang_up() == 129
    assert AnswerKind.DONE in answers(sessions).values()


def test_no_colour_means_none(start: Start, launch: str) -> None:
    terminal = start("open", "pay", NO_COLOR="1")
    terminal.shows("First gate is open")
    terminal.send("q")
    assert terminal.ended() == 0
    drawn = {(cell.fg, cell.bg) for line in terminal.screen.buffer.values() for cell in line.values()}
    assert drawn <= {("default", "default")}


@pytest.mark.parametrize(("columns", "rows"), [(40, 10), (60, 20), (200, 60)])
def test_sizes(start: Start, launch: str, columns: int, rows: int) -> None:
    terminal = start("open", "pay", columns=columns, rows=rows)
    terminal.shows("First gate is")
    terminal.send("q")
    assert terminal.ended() == 0


def test_the_linux_console_gets_ascii(start: Start, launch: str) -> None:
    terminal = start("open", "pay", TERM="linux")
    terminal.shows("First gate is open")
    assert terminal.shows("How to check").isascii()
    terminal.send("q")
    assert terminal.ended() == 0


@pytest.mark.parametrize(
    ("size", "term", "said"), [((80, 24), "dumb", "TERM is dumb"), ((39, 24), "xterm", "39x24")]
)
def test_a_terminal_that_cannot_show_it_is_told_the_verbs(
    start: Start, launch: str, size: tuple[int, int], term: str, said: str
) -> None:
    terminal = start("open", "pay", columns=size[0], rows=size[1], TERM=term)
    assert terminal.ended() == 2
    told = terminal.text.replace("\n", "")
    assert said in told
    assert "opening" not in told
    assert "readiness open --plain" in told
    assert LEAVE_SCREEN not in terminal.written


def test_no_terminal_at_all(sessions: Path, launch: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "readiness_tui", "--sessions", str(sessions)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 2
    assert "not a terminal" in done.stderr
    assert "readiness open --plain" in done.stderr
    assert done.stdout == ""


def test_nothing_heavy_is_imported_before_the_first_line() -> None:
    """The skeleton is on the screen before Textual is imported, and asyncssh comes after both."""
    code = (
        "import sys, readiness_tui.tui.start; assert 'textual' not in sys.modules;"
        "import readiness_tui.tui.app; assert 'asyncssh' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
