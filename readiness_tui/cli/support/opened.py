"""Open a launch for a verb, and save it with the same merging saver as the TUI."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

import click

from readiness_tui import settings
from readiness_tui.assessment import Assessment, utc_now
from readiness_tui.cli.support.folder import sessions_at
from readiness_tui.cli.support.options import Place
from readiness_tui.cli.support.printing import say
from readiness_tui.launch import Launch
from readiness_tui.store import recovery
from readiness_tui.store.recovery import Rescued
from readiness_tui.workspace.merging_saver import MergeConflict, MergedSave, MergingSaver


def to_read(option: str | None, place: Place, context: click.Context | None = None) -> Launch:
    """The launch as it was saved: the named day, else its newest. Nothing is created or written."""
    sessions = sessions_at(option, context)
    day = place.day or sessions.load(place.launch).day
    return Launch.open(sessions, place.launch, day=day)


class Work:
    """A launch that a verb edits. `save` writes it, merged with what others wrote."""

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        self.conflict: MergeConflict | None = None
        self._merged: MergedSave | None = None
        name = launch.assessment.session.launch
        self._saver = MergingSaver(
            launch.sessions,
            launch.assessment.checklist,
            launch.read,
            self._take_up,
            self._clash,
            by=launch.assessment.operator,
            clock=utc_now,
            hint=f"nothing was saved; to see both sides: readiness open {shlex.quote(name)}",
        )

    @property
    def assessment(self) -> Assessment:
        """The live session."""
        return self.launch.assessment

    def save(self) -> None:
        """Write the present session.

        Raises SessionError if it cannot be written, or if others changed the same values in the file.
        """
        self._saver.save(self.assessment.session)
        if (merged := self._merged) is not None:
            self._merged = None
            self.assessment.replace(self._saver.rebased(merged, self.assessment.session))
            self._saver.taken_up()
            items = "1 item" if merged.items == 1 else f"{merged.items} items"
            say(f"merged and saved: someone else changed {items} in the file")

    def keep(self) -> Rescued:
        """Write the session, with what could not be saved, to a file in the user's state folder.

        Raises SessionError when that fails too.
        """
        session = self.assessment.session
        return recovery.keep(
            self.launch.sessions, self._saver.base, session, recovery.place(session, utc_now())
        )

    def _take_up(self, merged: MergedSave) -> None:
        self._merged = merged

    def _clash(self, conflict: MergeConflict) -> None:
        self.conflict = conflict


@contextmanager
def to_work(option: str | None, launch: str, operator: str | None = None) -> Iterator[Work]:
    """The launch to edit, locked for this process: today's session, carried over if it is new.

    operator: the value of --operator.
    """
    who = (operator or "").strip() or settings.operator()
    opened = Launch.open(sessions_at(option), launch, operator=who)
    try:
        yield Work(opened)
    finally:
        opened.release()
