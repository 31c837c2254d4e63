"""Records kept under a former id of an item belong to the item."""

from __future__ import annotations

from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import Session


def migrate(checklist: Checklist, session: Session) -> Session:
    """The session with records and position under the checklist's present ids.

    A record of an id that the checklist does not know stays as it is; one of a former id (`was`)
    moves to the present one unless that has a record already. The same object when none moves.
    """
    former = {old: item.id for item in checklist.items.values() for old in item.was}
    moved = {
        item_id: former[item_id]
        for item_id in session.items
        if item_id not in checklist.items and item_id in former and former[item_id] not in session.items
    }
    position = former.get(session.position, session.position)
    if not moved and position == session.position:
        return session
    items = {moved.get(item_id, item_id): record for item_id, record in session.items.items()}
    return session.model_copy(update={"items": items, "position": position})
