"""An error of the program itself, wherever it is: exit status 70, a file, and no traceback on the screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from readiness_tui.errors import ExitCode
from tests.tui.failing import PLACES
from tests.tui.terminal import Terminal


@pytest.mark.parametrize("place", PLACES)
def test_it_ends_with_its_own_status(place: str, sessions: Path, launch: str, tmp_path: Path) -> None:
    terminal = Terminal(place, "--sessions", str(sessions), "open", launch, module="tests.tui.failing")
    try:
        if place == "end":
            terminal.shows("? keys")
            terminal.send("q")
        assert terminal.ended() == ExitCode.INTERNAL
        assert terminal.modes == terminal.before
    finally:
        terminal.close()
    written = terminal.written.decode()
    assert "Traceback" not in written
    last = written.rpartition("\x1b[?1049l")[2]
    assert "\x9b" not in last
    assert "by zero \x1b[2J" not in last
    said = re.sub(r"\s", "", re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", last))
    reports = list(tmp_path.rglob("error-*.txt")) + list(tmp_path.rglob("bug-*.txt"))
    assert len(reports) == 1
    assert re.sub(r"\s", "", str(reports[0])) in said
    assert "ZeroDivisionError" in reports[0].read_text()
    assert reports[0].stat().st_mode & 0o777 == 0o600
