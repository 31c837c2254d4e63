"""docs/faults.md lists every fault that a run must survive, and names existing tests."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
TABLE = TOP / "docs" / "faults.md"

FAULTS = (
    "MaxSessions 1",
    "MaxStartups 2:100:3",
    "a link cut mid-run",
    "a link that hangs",
    "a half-open accept",
    "a banner of 1 MB",
    *(f"a login shell that {does}" for does in ("prints megabytes", "reads our stdin", "sleeps")),
    *(f"a login shell that {does}" for does in ("exits at once", "is csh", "is fish")),
    *(f"a collector that {does}" for does in ("prints 1 GB", "prints our frame marks", "forks a daemon")),
    *(f"a collector that {does}" for does in ("ignores SIGTERM", "closes its stdout", "reads stdin")),
    "a collector that produces NULs",
    "a host whose clock is a year off",
    "a host at 100 % CPU",
    "a full /tmp",
    "noexec everywhere",
    "a disk that hangs in D state",
    "20 hosts of which 7 are dead in seven ways",
    "cancel, one host or all",
)
"""The faults that the engine must survive, as named in the specification."""


def rows() -> list[tuple[str, ...]]:
    lines = [line for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines[1:]]


@cache
def named_in(path: Path) -> frozenset[str]:
    """The names of a file's tests."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    names = (node.name for node in ast.parse(path.read_text()).body if isinstance(node, functions))
    return frozenset(name for name in names if name.startswith("test_"))


def shown() -> set[tuple[str, str]]:
    """File and name of each test in the last column."""
    return {match for row in rows() for match in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row[-1])}


def test_every_fault_has_its_rows_and_no_row_is_about_another() -> None:
    assert list(dict.fromkeys(row[0] for row in rows())) == list(FAULTS)


def test_every_row_says_what_was_done_what_came_of_it_and_where_it_is_shown() -> None:
    assert [row for row in rows() if len(row) != 4 or not all(row) or "::" not in row[3]] == []


@pytest.mark.parametrize(("file", "name"), sorted(shown()))
def test_every_test_named_exists(file: str, name: str) -> None:
    assert name in named_in(TOP / file)


def test_every_test_of_a_fault_is_in_the_table() -> None:
    written = {
        (str(path.relative_to(TOP)), name)
        for path in (TOP / "tests" / "engine").glob("test_faults*.py")
        for name in named_in(path)
    }
    assert len(written) > 10
    assert written - shown() == set()
