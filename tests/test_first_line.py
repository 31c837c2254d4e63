"""Which command lines open the TUI, and so get a line before the imports."""

from __future__ import annotations

import subprocess
import sys

import pytest

from readiness_tui.first_line import can_show, launch_asked


@pytest.mark.parametrize(
    ("words", "launch"),
    [
        ([], ""),
        (["open", "pay"], "pay"),
        (["open", "pay@2026-11-24"], None),
        (["open"], None),
        (["open", "--help"], None),
        (["open", "pay", "--plain"], None),
        (["list"], None),
        (["--help"], None),
        (["open", "pay\x1b[31m"], None),
    ],
)
def test_command_lines(words: list[str], launch: str | None) -> None:
    assert launch_asked(words, {}) == launch


def test_no_line_where_a_shell_asks_for_completions() -> None:
    assert launch_asked([], {"_READINESS_COMPLETE": "bash_complete"}) is None


@pytest.mark.parametrize("term", ["", "dumb", "unknown"])
def test_no_line_on_a_terminal_that_cannot_move_its_cursor(term: str) -> None:
    assert not can_show({"TERM": term})


def test_the_line_needs_no_heavy_import() -> None:
    code = "import sys, readiness_tui.__main__; print({'click', 'textual', 'pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
