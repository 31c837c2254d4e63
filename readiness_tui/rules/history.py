"""History entries: who changed what, with the complete old and new values."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from readiness_tui.model.answer import Evidence, Signoff, Waiver
from readiness_tui.model.facts import plain
from readiness_tui.model.inventory import Host
from readiness_tui.model.session import Change, Record, Session


def replaced(session: Session, **update: object) -> Session:
    """Return the session with these values; the same object if they are equal to the present ones."""
    if all(getattr(session, name) == value for name, value in update.items()):
        return session
    return session.model_copy(update=update)


def logged(
    session: Session, update: Mapping[str, object], change: Change, *, continues: bool = False
) -> Session:
    """Return the session with these values and a history entry; the same object if nothing changes.

    continues: merge this change into the last entry, if that is by the same person about the same thing.
    The merged entry keeps the older value.
    """
    changed = replaced(session, **update)
    if changed is session:
        return session
    lines = session.history
    if continues and lines and _about(lines[-1]) == _about(change):
        change = change.model_copy(update={"old": lines[-1].old})
        lines = lines[:-1]
    return changed.model_copy(update={"history": (*lines, change)})


def _about(change: Change) -> tuple[str, str, str]:
    return change.what, change.item, change.by


def answer(record: Record) -> str:
    """An answer with its reason, author and time; empty if there is none."""
    if record.answer is None:
        return ""
    parts = [str(record.answer)]
    parts += [f"({record.reason})"] if record.reason else []
    parts += [f"by {record.by}"] if record.by else []
    parts += [f"at {record.at.isoformat()}"] if record.at else []
    return " ".join(parts)


def summary(record: Record) -> str:
    """The human part of a record as text for a history entry: the answer and everything else."""
    held = [record.answer or "no answer"]
    held += [f"reason {record.reason!r}"] if record.reason else []
    held += [f"note {record.note!r}"] if record.note else []
    held += [f"evidence {evidence(record.evidence)}"] if record.evidence else []
    held += [f"waiver {waiver(record.waiver)}"] if record.waiver else []
    return ", ".join(held)


def evidence(entries: tuple[Evidence, ...]) -> str:
    """Each entry in full: its path or URL, its date, its digest."""
    return ", ".join(_entry(entry) for entry in entries)


def _entry(entry: Evidence) -> str:
    parts = [entry.url or entry.path or ""]
    parts += [f"as of {entry.as_of}"] if entry.as_of else []
    parts += [entry.sha256] if entry.sha256 else []
    return " ".join(parts)


def waiver(held: Waiver | None) -> str:
    """A waiver in full: expiry, reason, owner, approver; empty if there is none."""
    if held is None:
        return ""
    return f"until {held.expires}, owner {held.owner}, approved by {held.approver}: {held.reason}"


def signoff(held: Signoff) -> str:
    """A sign-off in full: decision, who, when, conditions, seal."""
    parts = [f"{held.decision.value} by {held.who} at {held.at.isoformat()}"]
    parts += [f"on condition: {held.conditions}"] if held.conditions else []
    return ", ".join((*parts, held.seal))


def hosts(launched: tuple[Host, ...]) -> str:
    """Each host in full: name, address, roles."""
    return ", ".join(",".join((f"{host.name}={host.address}", *host.roles)) for host in launched)


def value(parameter: JsonValue) -> str:
    """A parameter's value; empty if there is none."""
    return "" if parameter is None else plain(parameter)
