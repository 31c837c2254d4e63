"""Resolve conflicts of a merge in favour of the other side."""

from __future__ import annotations

from collections.abc import Iterable

from readiness_tui.model.session import Session
from readiness_tui.rules.merging import SINGLES


def take(session: Session, theirs: Session, what: Iterable[str]) -> Session:
    """Return the session with their value of each `merging.Conflict.what`.

    Outcomes stay as merged, because they never conflict.
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
    new = [entry for entry in getattr(theirs, field) if getattr(entry, by) == key]
    held = getattr(session, field)
    if not any(getattr(entry, by) == key for entry in held):
        return {field: (*held, *new)}
    kept = ((entry,) if getattr(entry, by) != key else tuple(new) for entry in held)
    return {field: tuple(entry for entries in kept for entry in entries)}
