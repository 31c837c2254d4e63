"""How an item would stand after an answer that is not given yet."""

from __future__ import annotations

from datetime import datetime

from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.checklist import Checklist, Item
from readiness_tui.model.session import Session
from readiness_tui.rules import edits
from readiness_tui.rules.item_standing import ItemStanding, Moment, alone
from readiness_tui.rules.probing.questions import Questions


def standing_after(
    checklist: Checklist, session: Session, item: Item, answer: AnswerKind, now: datetime, reason: str = ""
) -> ItemStanding:
    """The standing of an item that is not derived, if it were answered so now (UTC).

    Raises UsageError for an answer that does not fit the item.
    """
    edit = edits.SetAnswer(item.id, answer, reason)
    after = edits.apply(checklist, session, edit, by=session.operator, now=now)
    return alone(item, checklist, after, Moment(now, now, Questions(checklist, after)))
