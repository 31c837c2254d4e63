"""The base of all models."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from readiness_tui.model.base import (
    Moment,
    digest,
    format_duration,
    keepable,
    one_line_ending,
    parse_duration,
)
from tests import strategies
from tests.samples import NOW, item

MOMENT = TypeAdapter(Moment)


class TestDuration:
    @pytest.mark.parametrize(
        ("text", "seconds"),
        [
            ("90s", 90),
            ("15m", 900),
            ("24h", 86400),
            ("7d", 604800),
            ("2w", 1209600),
            ("250ms", 0.25),
            (" 1.5 h ", 5400),
        ],
    )
    def test_a_number_with_its_unit_is_read(self, text: str, seconds: float) -> None:
        assert parse_duration(text) == timedelta(seconds=seconds)

    @pytest.mark.parametrize(
        "bad", ["90", 90, "", "s", "-1h", "1y", "1 h 2 m", None, True, [], "1h\n2", "１h x"]
    )
    def test_anything_else_is_refused(self, bad: object) -> None:
        with pytest.raises(ValueError, match="not a duration"):
            parse_duration(bad)

    @given(st.integers(0, 10**9))
    def test_it_is_written_as_it_is_read(self, seconds: int) -> None:
        assert parse_duration(format_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)

    @pytest.mark.parametrize(
        ("text", "written"), [("24h", "24h"), ("1d", "24h"), ("48h", "2d"), ("90m", "90m"), ("0s", "0s")]
    )
    def test_the_largest_unit_that_loses_nothing(self, text: str, written: str) -> None:
        assert format_duration(parse_duration(text)) == written


class TestMoment:
    def test_any_zone_becomes_utc(self) -> None:
        there = datetime(2026, 11, 24, 14, 30, tzinfo=timezone(timedelta(hours=2, minutes=30)))
        read = MOMENT.validate_python(there)
        assert (read, read.tzinfo) == (NOW, UTC)
        assert MOMENT.validate_python("2026-11-24T12:00:00Z") == NOW

    def test_a_time_without_a_zone_is_refused(self) -> None:
        with pytest.raises(ValidationError, match="needs a time zone"):
            MOMENT.validate_python(datetime(2026, 11, 24, 12))

    @pytest.mark.parametrize(
        "edge", [datetime.min, datetime.max, datetime(1969, 12, 31), datetime(2201, 1, 1)]
    )
    def test_a_time_outside_the_range_of_utc_is_refused(self, edge: datetime) -> None:
        hours = -5 if edge == datetime.max else 5
        with pytest.raises(ValidationError, match="year outside 1970 to 2200"):
            MOMENT.validate_python(edge.replace(tzinfo=timezone(timedelta(hours=hours))))


class TestText:
    @given(strategies.said)
    def test_line_ends_are_normalized_and_nothing_else_changes(self, text: str) -> None:
        kept = one_line_ending(text)
        assert "\r" not in kept
        assert one_line_ending(kept) == kept
        assert kept.replace("\n", "") == text.replace("\r", "").replace("\n", "")

    @pytest.mark.parametrize("bad", ["\x00", "a\udce9"])
    def test_text_that_no_file_can_hold_is_refused(self, bad: str) -> None:
        with pytest.raises(ValueError, match=r"cannot contain|not valid Unicode"):
            one_line_ending(bad)

    @given(strategies.json_values)
    def test_any_value_without_null_can_be_kept(self, value: object) -> None:
        assert keepable(value) is value  # type: ignore[arg-type]  # hypothesis types it as object

    @pytest.mark.parametrize("bad", [None, [None], {"a": [1, {"b": None}]}, "\udce9", {"\udce9": 1}])
    def test_null_and_invalid_text_are_refused(self, bad: object) -> None:
        with pytest.raises(ValueError, match=r"cannot contain|not valid Unicode"):
            keepable(bad)  # type: ignore[arg-type]  # a bad value is the point


class TestFrozen:
    def test_a_copy_forgets_what_was_computed_from_the_old_values(self) -> None:
        one = item("one.a.x")
        before = one.digest
        other = one.model_copy(update={"text": "Other words"})
        assert other.digest == digest("Other words") != before
        assert one.digest == before

    def test_nothing_can_be_set_or_added(self) -> None:
        with pytest.raises(ValidationError, match="frozen"):
            item("one.a.x").text = "other"  # type: ignore[misc]  # that it fails is the point
        with pytest.raises(ValidationError, match="Extra inputs"):
            item("one.a.x", txet="typo")
