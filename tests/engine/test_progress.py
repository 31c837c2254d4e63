"""Counts, rate and estimate of a run, by a clock of the test."""

from __future__ import annotations

import pytest

from readiness_tui.engine.events import Progress
from readiness_tui.engine.progress import ENOUGH, WINDOW_S, Meter, counts, details
from readiness_tui.model.outcome import Verdict


def test_what_was_judged_is_counted() -> None:
    meter = Meter(checks=6, targets=2, began=0.0)
    for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.INFO, Verdict.FAIL):
        meter.judged(verdict, 0.1)
    meter.target_done()
    progress = meter.progress(0.2)
    assert (progress.checks_done, progress.checks_total, progress.targets_done, progress.targets_total) == (
        5,
        6,
        1,
        2,
    )
    assert (progress.failed, progress.unknown) == (2, 1)


def test_no_rate_and_no_estimate_before_there_is_enough_to_say() -> None:
    meter = Meter(checks=100, targets=1, began=50.0)
    assert (meter.progress(55.0).rate, meter.progress(55.0).left_s) == (None, None)
    for _ in range(ENOUGH - 1):
        meter.judged(Verdict.PASS, 50.5)
    assert meter.progress(55.0).rate is None, "too few"
    meter.judged(Verdict.PASS, 50.5)
    assert meter.progress(50.9).rate is None, "too early"
    assert meter.progress(51.0).rate == pytest.approx(ENOUGH)


def test_the_estimate_is_what_is_left_at_the_rate_of_the_last_seconds() -> None:
    meter = Meter(checks=100, targets=1, began=0.0)
    for second in range(20):
        meter.judged(Verdict.PASS, float(second))
        meter.judged(Verdict.PASS, float(second))
    progress = meter.progress(20.0)
    assert progress.rate == pytest.approx(2 * 9 / WINDOW_S)  # 11 to 19; what is ten seconds old is gone
    assert progress.left_s == pytest.approx(60 / (18 / WINDOW_S))


def test_a_stalled_run_loses_its_rate_and_its_estimate() -> None:
    meter = Meter(checks=100, targets=1, began=0.0)
    for _ in range(50):
        meter.judged(Verdict.PASS, 1.0)
    rates = [meter.progress(at).rate for at in (2.0, 5.0, 10.9)]
    assert rates == [25.0, 10.0, 5.0]
    assert (meter.progress(11.1).rate, meter.progress(11.1).left_s) == (None, None)


def test_checks_without_asks_do_not_count_for_the_rate() -> None:
    meter = Meter(checks=100, targets=1, began=0.0)
    for _ in range(50):
        meter.judged(Verdict.UNKNOWN, None)
    assert (meter.progress(2.0).checks_done, meter.progress(2.0).rate) == (50, None)


@pytest.mark.parametrize(
    ("progress", "told"),
    [
        (Progress(0, 87, 0, 4), "0 of 4 targets"),
        (
            Progress(34, 87, 2, 4, 2, 1, 12.4, 4.3),
            "2 failed, 1 unknown, 2 of 4 targets, 12/s, ~4 s left",
        ),
        (Progress(34, 87, 2, 4, 0, 1, 0.4, 132.5), "1 unknown, 2 of 4 targets, 24/min, ~2 min left"),
        (Progress(86, 87, 3, 4, rate=20.0, left_s=0.05), "3 of 4 targets, 20/s, ~1 s left"),
        (Progress(87, 87, 4, 4, rate=20.0, left_s=0.0), "4 of 4 targets, 20/s"),
    ],
)
def test_unknown_details_are_omitted(progress: Progress, told: str) -> None:
    assert details(progress) == told
    assert counts(progress) == f"{progress.checks_done} of 87 checks"
