"""Progress of a run: counts, rate and estimate. Pure; the time is passed in."""

from __future__ import annotations

from collections import deque

from readiness_tui.engine.events import Progress
from readiness_tui.model.outcome import Verdict

WINDOW_S = 10.0
"""Seconds over which the rate is measured, short enough that a stalled run soon shows it."""

ENOUGH = 5
"""Fewest judged checks for a meaningful rate."""

ENOUGH_S = 1.0
"""Fewest seconds for a meaningful rate."""


class Meter:
    """Counts the checks of a run. Times are seconds of a monotonic clock."""

    def __init__(self, checks: int, targets: int, began: float) -> None:
        """checks, targets: their numbers. began: the start of the run."""
        self._checks = checks
        self._targets = targets
        self._began = began
        self._done = self._failed = self._unknown = self._targets_done = 0
        self._times: deque[float] = deque()

    def judged(self, verdict: Verdict, at: float | None) -> None:
        """Count a judged check. at: when it was judged; None if no host had to be asked."""
        self._done += 1
        self._failed += verdict is Verdict.FAIL
        self._unknown += verdict is Verdict.UNKNOWN
        if at is not None:
            self._times.append(at)

    def target_done(self) -> None:
        """Count a finished target."""
        self._targets_done += 1

    def progress(self, at: float) -> Progress:
        """The progress at that time."""
        rate, left = self._rate(at), self._checks - self._done
        return Progress(
            checks_done=self._done,
            checks_total=self._checks,
            targets_done=self._targets_done,
            targets_total=self._targets,
            failed=self._failed,
            unknown=self._unknown,
            rate=rate,
            left_s=left / rate if rate else None,
        )

    def _rate(self, at: float) -> float | None:
        while self._times and self._times[0] <= at - WINDOW_S:
            self._times.popleft()
        passed = min(at - self._began, WINDOW_S)
        return len(self._times) / passed if len(self._times) >= ENOUGH and passed >= ENOUGH_S else None


def counts(progress: Progress) -> str:
    """`34 of 87 checks`."""
    return f"{progress.checks_done} of {progress.checks_total} checks"


def details(progress: Progress) -> str:
    """`2 failed, 1 unknown, 3 of 4 targets, 12/s, ~5 s left`, without the parts that are not known."""
    parts = [f"{progress.failed} failed"] if progress.failed else []
    parts += [f"{progress.unknown} unknown"] if progress.unknown else []
    parts += [f"{progress.targets_done} of {progress.targets_total} targets"]
    if progress.rate is not None:
        parts.append(f"{progress.rate:.0f}/s" if progress.rate >= 1 else f"{progress.rate * 60:.0f}/min")
    if progress.left_s:
        parts.append(f"~{_duration(progress.left_s)} left")
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    return f"{max(seconds, 1):.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
