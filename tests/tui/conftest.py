"""Fixtures of the TUI's tests: a terminal's environment, a folder of launches, gates for the probes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.tui.driving import Gates, begin, small_checklist


@pytest.fixture(autouse=True)
def _terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same terminal, language, zone and (empty) settings everywhere."""
    for name in ("NO_COLOR", "SSH_CONNECTION", "VISUAL", "EDITOR", "COLORTERM", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "TZ": "UTC"}.items():
        monkeypatch.setenv(name, value)
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def _probes_are_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screens' clock stands still on a day before the real one, by which probes are dated."""
    monkeypatch.setattr("readiness_tui.rules.item_standing.AHEAD", timedelta(days=36500))


@pytest.fixture
def sessions(tmp_path: Path) -> Path:
    """A folder for launches, not there yet."""
    return tmp_path / "sessions"


@pytest.fixture
def gates(tmp_path: Path) -> Gates:
    """Programs that end when the test lets them."""
    return Gates(tmp_path / "gates")


@pytest.fixture
def small(tmp_path: Path, gates: Gates) -> Path:
    """The small checklist."""
    return small_checklist(tmp_path, gates.folder)


@pytest.fixture
def launch(sessions: Path, small: Path) -> str:
    """A launch of the small checklist, just begun."""
    return begin(sessions, small).launch
