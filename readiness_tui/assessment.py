"""The live session: the only mutable state, changed only by `Assessment.apply`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Checklist, Mode
from readiness_tui.model.session import Session
from readiness_tui.rules import edits
from readiness_tui.rules.decision.gate import Gate, decide
from readiness_tui.rules.decision.review import Review, review
from readiness_tui.rules.decision.seal import seal_unchanged
from readiness_tui.rules.decision.signoffs import RoleSignoff, SignatureCheck, judged, unverified
from readiness_tui.rules.decision.waivers import WaiverCheck
from readiness_tui.rules.decision.waivers import unverified as waiver_unverified
from readiness_tui.rules.standing import Standings, standings
from readiness_tui.rules.standing_cache import CachedStanding, cache_standing

Watcher = Callable[[Session, Session], None]
"""Called with the session before and after each change."""


def utc_now() -> datetime:
    """The current time in UTC, truncated to seconds, the resolution of session files."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of the undo history.

    edit: the edit that was made. back, forth: the edits that undo and redo it.
    """

    edit: edits.UndoableEdit
    back: edits.Edit
    forth: edits.Edit

    def touched(self, before: Session, after: Session) -> bool:
        """Whether the value that the edit changes differs between the two sessions."""
        return self.edit.restoring(before, "") != self.edit.restoring(after, "")


class Assessment:
    """A checklist and a session being worked on.

    It is the only source of truth: screens, the autosaver and the command line watch it.
    """

    def __init__(
        self,
        checklist: Checklist,
        session: Session,
        *,
        operator: str = "",
        read_only: str = "",
        clock: Callable[[], datetime] = utc_now,
        check: SignatureCheck = unverified,
        check_waiver: WaiverCheck = waiver_unverified,
    ) -> None:
        """operator: who edits; the session's operator if empty. read_only: why it cannot be edited, or empty.

        check, check_waiver: return why the signature of a sign-off or of a waiver does not count.
        """
        self.check = check
        self.check_waiver = check_waiver
        self.checklist = checklist
        self.operator = operator or session.operator
        self.read_only = read_only
        self._session = session
        self._clock = clock
        self._watchers: list[Watcher] = []
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        self._held: dict[str, CachedStanding] = {}
        self._found: tuple[Session, datetime, Standings] | None = None
        self._signed: tuple[Session, datetime, tuple[RoleSignoff, ...]] | None = None

    def now(self) -> datetime:
        """The current time (UTC) of this assessment's clock."""
        return self._clock()

    @property
    def session(self) -> Session:
        """The present session."""
        return self._session

    def apply(self, edit: edits.Edit) -> Session:
        """Apply one edit and call every watcher; do nothing if the edit changes nothing.

        Raises UsageError for an invalid edit, or if the session is read-only.
        """
        before = self._session
        after = self._make(edit)
        if after is not before:
            self._remember(edit, before, after)
        return after

    def _make(self, edit: edits.Edit) -> Session:
        """Apply an edit without recording how to undo it."""
        if self.read_only and not isinstance(edit, edits.SetPosition):
            raise UsageError(f"read-only: {self.read_only}")
        before = self._session
        after = edits.apply(self.checklist, before, edit, by=self.operator, now=self._clock())
        if after is not before:
            self._session = after
            for watcher in tuple(self._watchers):
                watcher(before, after)
        return after

    def replace(self, session: Session) -> None:
        """Replace the session by one that includes changes by others, and call every watcher.

        Steps whose values it changes can no longer be undone, because that would undo the others' work.
        """
        before, self._session = self._session, session
        for steps in (self._done, self._undone):
            steps[:] = [step for step in steps if not step.touched(before, session)]
        for watcher in tuple(self._watchers):
            watcher(before, session)

    def undo(self) -> str | None:
        """Undo the last change of an item or of a setting.

        Returns the item's id, an empty string for a setting of the launch, or None if there is nothing to
        undo.
        """
        return self._step(self._done, self._undone, "undo")

    def redo(self) -> str | None:
        """Redo the change undone last. Returns as `undo`, or None if there is nothing to redo."""
        return self._step(self._undone, self._done, "redo")

    def _step(self, source: list[_Step], other: list[_Step], why: str) -> str | None:
        if not source:
            return None
        step = source[-1]
        self._make(step.back if why == "undo" else step.forth)
        other.append(source.pop())
        return step.edit.item

    def _remember(self, edit: edits.Edit, before: Session, after: Session) -> None:
        if not isinstance(edit, edits.UndoableEdit):
            return
        step = _Step(edit, edit.restoring(before, "undo"), edit.restoring(after, "redo"))
        last = self._done[-1] if self._done else None
        if last is not None and getattr(edit, "continues", False) and last.edit.item == edit.item:
            self._done[-1] = dataclasses.replace(last, edit=edit, forth=step.forth)
        else:
            self._done.append(step)
        self._undone.clear()

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` after each change. Returns a function that stops this."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def standings(self) -> Standings:
        """Every item's standing now; only those whose inputs changed or expired are recomputed."""
        session, now, items = self._session, self._clock(), self.checklist.items
        if self._found is not None and self._found[0] is session and self._found[1] == now:
            return self._found[2]
        held = {
            key: cached.standing
            for key, cached in self._held.items()
            if cached.still(items[key], session, now)
        }
        results = standings(self.checklist, session, now, held=held, signed=self.signoffs(now))
        for key, item in items.items():
            if key not in held and item.mode is not Mode.DERIVED:
                self._held[key] = cache_standing(results[key], item, self.checklist, session, now)
        self._found = (session, now, results)
        return results

    def signoffs(self, at: datetime) -> tuple[RoleSignoff, ...]:
        """Every role's sign-off at a time (UTC). Judged again only when its inputs changed."""
        if self._signed is not None:
            session, moment, judged_signoffs = self._signed
            same = seal_unchanged(session, self._session) and session.signoffs is self._session.signoffs
            if same and (at == moment or not session.signoffs):
                return judged_signoffs
        judged_signoffs = judged(self.checklist, self._session, at, self.check)
        self._signed = (self._session, at, judged_signoffs)
        return judged_signoffs

    def review(self, files: Mapping[str, bytes] | None = None, now: datetime | None = None) -> Review:
        """Everything that a report shows, judged once. files: see `Review.files`. now: UTC."""
        moment = now or self._clock()
        return review(
            self.checklist,
            self._session,
            moment,
            check=self.check,
            check_waiver=self.check_waiver,
            files=files,
        )

    def gate(self, at: datetime | None = None) -> Gate:
        """The gate's decision at `at`, else at T0, else now."""
        return decide(
            self.checklist,
            self._session,
            self._clock(),
            at=at,
            check=self.check,
            check_waiver=self.check_waiver,
        )
