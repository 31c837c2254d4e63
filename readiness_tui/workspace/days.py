"""A launch's days for comparison, read separately from the open launch."""

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
    """The number of unresolved items at the end of a day. of: the number that were due.

    failing, unknown, stale: their numbers, of all items. sections: unresolved items by section title.
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

    live: returns the open session, which may be newer than its file; None if no launch is open.
    Everything but `name` does file I/O, so call it in a thread.
    """

    folder: Path
    name: str
    clock: Callable[[], datetime]
    live: Callable[[], Seen] | None = None

    def days(self) -> tuple[date, ...]:
        """All days, oldest first. Raises SessionError."""
        return Sessions(self.folder).days(self.name)

    def at(self, day: date) -> Seen:
        """A day as it ended; the newest day as it is now. Raises as `compare.on_day`."""
        if self.live is not None and (seen := self.live()).session.day == day:
            return seen
        return on_day(Sessions(self.folder), self.name, day, self.clock())

    def between(self, older: date, newer: date) -> Drift:
        """The changes from one day to another. Raises as `compare.on_day`."""
        return drift(self.at(older), self.at(newer))

    def export(self, changes: Drift) -> Path:
        """Write the comparison as Markdown beside the session. Returns its path. Raises SessionError."""
        days = f"{changes.before.session.day}-to-{changes.after.session.day}"
        path = Sessions(self.folder).folder_of(self.name) / f"changes-{days}.md"
        atomic.write(path, markdown(changes).encode())
        return path

    def counts(self) -> Iterator[DayCount]:
        """Each day's unresolved items, oldest first. Raises as `compare.on_day`."""
        for day in self.days():
            seen = self.at(day)
            standings_by_id = standings(seen.checklist, seen.session, seen.at)
            everything = tally(seen.checklist.items.values(), standings_by_id)
            yield DayCount(
                day,
                everything.unresolved,
                everything.total,
                everything.failing,
                everything.unknown,
                everything.stale,
                {
                    section.title: tally(section.items, standings_by_id).unresolved
                    for section in seen.checklist.sections
                },
            )


@dataclass(frozen=True, slots=True)
class Pair:
    """Two days of a launch. older, newer: indexes in `days`; older is -1 if there is no earlier day."""

    days: tuple[date, ...] = ()
    older: int = -1
    newer: int = -1

    @classmethod
    def of(cls, days: tuple[date, ...], newer: date | None) -> Pair:
        """A day and the one before it. The newest day if none is given or it does not exist."""
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
        """The pair with each day moved by so many days."""
        return Pair(self.days, self.older + older, self.newer + newer)

    def why_not(self, older: int, newer: int) -> str:
        """Why they cannot be moved by so many days; empty if they can."""
        there = self.moved(older, newer)
        if len(self.days) < 2:
            return "there is only one day"
        if there.older < 0:
            return "there is no earlier day"
        if there.newer >= len(self.days):
            return "that is the newest day"
        return "" if there.older < there.newer else "the older day must be before the newer one"


def signed_day(seen: Seen, days: tuple[date, ...]) -> date | None:
    """The day on which the session was last signed, by the operator's calendar; None if never."""
    last = max((signoff.at for signoff in seen.session.signoffs), default=None)
    if last is None:
        return None
    return max((day for day in days if day <= last.astimezone().date()), default=None)
