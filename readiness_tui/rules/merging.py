"""Three-way merge of sessions, item by item, so that two operators can work on separate copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pydantic import JsonValue

from readiness_tui.model.answer import Signoff
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import WORST_FIRST, Outcome
from readiness_tui.model.session import EMPTY, Change, Record, Session

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed the same value differently. The merge kept `ours`.

    what: an item's id, or `parameters.<name>`, `hosts.<name>`, `signoffs.<role>`, `notes`, `launch_at`,
    `checklist`. base, ours, theirs: the values as text, empty if there was none.
    """

    what: str
    base: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged session and the conflicts that a human must resolve."""

    session: Session
    conflicts: tuple[Conflict, ...]


def merge(base: Session | None, ours: Session, theirs: Session, *, by: str, now: datetime) -> Merged:
    """Merge the changes of both sides since `base` (None if there is no common base).

    Changes of different items merge without conflict. If both sides changed the human part of an item
    (answer, reason, note, evidence, waiver) differently, it is a conflict: ours is kept, and theirs is
    written to the history, so that nothing is lost. Outcomes never conflict: the latest for each host is
    kept. The history is the union of both, sorted by time.
    """
    conflicts: list[Conflict] = []
    update: dict[str, object] = {"items": _items(base, ours, theirs, conflicts)}
    for name, keyed in (("parameters", _parameters), ("hosts", _hosts), ("signoffs", _signoffs)):
        kept = _keyed(f"{name}.", keyed(base), keyed(ours), keyed(theirs), conflicts)
        update[name] = kept if name == "parameters" else tuple(kept.values())
    single = _keyed("", _singles(base), _singles(ours), _singles(theirs), conflicts)
    update |= {name: single.get(name) for name in SINGLES}
    lost = tuple(
        Change(at=now, by=by, what="conflict", item=conflict.what, old=conflict.ours, new=conflict.theirs)
        for conflict in conflicts
    )
    update["history"] = (*_history(ours, theirs), *lost)
    return Merged(ours.model_copy(update=update), tuple(conflicts))


SINGLES = ("checklist", "launch_at", "zone", "probe_on_open", "notes")
"""Values that a session has one of; the operator and the position are each side's own."""


def _keyed(
    prefix: str,
    base: Mapping[str, V],
    ours: Mapping[str, V],
    theirs: Mapping[str, V],
    conflicts: list[Conflict],
) -> dict[str, V]:
    """Merge mappings key by key. New keys of theirs are inserted after their neighbours."""
    merged: dict[str, V] = {}
    for key in _order(tuple(ours), tuple(theirs)):
        old, mine, other = base.get(key), ours.get(key), theirs.get(key)
        if mine != other and old not in (mine, other):
            conflicts.append(Conflict(prefix + key, _as_text(old), _as_text(mine), _as_text(other)))
        kept = other if mine == old else mine
        if kept is not None:
            merged[key] = kept
    return merged


def _order(ours: tuple[str, ...], theirs: tuple[str, ...]) -> list[str]:
    """The order of ours. A key that only theirs has is inserted after its predecessor in theirs."""
    order = list(ours)
    known = set(ours)
    for index, key in enumerate(theirs):
        if key not in known:
            place = order.index(theirs[index - 1]) + 1 if index else 0
            order.insert(place, key)
            known.add(key)
    return order


def _items(
    base: Session | None, ours: Session, theirs: Session, conflicts: list[Conflict]
) -> dict[str, Record]:
    merged: dict[str, Record] = {}
    for item_id in _order(tuple(ours.items), tuple(theirs.items)):
        old = base.record(item_id) if base else EMPTY
        mine, other = ours.record(item_id), theirs.record(item_id)
        if _human(mine) != _human(other) and _human(old) not in (_human(mine), _human(other)):
            conflicts.append(Conflict(item_id, _as_text(old), _as_text(mine), _as_text(other)))
        kept = other if _human(mine) == _human(old) else mine
        record = kept.model_copy(update={"outcomes": _outcomes(old, mine, other)})
        if not record.empty:
            merged[item_id] = record
    return merged


def _human(record: Record) -> Record:
    return record.model_copy(update={"outcomes": {}})


def _outcomes(old: Record, mine: Record, other: Record) -> dict[str, Outcome]:
    """The latest outcome for each target. A target that one side removed since the base stays removed."""
    kept_outcomes: dict[str, Outcome] = {}
    for target in dict.fromkeys((*mine.outcomes, *other.outcomes)):
        was, first, second = (record.outcomes.get(target) for record in (old, mine, other))
        if first is None or second is None:
            present = first or second
            if present is not None and present != was:
                kept_outcomes[target] = present
        else:
            kept_outcomes[target] = _later(first, second)
    return kept_outcomes


def _later(ours: Outcome, theirs: Outcome) -> Outcome:
    """The later outcome; if both are of the same second, the worse one."""
    if ours.asked_at != theirs.asked_at:
        return max(ours, theirs, key=lambda outcome: outcome.asked_at)
    return min(ours, theirs, key=lambda outcome: WORST_FIRST.index(outcome.verdict))


def _history(ours: Session, theirs: Session) -> tuple[Change, ...]:
    """Every entry once, sorted by time. Entries of the same second keep their order."""
    present = set(ours.history)
    added = [change for change in theirs.history if change not in present]
    return tuple(sorted((*ours.history, *added), key=lambda change: change.at))


def _parameters(session: Session | None) -> Mapping[str, JsonValue]:
    return session.parameters if session else {}


def _hosts(session: Session | None) -> Mapping[str, Host]:
    return {host.name: host for host in session.hosts} if session else {}


def _signoffs(session: Session | None) -> Mapping[str, Signoff]:
    return {signoff.role: signoff for signoff in session.signoffs} if session else {}


def _singles(session: Session | None) -> Mapping[str, object]:
    return {name: getattr(session, name) for name in SINGLES} if session else {}


def _as_text(value: object) -> str:
    if value is None or value == EMPTY:
        return ""
    if isinstance(value, Record):
        held = value.model_dump(mode="json", exclude_defaults=True, exclude={"outcomes", "text"})
        return ", ".join(f"{key}: {part}" for key, part in held.items())
    return str(value)
