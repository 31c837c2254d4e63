"""Cache standings: recompute only those whose inputs changed or expired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from readiness_tui.model.checklist import Checklist, Item, Phase
from readiness_tui.model.session import Record, Session
from readiness_tui.rules.item_standing import AHEAD, ItemStanding, outcomes, waiver_ends


@dataclass(frozen=True, slots=True)
class CachedStanding:
    """A standing and its inputs. valid_for: measured from `since`; None means until an input changes."""

    standing: ItemStanding
    record: Record
    source: Record
    session: Session
    since: datetime
    valid_for: timedelta | None

    def still(self, item: Item, session: Session, now: datetime) -> bool:
        """Whether the standing is still valid. Records are immutable, so identity is sufficient."""
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


def cache_standing(
    standing: ItemStanding, item: Item, checklist: Checklist, session: Session, now: datetime
) -> CachedStanding:
    """Cache the standing, just computed, of an item that is not derived."""
    left = [left for left in _ends(item, checklist, session, now) if left >= timedelta()]
    return CachedStanding(
        standing,
        session.record(item.id),
        session.record(item.same_as or item.id),
        session,
        now,
        min(left, default=None),
    )


def _ends(item: Item, checklist: Checklist, session: Session, now: datetime) -> Iterator[timedelta]:
    """After how much time each time limit of the item passes (design.md, section 3, rules 1, 2 and 4)."""
    record = session.record(item.id)
    if item.phase is not Phase.LAUNCH and session.launch_at is not None:
        yield session.launch_at - now + item.phase.due
    if record.at is not None:
        yield record.at - AHEAD - now
    if record.waiver is not None:
        yield waiver_ends(record.waiver, session) - now
    if item.valid is not None and record.at is not None:
        yield item.valid - (now - record.at)
    checked = [outcome for outcome in outcomes(item, checklist, session).values() if outcome is not None]
    yield from (outcome.asked_at - AHEAD - now for outcome in checked)
    fresh = checklist.items.get(item.same_as or item.id, item).fresh
    if fresh is not None:
        yield from (fresh - (now - outcome.asked_at) for outcome in checked)
