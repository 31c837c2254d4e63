"""Drift: the difference between two sessions, most important first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum

from readiness_tui.model.answer import Waiver
from readiness_tui.model.checklist import Checklist, Item
from readiness_tui.model.outcome import Outcome
from readiness_tui.model.session import Record, Session
from readiness_tui.rules.standing import ItemStanding, Standing, outcomes, standings


class Kind(StrEnum):
    """How an item changed, most important first."""

    REGRESSED = "regressed"
    STALE = "newly-stale"
    OPEN = "newly-open"
    FIXED = "fixed"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Seen:
    """A session at a given time (UTC), with its checklist."""

    checklist: Checklist
    session: Session
    at: datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """A value before and after; None if there was none."""

    what: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class ItemDrift:
    """How one item changed.

    before, after: its standings; None if the checklist of that session does not contain the item. hosts:
    outcomes that differ, one per target. parts: other differences (answer, reason, note, waiver, text,
    ...).
    """

    item: Item
    kind: Kind
    before: ItemStanding | None
    after: ItemStanding | None
    hosts: tuple[Shift, ...] = ()
    parts: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """The difference between two sessions. items: those that differ, most important first."""

    before: Seen
    after: Seen
    items: tuple[ItemDrift, ...]
    counts: dict[str, int]

    @property
    def regressed(self) -> bool:
        """Whether an item that was satisfied no longer is."""
        return self.counts[Kind.REGRESSED] > 0


def last_touched(session: Session) -> datetime:
    """The latest time recorded in the session (UTC), when that day's walk ended."""
    times = [change.at for change in session.history]
    times += [signoff.at for signoff in session.signoffs]
    for record in session.items.values():
        times += [record.at] if record.at else []
        times += [outcome.asked_at for outcome in record.outcomes.values()]
    return max(times, default=datetime.combine(session.day, time(), UTC))


def drift(before: Seen, after: Seen) -> Drift:
    """Compare two sessions. Each is judged at its own time by its own checklist."""
    clock = max(before.at, after.at)
    old, new = _standings(before, clock), _standings(after, clock)
    renamed = {former: item.id for item in after.checklist.items.values() for former in item.was}
    old_items = {renamed.get(item_id, item_id): item for item_id, item in before.checklist.items.items()}
    drifts: list[ItemDrift] = []
    for item_id, item in after.checklist.items.items():
        earlier = old_items.get(item_id)
        drifts.append(
            _item(before, after, earlier, item, old.get(earlier.id) if earlier else None, new[item_id])
        )
    for item_id, item in old_items.items():
        if item_id not in after.checklist.items:
            drifts.append(ItemDrift(item, Kind.REMOVED, old[item.id], None))
    tally = Counter(item_drift.kind for item_drift in drifts)
    order = list(Kind)
    changed = sorted(
        (entry for entry in drifts if entry.kind is not Kind.SAME), key=lambda entry: order.index(entry.kind)
    )
    return Drift(before, after, tuple(changed), {kind.value: tally[kind] for kind in Kind})


def _standings(seen: Seen, clock: datetime) -> dict[str, ItemStanding]:
    return dict(standings(seen.checklist, seen.session, seen.at, clock=clock))


def _item(
    before: Seen,
    after: Seen,
    earlier: Item | None,
    item: Item,
    was: ItemStanding | None,
    now: ItemStanding,
) -> ItemDrift:
    if earlier is None or was is None:
        return ItemDrift(item, Kind.ADDED, None, now)
    old, new = _record(before.session, earlier), _record(after.session, item)
    hosts = _hosts(
        outcomes(earlier, before.checklist, before.session), outcomes(item, after.checklist, after.session)
    )
    parts = _parts(old, new)
    if earlier.text != item.text:
        parts = (Shift("text", earlier.text, item.text), *parts)
    return ItemDrift(item, _kind(was, now, hosts, parts), was, now, hosts, parts)


def _record(session: Session, item: Item) -> Record:
    held = [session.record(item_id) for item_id in (item.id, *item.was)]
    return next((record for record in held if not record.empty), held[0])


def _kind(was: ItemStanding, now: ItemStanding, hosts: tuple[Shift, ...], parts: tuple[Shift, ...]) -> Kind:
    """Classify a change. An expired waiver counts as newly stale, because only time has passed."""
    reworded = any(part.what == "text" for part in parts)
    if reworded and now.standing is Standing.STALE:
        return Kind.REWORDED
    if was.satisfied and not now.satisfied:
        if now.standing is Standing.STALE or (
            was.standing is Standing.WAIVED and was.underlying is now.standing
        ):
            return Kind.STALE
        return Kind.OPEN if now.standing is Standing.OPEN else Kind.REGRESSED
    if now.satisfied and not was.satisfied:
        return Kind.FIXED
    if now.standing is not was.standing:
        if now.standing is Standing.STALE:
            return Kind.STALE
        if now.standing is Standing.OPEN:
            return Kind.OPEN
    if reworded:
        return Kind.REWORDED
    return Kind.CHANGED if hosts or parts or now.standing is not was.standing else Kind.SAME


def _hosts(old: dict[str, Outcome | None], new: dict[str, Outcome | None]) -> tuple[Shift, ...]:
    shifts: list[Shift] = []
    for target in dict.fromkeys((*old, *new)):
        was, now = _outcome_text(old.get(target)), _outcome_text(new.get(target))
        if was != now:
            shifts.append(Shift(target, was, now))
    return tuple(shifts)


def _outcome_text(outcome: Outcome | None) -> str | None:
    if outcome is None:
        return None
    verdict = f"{outcome.verdict} {outcome.cause}" if outcome.cause else outcome.verdict.value
    return f"{verdict}: {outcome.evidence}" if outcome.evidence else verdict


def _parts(old: Record, new: Record) -> tuple[Shift, ...]:
    pairs = (
        ("answer", old.answer, new.answer),
        ("reason", old.reason, new.reason),
        ("note", old.note, new.note),
        ("evidence", _proofs(old), _proofs(new)),
        ("waiver", _terms(old.waiver), _terms(new.waiver)),
    )
    return tuple(Shift(what, was or None, now or None) for what, was, now in pairs if was != now)


def _proofs(record: Record) -> str:
    return ", ".join(proof.url or proof.path or "" for proof in record.evidence)


def _terms(waiver: Waiver | None) -> str:
    if waiver is None:
        return ""
    return f"{waiver.reason} (owner {waiver.owner}, approved by {waiver.approver}, to {waiver.expires})"
