"""A launch's days for comparing: read apart from the open launch, which must notice what others write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from readiness_tui.compare import on_day
from readiness_tui.display.rows import tally
from readiness_tui.reports.parts.drift import markdown
from readiness_tui.rules.drift import Drift, Seen, drift
from readiness_tui.rules.standing import standings
from readiness_tui.store import atomic
from readiness_tui.store.sessions import Sessions


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many items were unresolved when a day was left. of: how many were due.

    failing, unknown, stale: how many of all items. sections: title to unresolved.
    """

    day: date
    left: int
    of: int
    failing: int
    unknown: int
    stale: int
    sections: dict[str, int]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days of a launch.

    live: gives what stands on the desk, which may be ahead of its file; None when nothing does.
    All but `name` does file I/O and belongs in a thread.
    """

    folder: Path
    name: str
    clock: Callable[[], datetime]
    live: Callable[[], Seen] | None = None

    def days(self) -> tuple[date, ...]:
        """All days, oldest first. Raises SessionError."""
        return Sessions(self.folder).days(self.name)

    def at(self, day: date) -> Seen:
        """A day as it was left, the newest one as it is now. Raises as `compare.on_day`."""
        if self.live is not None and (seen := self.live()).session.day == day:
            return seen
        return on_day(Sessions(self.folder), self.name, day, self.clock())

    def between(self, older: date, newer: date) -> Drift:
        """What changed from one day to another. Raises as `compare.on_day`."""
        return drift(self.at(older), self.at(newer))

    def export(self, found: Drift) -> Path:
        """Write the comparison as Markdown beside the session; its path. Raises SessionError."""
        days = f"{found.before.session.day}-to-{found.after.session.day}"
        path = Sessions(self.folder).folder_of(self.name) / f"changes-{days}.md"
        atomic.write(path, markdown(found).encode())
        return path

    def counts(self) -> Iterator[DayCount]:
        """Each day's unresolved items, oldest first. Raises as `compare.on_day`."""
        for day in self.days():
            seen = self.at(day)
            found = standings(seen.checklist, seen.session, seen.at)
            everything = tally(seen.checklist.items.values(), found)
            yield DayCount(
                day,
                everything.unresolved,
                everything.total,
                everything.failing,
                everything.unknown,
                everything.stale,
                {
                    section.title: tally(section.items, found).unresolved
                    for section in seen.checklist.sections
                },
            )


@dataclass(frozen=True, slots=True)
class Pair:
    """Two of a launch's days. older, newer: places in `days`; older is -1 when there is no earlier day."""

    days: tuple[date, ...] = ()
    older: int = -1
    newer: int = -1

    @classmethod
    def of(cls, days: tuple[date, ...], newer: date | None) -> Pair:
        """A day and the one before it; the newest day without one, or when there is no such day."""
        place = days.index(newer) if newer in days else len(days) - 1
        return cls(days, place - 1, place)

    @property
    def chosen(self) -> tuple[date, date]:
        """The two days."""
        return self.days[self.older], self.days[self.newer]

    @property
    def places(self) -> str:
        """Which days they are, counted from 1."""
        return f"day {self.older + 1} with day {self.newer + 1} of {len(self.days)}"

    def named(self, arrow: str) -> str:
        """`2026-11-23 → 2026-11-24 (now)`."""
        now = " (now)" if self.newer == len(self.days) - 1 else ""
        return f"{self.days[self.older]} {arrow} {self.days[self.newer]}{now}"

    def moved(self, older: int, newer: int) -> Pair:
        """The days so many further on."""
        return Pair(self.days, self.older + older, self.newer + newer)

    def why_not(self, older: int, newer: int) -> str:
        """Why they cannot be moved by so many days; empty when they can."""
        there = self.moved(older, newer)
        if len(self.days) < 2:
            return "there is one day only"
        if there.older < 0:
            return "there is no earlier day"
        if there.newer >= len(self.days):
            return "that is the newest day"
        return "" if there.older < there.newer else "the older day must stay before the newer one"


def signed_day(seen: Seen, days: tuple[date, ...]) -> date | None:
    """The day on which the session was last signed, by the operator's calendar; None when never."""
    last = max((signoff.at for signoff in seen.session.signoffs), default=None)
    if last is None:
        return None
    return max((day for day in days if day <= last.astimezone().date()), default=None)
