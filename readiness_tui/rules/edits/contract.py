"""The contract of an edit: `apply`, and whether it can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Checklist, Item
from readiness_tui.model.session import Session
from readiness_tui.suggest import near


@dataclass(frozen=True, slots=True)
class Context:
    """Who edits, when (UTC), and with which checklist."""

    checklist: Checklist
    by: str
    now: datetime

    def item(self, item_id: str) -> Item:
        """The item with that id. Raises UsageError with the nearest id."""
        return find(self.checklist, item_id)


class Edit(Protocol):
    """One change of a session."""

    undoable: ClassVar[bool]
    """Whether undo restores the item's record. Such an edit has an `item`."""

    def apply(self, session: Session, context: Context) -> Session:
        """Return the session after the edit, or the same object if nothing changes.

        Raises UsageError or ValueError for an invalid edit.
        """
        ...


def find(checklist: Checklist, item_id: str) -> Item:
    """The item with that id. Raises UsageError with the nearest id."""
    if (item := checklist.items.get(item_id)) is not None:
        return item
    raise UsageError(
        f"no item {item_id!r} in checklist {checklist.id}{near(item_id, tuple(checklist.items))}",
        hint="readiness checklist show lists the ids",
    )
