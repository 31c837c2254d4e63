"""Saving a file that others write too: what they did is merged in, item by item, never overwritten."""

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
"""How often a file that changes again while it is merged is read anew before the next retry."""


@dataclass(frozen=True, slots=True)
class MergedSave:
    """What was saved: `ours`, and what others had written into the file. items: how many of theirs."""

    ours: Session
    saved: Session
    items: int


@dataclass(frozen=True, slots=True)
class MergeConflict:
    """Both sides changed the same since `base`, the last common state; nothing was saved."""

    base: Session
    ours: Session
    theirs: Session
    merged: Merged


class MergingSaver:
    """Saves for the autosaver, in its thread.

    joined, clashed: called in that thread; they must not block. by: who works here.
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
        self._waiting: MergedSave | None = None  # saved, but not yet part of what is submitted

    @property
    def base(self) -> Session:
        """The last common state: what was read or saved last."""
        return self._base

    def save(self, session: Session) -> None:
        """Write the session; what others wrote since the last time is merged in first.

        Raises SessionError as `Sessions.save`, and when both sides changed the same.
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
        """A session that went on from `joined.ours`, with what others wrote."""
        return merge(joined.ours, session, joined.saved, by=self.by, now=self._clock()).session

    def taken_up(self) -> None:
        """What was merged is part of what will be submitted from now on."""
        self._waiting = None

    def settle(self, clash: MergeConflict) -> None:
        """The operator decided: from now on what they wrote is the common state."""
        self._base = clash.theirs

    def _merge_in(self, ours: Session) -> Session:
        for _ in range(ATTEMPTS):
            base, theirs = self._base, self._read(ours)
            merged = merge(base, ours, theirs, by=self.by, now=self._clock())
            if merged.conflicts:
                self._clashed(MergeConflict(base, ours, theirs, merged))
                raise SessionError(
                    "somebody else changed the same in the file",
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
        """The file as it is, under our checklist; read apart, so that nothing counts as known by it."""
        try:
            found = Sessions(self._sessions.folder).load(ours.launch, ours.day)
        except SessionError:
            raise
        except ReadinessError as error:
            raise SessionError(error.message, hint=error.hint) from error
        return migrate(self._checklist, found.model_copy(update={"checklist": ours.checklist}))


def _differing(base: Session, theirs: Session) -> int:
    """How many items they changed."""
    return sum(base.record(item) != theirs.record(item) for item in {*base.items, *theirs.items})
