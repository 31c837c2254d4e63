"""A JUnit XML report as repo.junit counted it, held against the commit that is checked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields
from readiness_tui.probes.kinds.repository.checkout import Commit

ZONES = timedelta(hours=14)
"""The farthest a time without a zone may be from the same time in UTC."""


@dataclass(frozen=True, slots=True)
class Report:
    """Tests of a report. at: the newest suite's time; None without one. zone: whether it names its zone.

    commit: what the report says it tested, empty without. made_here: a file in the checkout that is not
    committed; modified: when, in seconds since 1970.
    """

    cases: int
    failed: int
    skipped: int
    at: datetime | None
    zone: bool
    commit: str
    made_here: bool
    modified: int

    @property
    def passed(self) -> int:
        """Tests that ran and did not fail."""
        return self.cases - self.failed - self.skipped


def report(told: ParsedReply) -> Report | Missing:
    """The report's counts, over all its files; missing when it is absent, cut or no JUnit XML."""
    rows = told.rows("report")
    if isinstance(rows, Missing):
        reason = rows.reason.partition(": ")[2]
        said = f"the test report is not JUnit XML: {reason.removeprefix('not-xml: ')}"
        return Missing(rows.cause, said if "not-xml" in reason else reason.removeprefix("absent: "))
    parsed = [_counts(row) for row in rows]
    counts = [each for each in parsed if each is not None]
    if not rows or len(counts) != len(parsed):
        return Missing(Cause.GARBLED, "the test report is cut off, or its counts contradict its tests")
    times = [_time(text) for text in told.known("at")]
    known = [time for time in times if time is not None]
    modified = told.number("modified")
    named = told.known("named_commit")
    return Report(
        cases=sum(each[0] for each in counts),
        failed=sum(each[1] for each in counts),
        skipped=sum(each[2] for each in counts),
        at=max(known, key=lambda pair: pair[0])[0] if known and len(known) == len(times) else None,
        zone=all(zone for _, zone in known),
        commit=named[-1] if len(set(named)) == 1 else "",
        made_here=told.known("inside") == ("yes",) and told.known("committed") == ("no",),
        modified=0 if isinstance(modified, Missing) else int(modified),
    )


def doubt(found: Report, at: Commit) -> str:
    """Why the report may be of another commit than the one checked out; empty when it is of this one.

    It is when it names the commit, or when it was made in this checkout after the checkout moved to the
    commit. A report that is merely newer may be of any branch.
    """
    if found.at is None:
        return "the test report does not tell when the tests ran"
    slack = timedelta(0) if found.zone else ZONES
    if found.at + slack < datetime.fromtimestamp(at.at, UTC):
        return f"the test report of {found.at:%Y-%m-%d} is older than the commit {at.short}"
    if found.commit:
        same = len(found.commit) >= 7 and at.hash.startswith(found.commit)
        return "" if same else f"the test report is of the commit {found.commit[:7]}, not of {at.short}"
    if not found.made_here:
        return f"the test report does not name a commit, so it may not be of {at.short}"
    if (
        at.since is None
        or found.modified < at.since
        or found.at.timestamp() + slack.total_seconds() < at.since
    ):
        return f"the test report may be from before {at.short} was checked out"
    return ""


def _counts(row: str) -> tuple[int, int, int] | None:
    """Testcases, failed or broken, skipped; None for a file that is cut or contradicts itself."""
    cases, failures, errors, skipped, announced, whole = fields(row, 6)
    if not all(each.isdecimal() for each in (cases, failures, errors, skipped)) or whole != "yes":
        return None
    if announced and announced != cases:
        return None
    return int(cases), int(failures) + int(errors), int(skipped)


def _time(text: str) -> tuple[datetime, bool] | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (time.replace(tzinfo=UTC), False) if time.tzinfo is None else (time, True)


def counted(passed: int, failed: int, skipped: int) -> str:
    """Counts in words."""
    return f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")


def too_many_skipped(passed: int, skipped: int, share: float) -> str:
    """Why so few of the tests say little; empty when enough of them ran."""
    total: Sequence[int] = (passed, skipped)
    if passed == 0:
        return "no test ran"
    return f"{skipped} of {sum(total)} tests were skipped" if skipped > share * sum(total) else ""
