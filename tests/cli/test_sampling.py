"""`readiness probe --phase --every`: rounds until a time, taken up where they were, a table of all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from readiness_tui.cli.support.sampling import Board, first_round
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.store.sessions import Sessions
from tests.cli.conftest import Readiness

T0 = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
EVERY = timedelta(minutes=10)
PLACE = ("postlaunch.day1.error-rate", "web")


def outcome(verdict: Verdict, minute: int, evidence: str = "seen") -> Outcome:
    return Outcome(verdict=verdict, evidence=evidence, asked_at=T0 + timedelta(minutes=minute), took_ms=1)


def test_the_board_counts_rounds_and_tells_what_changed() -> None:
    board = Board()
    assert board.take({PLACE: outcome(Verdict.PASS, 0)}) == []
    assert board.take({PLACE: outcome(Verdict.FAIL, 10, "4 % 5xx")}) == [
        "pass -> fail  web  postlaunch.day1.error-rate  4 % 5xx"
    ]
    assert board.take({PLACE: outcome(Verdict.FAIL, 20)}) == []
    assert (board.rounds, board.rows[PLACE].since) == (3, T0 + EVERY)
    assert board.summary() == "round 3: 1 fail; this was the last"


def test_the_table_shows_what_is_wrong_first_and_fits_the_terminal() -> None:
    board = Board(next_at=T0 + EVERY)
    board.take({PLACE: outcome(Verdict.PASS, 0), ("a.b.c", "web"): outcome(Verdict.FAIL, 0, "down " * 40)})
    console = Console(width=80, record=True, color_system=None, file=StringIO())
    console.print(board.table())
    lines = console.export_text().splitlines()
    assert all(len(line) <= 80 for line in lines)
    told = [line.split()[0] for line in lines[1:-1] if not line.startswith(" ")]
    assert told == ["fail", "pass"]
    assert "round 1: 1 fail, 1 pass; the next at 08:10:00 UTC" in lines[-1]


@pytest.mark.parametrize(
    ("looked", "now", "begins"),
    [
        ([], 5, 5),
        ([0], 5, 10),
        ([0, 2], 30, 30),
        ([90], 5, 5),
    ],
)
def test_an_earlier_run_that_was_cut_off_is_taken_up(looked: list[int], now: int, begins: int) -> None:
    moments = [T0 + timedelta(minutes=minute) for minute in looked]
    assert first_round(moments, EVERY, T0 + timedelta(minutes=now)) == T0 + timedelta(minutes=begins)


def test_after_the_end_of_the_phase_one_round_is_made_and_saved(program: Readiness, home: Path) -> None:
    program("new", "demo", "--host", "me=local,app", "--launch-at", "2026-01-01T00:00Z")
    done = program("probe", "demo", "--phase", "24h", "--every", "10m")
    assert "this was the last" in done.err
    assert done.err.count("round 1: ") == 1
    record = Sessions(home / "kept").load("demo").record("postlaunch.day1.resource-usage")
    assert "postlaunch." in done.out
    assert record is not None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--every", "1s"), "the shortest time is 10s"),
        (("--every", "often"), "not a duration"),
        (("--phase", "24h", "--every", "10m"), "the phase 24h has no end"),
    ],
)
def test_what_has_no_end_or_comes_too_often_is_refused(
    program: Readiness, words: tuple[str, ...], said: str
) -> None:
    program("new", "demo", "--host", "me=local,app")
    done = program("probe", "demo", *words)
    assert (done.status, said in done.err) == (2, True), done.err
