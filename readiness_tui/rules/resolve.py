"""Deciding a conflict of a merge for the other side."""

from __future__ import annotations

from collections.abc import Iterable

from readiness_tui.model.session import Session
from readiness_tui.rules.merging import SINGLES


def take(session: Session, theirs: Session, what: Iterable[str]) -> Session:
    """The session with their value of each thing named, as `merge.Conflict.what` names them.

    Outcomes stay as they were merged: they are no opinions.
    """
    for name in what:
        session = session.model_copy(update=_taken(session, theirs, name))
    return session


def _taken(session: Session, theirs: Session, name: str) -> dict[str, object]:
    if name in session.items or name in theirs.items:
        record = theirs.record(name).model_copy(update={"outcomes": session.record(name).outcomes})
        others = {item: held for item, held in session.items.items() if item != name or not record.empty}
        return {"items": others if record.empty else others | {name: record}}
    if name in SINGLES:
        return {name: getattr(theirs, name)}
    field, _, key = name.partition(".")
    if field == "parameters":
        parameters = {word: value for word, value in session.parameters.items() if word != key}
        return {field: parameters | ({key: theirs.parameters[key]} if key in theirs.parameters else {})}
    by = "name" if field == "hosts" else "role"
    new = [one for one in getattr(theirs, field) if getattr(one, by) == key]
    held = getattr(session, field)
    if not any(getattr(one, by) == key for one in held):
        return {field: (*held, *new)}
    kept = ((one,) if getattr(one, by) != key else tuple(new) for one in held)
    return {field: tuple(one for some in kept for one in some)}
