"""Run the program in a separate folder, in this process if that is sufficient, else as a process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from readiness_tui.cli.main import run

REPOSITORY = Path(__file__).resolve().parents[2]


class Done(NamedTuple):
    """How a command ended. tui: how the TUI was opened, if it was."""

    status: int
    out: str
    err: str
    tui: tuple[Any, ...] | None = None


Readiness = Callable[..., Done]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An operator called ana in Berlin, with nothing of their own anywhere."""
    for name in [name for name in os.environ if name.startswith(("READINESS_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("READINESS_OPERATOR", "ana")
    monkeypatch.setenv("READINESS_SESSIONS", str(tmp_path / "kept"))
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.chdir(tmp_path)
    time.tzset()
    yield tmp_path
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def readiness(home: Path, capfd: pytest.CaptureFixture[str]) -> Readiness:
    """Runs the command line here and now."""

    def ran(*words: str) -> Done:
        opened: list[tuple[Any, ...]] = []

        def open_tui(
            folder: Path, launch: str | None = None, day: date | None = None, operator: str = ""
        ) -> int:
            opened.append((folder, launch, day, operator))
            return 0

        status = run(words, open_tui)
        sys.stdout.flush()
        out, err = capfd.readouterr()
        return Done(status, out, err, opened[0] if opened else None)

    return ran


@pytest.fixture
def program(home: Path) -> Readiness:
    """Runs the real program as a process of its own."""

    def ran(*words: str, **more: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "readiness_tui", *words],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **more},
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return ran


SMALL = """\
id: small
title: Small Checklist
version: 1
unsigned: true
roles:
  - {id: technical, title: Technical Lead}
parameters:
  - {name: service_unit, help: The unit., default: app.service}
  - {name: domains, help: The names.}
  - {name: app_name, help: The name.}
sections:
  - id: paper
    title: Paper
    groups:
      - id: run
        title: Running
        items:
          - {id: paper.run.book, text: Runbook written, mode: manual, severity: blocker, role: technical,
             why: w, how: h}
          - {id: paper.run.map, text: Map drawn, mode: manual, severity: major, role: technical,
             why: w, how: h}
          - {id: paper.run.pen, text: Pen bought, mode: manual, severity: minor, role: technical,
             why: w, how: h}
"""


@pytest.fixture
def small(home: Path) -> str:
    """A checklist of three items that only people answer."""
    path = home / "small.yaml"
    path.write_text(SMALL)
    return str(path)
