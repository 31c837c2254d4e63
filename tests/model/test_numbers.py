"""Numbers and dates have limits wherever they enter: TOML, YAML, the command line, the models."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from readiness_tui import bounded_regex, toml_text
from readiness_tui.checklist import values
from readiness_tui.errors import UsageError
from readiness_tui.model.answer import Evidence
from readiness_tui.rules.times import moment

DIGITS = "9" * 5000
HEXADECIMAL = "0x" + "f" * 5000


@pytest.fixture(params=["Pacific/Kiritimati", "America/Los_Angeles", "Etc/GMT+12"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A zone far from Greenwich."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("number", [HEXADECIMAL, "0b" + "1" * 70, str(2**63), str(-(2**63) - 1)])
@pytest.mark.parametrize("text", ["a = {}", "a = [1, [{}]]", "[a.b]\nc = {{d = {}}}"])
def test_a_whole_number_in_toml_has_64_bits(text: str, number: str) -> None:
    with pytest.raises(ValueError, match="more than 64 bits"):
        toml_text.loads(text.format(number))


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 0])
def test_the_largest_numbers_of_toml_are_read(number: int) -> None:
    assert toml_text.loads(f"a = {number}") == {"a": number}


@pytest.mark.parametrize("text", ["[" * 5000, "[" * 500 + "]" * 500, "{a: " * 500 + "1" + "}" * 500])
def test_a_value_nested_too_deeply_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not a value"):
        values.value(text)


def test_an_alias_in_a_value_is_refused() -> None:
    with pytest.raises(UsageError, match="alias"):
        values.value("[&a [x, x], *a, *a]")


def test_a_number_of_many_digits_is_text() -> None:
    assert values.value(DIGITS) == DIGITS
    assert values.value("[" + DIGITS + "]") == [DIGITS]
    assert values.value("22") == 22


@pytest.mark.parametrize(
    "text", ["2200-12-31T23:59:59-12:00", "9999-12-31T23:59-12:00", "0001-01-01T00:00+14:00"]
)
def test_a_time_outside_the_years_is_refused(text: str, zone: str) -> None:
    with pytest.raises(UsageError, match="not a time"):
        moment(text)


@pytest.mark.parametrize("text", ["9999-12-31T23:59", "0001-01-01T00:00", "1969-12-31T00:00"])
def test_a_local_time_outside_the_years_is_refused(text: str, zone: str) -> None:
    with pytest.raises(UsageError, match="not a time"):
        moment(text)


def test_a_moment_within_the_years_is_read(zone: str) -> None:
    assert moment("2026-11-27T06:00Z") == datetime(2026, 11, 27, 6, tzinfo=UTC)
    assert os.environ["TZ"] == zone


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1969, 12, 31), date(2201, 1, 1), date(9999, 12, 31)])
def test_a_day_outside_the_years_is_refused(day: date) -> None:
    with pytest.raises(ValidationError, match="1970 to 2200"):
        Evidence(url="https://a.test", as_of=day)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("a" * 1001, "more than 1000 characters"),
        ("(?:a{1000}){1000}", "more than 100000 times"),
        ("a{99999}b{99999}", "more than 100000 times"),
        ("(" * 450 + ")" * 450, "more than 100 groups"),
        ("(" * 9, "not a regular expression"),
        ("a{4294967296}", "more than 100000 times"),
        ("[", "not a regular expression"),
    ],
)
def test_a_pattern_has_limits(pattern: str, said: str) -> None:
    with pytest.raises(bounded_regex.PatternError, match=said):
        bounded_regex.check(pattern)


def test_a_search_has_one_limit_of_time_for_all_its_texts() -> None:
    with pytest.raises(bounded_regex.PatternError, match="takes more than"):
        bounded_regex.found("^(a|aa)+$", ["a" * 60 + "!"] * 1000)
