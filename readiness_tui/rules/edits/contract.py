"""What an edit is: it owns `apply`, and one that can be undone says how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Checklist, Item
from readiness_tui.model.session import Session
from readiness_tui.suggest import near


@dataclass(frozen=True, slots=True)
class Context:
    """Who edits, when (UTC), and by which checklist."""

    checklist: Checklist
    by: str
    now: datetime

    def item(self, item_id: str) -> Item:
        """The item of that id. Raises UsageError naming the nearest one."""
        return find(self.checklist, item_id)


class Edit(Protocol):
    """One change of a session."""

    def apply(self, session: Session, context: Context) -> Session:
        """The session after the edit, or the same object when nothing changes.

        Raises UsageError or ValueError for an edit that does not fit.
        """
        ...


@runtime_checkable
class UndoableEdit(Edit, Protocol):
    """An edit that can be undone. item: the item that it changes, empty for a setting of the launch."""

    @property
    def item(self) -> str:
        """The id of the item that it changes; empty for a setting of the launch."""
        ...

    def restoring(self, session: Session, why: str) -> Edit:
        """The edit that sets what this one changes to its value in `session`.

        why: the word of history, `undo` or `redo`.
        """
        ...


def find(checklist: Checklist, item_id: str) -> Item:
    """The item of that id. Raises UsageError naming the nearest one."""
    if (item := checklist.items.get(item_id)) is not None:
        return item
    raise UsageError(
        f"no item {item_id!r} in checklist {checklist.id}{near(item_id, tuple(checklist.items))}",
        hint="readiness checklist show lists the ids",
    )
