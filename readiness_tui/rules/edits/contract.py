"""The contract of an edit: `apply`, and for an edit that can be undone `restoring`."""

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
    """Who edits, when (UTC), and with which checklist."""

    checklist: Checklist
    by: str
    now: datetime

    def item(self, item_id: str) -> Item:
        """The item with that id. Raises UsageError with the nearest id."""
        return find(self.checklist, item_id)


class Edit(Protocol):
    """One change of a session."""

    def apply(self, session: Session, context: Context) -> Session:
        """Return the session after the edit, or the same object if nothing changes.

        Raises UsageError or ValueError for an invalid edit.
        """
        ...


@runtime_checkable
class UndoableEdit(Edit, Protocol):
    """An edit that can be undone."""

    @property
    def item(self) -> str:
        """The id of the item that it changes; empty for a setting of the launch."""
        ...

    def restoring(self, session: Session, why: str) -> Edit:
        """The edit that restores what this one changes to its value in `session`.

        why: the word written to the history, `undo` or `redo`.
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
