"""Move records kept under a former id of an item to its present id."""

from __future__ import annotations

from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import Session


def migrate(checklist: Checklist, session: Session) -> Session:
    """Return the session with records and position under the checklist's present ids.

    A record of an unknown id is unchanged. A record of a former id (`was`) moves to the present id,
    unless that id has a record already. Returns the same object if nothing moves.
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
