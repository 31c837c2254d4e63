"""The live session: the only object that changes, and the one door through which it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import Session
from readiness_tui.rules import edits
from readiness_tui.rules.gate import Gate, decide
from readiness_tui.rules.standing import Standings, standings

Watcher = Callable[[Session, Session], None]
"""Called with the session before and after each change."""


def utc_now() -> datetime:
    """The present moment, UTC, to the second: what the file can keep."""
    return datetime.now(UTC).replace(microsecond=0)


class Assessment:
    """A checklist and a session being worked on.

    Nothing else holds truth: screens, the autosaver and the command line watch it.
    """

    def __init__(
        self,
        checklist: Checklist,
        session: Session,
        *,
        operator: str = "",
        read_only: str = "",
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """operator: who edits; the session's own when empty. read_only: why not to edit, if so."""
        self.checklist = checklist
        self.operator = operator or session.operator
        self.read_only = read_only
        self._session = session
        self._clock = clock
        self._watchers: list[Watcher] = []

    @property
    def session(self) -> Session:
        """The session as it is now."""
        return self._session

    def apply(self, edit: edits.Edit) -> Session:
        """Make one change and tell every watcher; nothing happens when it changes nothing.

        Raises UsageError for an edit that does not fit, or when the session is read-only.
        """
        if self.read_only and not isinstance(edit, edits.SetPosition):
            raise UsageError(f"read-only: {self.read_only}")
        before = self._session
        after = edits.apply(self.checklist, before, edit, by=self.operator, now=self._clock())
        if after is not before:
            self._session = after
            for watcher in tuple(self._watchers):
                watcher(before, after)
        return after

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher` called after each change; the returned function ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def standings(self) -> Standings:
        """Every item's standing now."""
        return standings(self.checklist, self._session, self._clock())

    def gate(self, at: datetime | None = None) -> Gate:
        """Go or no-go, at `at`, else at T0, else now."""
        return decide(self.checklist, self._session, self._clock(), at=at)
