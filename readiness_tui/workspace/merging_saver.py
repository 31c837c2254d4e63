"""Save a file that others may write too: their changes are merged item by item, never overwritten."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from readiness_tui.errors import ReadinessError, SessionError
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import Session
from readiness_tui.rules.former_ids import migrate
from readiness_tui.rules.merging import Merged, merge
from readiness_tui.store.sessions import Sessions

ATTEMPTS = 3
"""How often to read the file again if it changes during a merge, before the next retry."""


@dataclass(frozen=True, slots=True)
class MergedSave:
    """What was saved: `ours`, and what others had written to the file. items: how many they changed."""

    ours: Session
    saved: Session
    items: int


@dataclass(frozen=True, slots=True)
class MergeConflict:
    """Both sides changed the same values since `base`, the last common state. Nothing was saved."""

    base: Session
    ours: Session
    theirs: Session
    merged: Merged


class MergingSaver:
    """The save function of the autosaver, called in its thread.

    joined, clashed: called in that thread; they must not block.
    """

    def __init__(
        self,
        sessions: Sessions,
        checklist: Checklist,
        base: Session,
        joined: Callable[[MergedSave], None],
        clashed: Callable[[MergeConflict], None],
        *,
        by: str,
        clock: Callable[[], datetime],
        hint: str = "",
    ) -> None:
        """base: the session as it was read. hint: what to do about a conflict."""
        self._sessions = sessions
        self._checklist = checklist
        self._base = base
        self._joined = joined
        self._clashed = clashed
        self.by = by
        self._clock = clock
        self._hint = hint
        self._waiting: MergedSave | None = None  # saved, but not yet part of the submitted sessions

    @property
    def base(self) -> Session:
        """The last common state: the session read or saved last."""
        return self._base

    def save(self, session: Session) -> None:
        """Write the session, after merging what others wrote since the last time.

        Raises SessionError as `Sessions.save`, and if both sides changed the same values.
        """
        if (waiting := self._waiting) is not None:
            session = self.rebased(waiting, session)
        try:
            self._sessions.save(session)
        except SessionError:
            if not (os.path.exists(self._sessions.path(session)) and self._sessions.changed(session)):
                raise
            session = self._merge_in(session)
        self._base = session

    def rebased(self, joined: MergedSave, session: Session) -> Session:
        """A session that was edited since `joined.ours`, with the changes of others merged in."""
        return merge(joined.ours, session, joined.saved, by=self.by, now=self._clock()).session

    def taken_up(self) -> None:
        """The merged changes are part of all sessions submitted from now on."""
        self._waiting = None

    def settle(self, clash: MergeConflict) -> None:
        """The operator resolved the conflict: their state is the common state from now on."""
        self._base = clash.theirs

    def _merge_in(self, ours: Session) -> Session:
        for _ in range(ATTEMPTS):
            base, theirs = self._base, self._read(ours)
            merged = merge(base, ours, theirs, by=self.by, now=self._clock())
            if merged.conflicts:
                self._clashed(MergeConflict(base, ours, theirs, merged))
                raise SessionError(
                    "the file has conflicting changes by someone else",
                    where=str(self._sessions.path(ours)),
                    hint=self._hint,
                )
            if self._read(ours) == theirs:
                self._sessions.save(merged.session, overwrite=True)
                self._waiting = MergedSave(ours, merged.session, _differing(base, theirs))
                self._joined(self._waiting)
                return merged.session
        raise SessionError("the file keeps changing", where=str(self._sessions.path(ours)))

    def _read(self, ours: Session) -> Session:
        """The file as it is now, under our checklist. Read separately, so that it does not count as known."""
        try:
            theirs = Sessions(self._sessions.folder).load(ours.launch, ours.day)
        except SessionError:
            raise
        except ReadinessError as error:
            raise SessionError(error.message, hint=error.hint) from error
        return migrate(self._checklist, theirs.model_copy(update={"checklist": ours.checklist}))


def _differing(base: Session, theirs: Session) -> int:
    """The number of items that they changed."""
    return sum(base.record(item) != theirs.record(item) for item in {*base.items, *theirs.items})
