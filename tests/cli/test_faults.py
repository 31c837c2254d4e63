"""Every error becomes one message and an exit status. A traceback never reaches an operator."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from readiness_tui.cli.support.error_handling import guarded
from readiness_tui.errors import ChecklistError, ExitCode, Fault, SessionError, UsageError
from tests.cli.conftest import Readiness


def raising(error: BaseException) -> int:
    def work() -> int:
        raise error

    return guarded(work)


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (
            UsageError("no such thing", where="a.toml:3", hint="look"),
            2,
            "readiness: a.toml:3: no such thing\n  hint: look\n",
        ),
        (SessionError("torn\x1b[2J"), 2, "readiness: torn␛[2J\n"),
        (
            ChecklistError((Fault("a.yaml", 1, 2, "id", "bad"), Fault("a.yaml", 3, 4, "", "worse"))),
            2,
            "readiness: the checklist cannot be used: 2 faults\na.yaml:1:2: id: bad\na.yaml:3:4: worse\n",
        ),
        (click.UsageError("wrong word"), 2, "readiness: wrong word\n"),
        (KeyboardInterrupt(), 130, "readiness: interrupted\n"),
        (click.Abort(), 130, "readiness: interrupted\n"),
        (PermissionError(13, "Permission denied", "/x"), 2, "readiness: /x: Permission denied\n"),
    ],
)
def test_an_error_is_reported(
    error: BaseException, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert raising(error) == status
    assert capsys.readouterr().err == said


def test_an_internal_error_is_one_line_and_its_traceback_a_private_file(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert raising(ZeroDivisionError("by\nzero")) == 70
    output = capsys.readouterr().err
    assert output.startswith("readiness: ZeroDivisionError: by (this is a bug; its traceback is in ")
    assert output.count("\n") == 1
    place = Path(output.rpartition(" in ")[2].strip().removesuffix(")"))
    assert place.is_relative_to(home / "home")
    assert "Traceback (most recent call last)" in place.read_text()
    assert place.stat().st_mode & 0o777 == 0o600


def test_an_internal_error_is_reported_if_its_traceback_cannot_be_written(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "home").write_text("no folder")
    assert raising(ZeroDivisionError("by zero")) == ExitCode.INTERNAL
    assert "could not be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["stauts"], "no verb 'stauts' (did you mean status?)"),
        (["--wrong"], "No such option '--wrong'."),
        (["status"], "Missing argument 'LAUNCH[@DAY]'."),
        (["status", "nothing"], "no launch 'nothing'"),
        (["status", "demo", "extra"], "Got unexpected extra argument (extra)"),
        (["export", "demo"], "Missing option '--format'"),
    ],
)
def test_a_wrong_word_is_named(words: list[str], said: str, readiness: Readiness) -> None:
    done = readiness(*words)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("readiness: ")
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_closed_pipe_is_not_an_error(program: Readiness, readiness: Readiness, home: Path) -> None:
    reader = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE)
    reader.wait()
    assert reader.stdin is not None
    done = subprocess.run(
        [sys.executable, "-m", "readiness_tui", "checklist", "show", "--json"],
        stdout=reader.stdin,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
    )
    reader.stdin.close()
    assert (done.returncode, done.stderr) == (ExitCode.READER_GONE, "")


def test_a_locale_without_our_glyphs_is_not_an_error(program: Readiness, readiness: Readiness) -> None:
    readiness("new", "demo", "--no-hosts")
    readiness("answer", "demo", "paper", "--note", "x")
    done = program("export", "demo", "--format", "signoff-md", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.status == 0
    assert "Sign-off: demo" in done.out
