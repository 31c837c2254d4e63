"""Several edits of items that are made, undone and redone as one."""

from __future__ import annotations

from dataclasses import dataclass

from readiness_tui.model.session import Session
from readiness_tui.rules.edits.contract import Context
from readiness_tui.rules.edits.items import Restore, SetAnswer


@dataclass(frozen=True, slots=True)
class SetAnswers:
    """Answer several items; each leaves its own line of history. answers: at least one."""

    answers: tuple[SetAnswer, ...]

    @property
    def item(self) -> str:
        """The first item."""
        return self.answers[0].item

    def apply(self, session: Session, context: Context) -> Session:
        """Raises UsageError as `SetAnswer` does; no item is answered then."""
        for answer in self.answers:
            session = answer.apply(session, context)
        return session

    def restoring(self, session: Session, why: str) -> RestoreItems:
        """See `UndoableEdit`."""
        return RestoreItems(tuple(answer.restoring(session, why) for answer in self.answers))


@dataclass(frozen=True, slots=True)
class RestoreItems:
    """Put the human half of several items back (undo, redo)."""

    items: tuple[Restore, ...]

    def apply(self, session: Session, context: Context) -> Session:
        """As `Restore` for each."""
        for item in self.items:
            session = item.apply(session, context)
        return session
