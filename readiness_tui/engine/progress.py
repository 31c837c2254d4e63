"""How far a run has come: counts, and from them a rate and an estimate. Pure; the time is passed in."""

from __future__ import annotations

from collections import deque

from readiness_tui.engine.events import Progress
from readiness_tui.model.outcome import Verdict

WINDOW_S = 10.0
"""Seconds of the past that make the rate: a run that stands still must not look quick for long."""

ENOUGH = 5
"""Checks that must have been judged before a rate means anything."""

ENOUGH_S = 1.0
"""Seconds that must have passed before it does."""


class Meter:
    """Counts a run's checks. Times are seconds of any clock that never goes back."""

    def __init__(self, checks: int, targets: int, began: float) -> None:
        """checks, targets: how many there are. began: when the run did."""
        self._checks = checks
        self._targets = targets
        self._began = began
        self._done = self._failed = self._unknown = self._targets_done = 0
        self._times: deque[float] = deque()

    def judged(self, verdict: Verdict, at: float | None) -> None:
        """A check was judged; at: when, None for one that nobody had to be asked for."""
        self._done += 1
        self._failed += verdict is Verdict.FAIL
        self._unknown += verdict is Verdict.UNKNOWN
        if at is not None:
            self._times.append(at)

    def target_done(self) -> None:
        """Nothing more comes from a target."""
        self._targets_done += 1

    def progress(self, at: float) -> Progress:
        """Where the run stands at that time."""
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
    """`2 failed, 1 unknown, 3 of 4 targets, 12/s, ~5 s left`; only what there is to say."""
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
