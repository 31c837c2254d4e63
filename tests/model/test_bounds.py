"""Numbers have limits where they enter."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness_tui.model.base import parse_duration
from readiness_tui.store import atomic


@pytest.mark.parametrize("text", ["99999999999d", "9" * 5000 + "s", "101w" + " " * 9 + "x", "36526d"])
def test_a_duration_of_more_than_a_hundred_years_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


def test_a_hundred_years_are_a_duration() -> None:
    assert parse_duration("36525d").days == 36525


@pytest.mark.parametrize("pid", ["9" * 30, "9999999999"])
def test_a_temporary_file_of_an_impossible_process_is_left_alone(pid: str, tmp_path: Path) -> None:
    file = tmp_path / f".a.toml.{pid}-00000000.tmp"
    file.write_text("")
    atomic.sweep(tmp_path)
    assert file.exists()
