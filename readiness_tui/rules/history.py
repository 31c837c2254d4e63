"""Lines of history: who changed what, from what, to what; and how a change reads in one."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from readiness_tui.model.answer import Evidence, Waiver
from readiness_tui.model.facts import plain
from readiness_tui.model.inventory import Host
from readiness_tui.model.session import Change, Record, Session


def replaced(session: Session, **update: object) -> Session:
    """The session with these values; the same object when they are the values it has."""
    if all(getattr(session, name) == value for name, value in update.items()):
        return session
    return session.model_copy(update=update)


def logged(session: Session, update: Mapping[str, object], change: Change) -> Session:
    """The session with these values and a line of history; the same object when nothing changes."""
    changed = replaced(session, **update)
    if changed is session:
        return session
    lines = session.history
    if lines and _goes_on(lines[-1], change):
        change = change.model_copy(update={"old": lines[-1].old})
        lines = lines[:-1]
    return changed.model_copy(update={"history": (*lines, change)})


def _goes_on(last: Change, change: Change) -> bool:
    """The change is more typing in the note that the last one was about."""
    return change.what == "note" and (last.what, last.item, last.by) == ("note", change.item, change.by)


def summary(record: Record) -> str:
    """A record's human half in a line of history: the answer, and what else it holds."""
    held = [record.answer or "no answer"]
    held += [f"reason {record.reason!r}"] if record.reason else []
    held += [f"note {record.note!r}"] if record.note else []
    held += [f"evidence {places(record.evidence)}"] if record.evidence else []
    held += [f"waiver {until(record.waiver)}"] if record.waiver else []
    return ", ".join(held)


def places(evidence: tuple[Evidence, ...]) -> str:
    """Where the evidence is."""
    return ", ".join(proof.url or proof.path or "" for proof in evidence)


def until(waiver: Waiver | None) -> str:
    """Until when a waiver holds; empty for none."""
    return f"until {waiver.expires}" if waiver else ""


def hosts(all_of_them: tuple[Host, ...]) -> str:
    """Names and addresses."""
    return ", ".join(f"{host.name}={host.address}" for host in all_of_them)


def said(value: JsonValue) -> str:
    """A parameter's value; empty for none."""
    return "" if value is None else plain(value)
