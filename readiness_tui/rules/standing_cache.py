"""Cache standings: recompute only those whose inputs changed or whose time has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from readiness_tui.model.checklist import Checklist, Item, Phase
from readiness_tui.model.session import Record, Session
from readiness_tui.rules.item_standing import AHEAD, ItemStanding, outcomes, waiver_ends


@dataclass(frozen=True, slots=True)
class CachedStanding:
    """A standing and its inputs. valid_for: counted from `since`; None until an input changes."""

    one: ItemStanding
    record: Record
    source: Record
    session: Session
    since: datetime
    valid_for: timedelta | None

    def still(self, item: Item, session: Session, now: datetime) -> bool:
        """Whether computing it now would give the same. Records are immutable: identity is enough."""
        return (
            session.record(item.id) is self.record
            and (item.same_as is None or session.record(item.same_as) is self.source)
            and session.hosts is self.session.hosts
            and session.parameters is self.session.parameters
            and session.launch_at is self.session.launch_at
            and session.zone == self.session.zone
            and timedelta() <= now - self.since
            and (self.valid_for is None or now - self.since < self.valid_for)
        )


def hold(
    one: ItemStanding, item: Item, checklist: Checklist, session: Session, now: datetime
) -> CachedStanding:
    """The standing of an item that is not derived, just worked out."""
    left = [left for left in _ends(item, checklist, session, now) if left >= timedelta()]
    return CachedStanding(
        one,
        session.record(item.id),
        session.record(item.same_as or item.id),
        session,
        now,
        min(left, default=None),
    )


def _ends(item: Item, checklist: Checklist, session: Session, now: datetime) -> Iterator[timedelta]:
    """In how long time alone may change it (design.md, section 3, rules 1, 2 and 5)."""
    record = session.record(item.id)
    if item.phase is not Phase.LAUNCH and session.launch_at is not None:
        yield session.launch_at - now + item.phase.due
    if record.at is not None:
        yield record.at - AHEAD - now
    if record.waiver is not None:
        yield waiver_ends(record.waiver, session) - now
    if item.valid is not None and record.at is not None:
        yield item.valid - (now - record.at)
    found = [outcome for outcome in outcomes(item, checklist, session).values() if outcome is not None]
    yield from (outcome.asked_at - AHEAD - now for outcome in found)
    fresh = checklist.items.get(item.same_as or item.id, item).fresh
    if fresh is not None:
        yield from (fresh - (now - outcome.asked_at) for outcome in found)
