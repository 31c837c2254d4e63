"""`--set K=V` as people type it, and times with and without a zone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import JsonValue

from readiness_tui.checklist.values import value
from readiness_tui.errors import UsageError
from readiness_tui.rules.times import local, moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a.example,b.example]", ["a.example", "b.example"]),
        ("[80, 443]", [80, 443]),
        ("{debian: [ca-certificates], n: 2}", {"debian": ["ca-certificates"], "n": 2}),
        ("22", 22),
        ("-1.5", -1.5),
        ("007", "007"),
        ("true", True),
        ("on", "on"),
        ("no", "no"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("null", "null"),
        ("*alias", "*alias"),
        ("a: b # c", "a: b # c"),
        ("", ""),
        (" spaced ", " spaced "),
        ('"22"', "22"),
        ("'[x'", "[x"),
        ("[on, '1', 1]", ["on", "1", 1]),
    ],
)
def test_a_value_is_what_it_looks_like(text: str, expected: JsonValue) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("text", ["[a", "{a: 1", "[a] b", "[*x]", '"open'])
def test_a_bracket_that_does_not_close_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not a value"):
        value(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-27T06:00Z", datetime(2026, 11, 27, 6, tzinfo=UTC)),
        ("2026-11-27T06:00:00.5+02:00", datetime(2026, 11, 27, 4, tzinfo=UTC)),
        ("2026-11-27 06:00", datetime(2026, 11, 27, 5, tzinfo=UTC)),  # Berlin, winter
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),  # Berlin, summer
    ],
)
def test_a_time_without_a_zone_is_local(text: str, expected: datetime, home: Path) -> None:
    assert moment(text) == expected


def test_times_are_local_on_the_screen(home: Path) -> None:
    assert local(datetime(2026, 11, 27, 6, tzinfo=UTC)) == "2026-11-27 07:00 CET"


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "", "0001-01-01T00:00+14:00"])
def test_an_invalid_time_is_refused(text: str, home: Path) -> None:
    with pytest.raises(UsageError, match="not a time"):
        moment(text)
