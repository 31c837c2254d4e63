"""`readiness open --plain`: the walk as lines, over real pipes."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness_tui.checklist.find import find
from readiness_tui.checklist.read import read
from readiness_tui.cli.plain.commands import ALIASES, HELP, Word, parse
from readiness_tui.errors import UsageError
from readiness_tui.model.session import Record
from readiness_tui.probes import registry
from readiness_tui.store.sessions import Sessions
from tests.cli.conftest import REPOSITORY, Done, Readiness

READINESS = [sys.executable, "-m", "readiness_tui"]


def record(home: Path, item: str) -> Record:
    return Sessions(home / "kept").load("demo").record(item)


def walk(*lines: str | bytes, launch: str = "demo") -> Done:
    """What the line mode prints when these lines are typed and the input then ends."""
    typed = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    done = subprocess.run(
        [*READINESS, "open", "--plain", launch],
        input=typed,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "TERM": "dumb"},
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def demo(readiness: Readiness, small: str) -> str:
    assert readiness("new", "demo", "--checklist", small, "--no-hosts").status == 0
    return "demo"


def test_every_answer_is_saved_with_the_operator_and_the_next_open_item_follows(
    demo: str, home: Path
) -> None:
    done = walk("done", "not-done no plotter", "na nobody writes", "quit")
    assert done.status == 0, done.err
    assert record(home, "paper.run.book").answer == "done"
    assert record(home, "paper.run.map").reason == "no plotter"
    assert (record(home, "paper.run.pen").answer, record(home, "paper.run.pen").by) == ("n/a", "ana")
    assert [line for line in done.out.splitlines() if " of 3: " in line] == [
        "1 of 3: Paper, Running",
        "2 of 3: Paper, Running",
        "3 of 3: Paper, Running",
    ]
    assert "no other item waits for you" in done.out
    assert "2 of 3 done" in done.out


def test_the_walk_goes_on_where_it_was_left(demo: str) -> None:
    walk("go pen")
    assert "3 of 3: Paper, Running" in walk("quit").out


def test_notes_undo_and_redo(demo: str, home: Path) -> None:
    walk("note first draft")
    assert record(home, "paper.run.book").note == "first draft"
    done = walk("done", "undo", "redo", "back")
    assert record(home, "paper.run.book").answer == "done"
    assert "undone" in done.out
    assert "redone" in done.out


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("donee", "no command 'donee' (did you mean done?)"),
        ("not-done", "not-done needs a reason"),
        ("na", "n/a needs a reason"),
        ("go nowhere at all", "no item matches 'nowhere at all'"),
        ("go 99999999999999999999", "no item matches '99999999999999999999'"),
        ("back", "this is the first item"),
        ("probe", "no item with a probe matches paper.run.book"),
        ("probe elsewhere", "cannot probe 'elsewhere'"),
        ("undo", "nothing can be undone"),
        (b"note caf\xe9 \x1b[31m", "note saved"),
    ],
)
def test_invalid_input_is_reported_and_the_walk_continues(
    line: str | bytes, message: str, demo: str, home: Path
) -> None:
    done = walk(line, "done")
    assert message in done.out
    assert "\x1b" not in done.out
    assert done.status == 0
    assert record(home, "paper.run.book").answer == "done"


def test_done_against_a_probe_needs_a_reason(program: Readiness, home: Path) -> None:
    program("new", "demo", "--host", "me=local,app", "--set", "expected_timezone=Asia/Tokyo")
    done = walk("go infrastructure.server.timezone", "probe", "done", "done agreed with operations", "quit")
    assert "error: answered done, but me: " in done.out
    kept = record(home, "infrastructure.server.timezone")
    assert (kept.answer, kept.reason) == ("done", "agreed with operations")


def test_an_item_of_a_later_phase_is_answered_only_when_the_command_is_repeated(
    program: Readiness, home: Path
) -> None:
    program("new", "demo", "--no-hosts")
    later = next(
        item.id
        for item in read(find("production"), kinds=registry.schemas()).items.values()
        if item.phase != "launch" and item.mode == "manual"
    )
    done = walk(f"go {later}", "done")
    assert "error: the item is due later" in done.out
    assert record(home, later).answer is None
    walk(f"go {later}", "done", "done")
    assert record(home, later).answer == "done"


@contextmanager
def typing(launch: str) -> Iterator[subprocess.Popen[str]]:
    """A line mode that has shown its first item and waits for a command."""
    walking = subprocess.Popen(
        [*READINESS, "open", "--plain", launch],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    assert walking.stdout is not None
    while "1 of 3" not in walking.stdout.readline():
        assert walking.poll() is None
    try:
        yield walking
    finally:
        walking.kill()
        walking.wait()


def test_a_file_that_somebody_else_changed_is_merged(demo: str, home: Path) -> None:
    with typing(demo) as walking:
        sessions = Sessions(home / "kept")
        session = sessions.load("demo")
        sessions.save(session.model_copy(update={"items": {"paper.run.pen": Record(note="by hand")}}))
        walking.communicate("done\n")
        assert walking.returncode == 0
    assert record(home, "paper.run.book").answer == "done"
    assert record(home, "paper.run.pen").note == "by hand"


def test_what_cannot_be_saved_is_copied_elsewhere_and_can_be_merged(
    demo: str, home: Path, program: Readiness
) -> None:
    file = next((home / "kept" / "demo").glob("*.toml"))
    aside = file.with_suffix(".aside")
    with typing(demo) as walking:
        file.rename(aside)
        file.mkdir()
        _, err = walking.communicate("done\n")
        assert walking.returncode == 2
    assert "a copy is in" in err
    file.rmdir()
    aside.rename(file)
    command = err.partition("merge it with: readiness ")[2].splitlines()[0]
    assert program(*shlex.split(command)).status == 0
    assert record(home, "paper.run.book").answer == "done"


def test_an_earlier_day_is_refused(demo: str, readiness: Readiness) -> None:
    done = readiness("open", "--plain", "demo@2020-01-01")
    assert done.status == 2
    assert "newest day only" in done.err


def test_the_help_names_every_command() -> None:
    assert [word for word in Word if word not in HELP] == []


@given(st.text(max_size=60))
def test_any_line_is_a_command_or_a_usage_error(line: str) -> None:
    first = line.strip().partition(" ")[0].casefold()
    if first in {*ALIASES, *Word}:
        assert parse(line).argument in line
    else:
        with pytest.raises(UsageError, match="no command"):
            parse(line)


def test_an_alias_is_not_the_name_of_another_command() -> None:
    assert not set(ALIASES) & set(Word)
