"""Edits of an item: answer, note, evidence, waiver, outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from readiness_tui.errors import UsageError
from readiness_tui.model.answer import AnswerKind, Evidence, Waiver
from readiness_tui.model.checklist import Checklist, Mode
from readiness_tui.model.outcome import Outcome
from readiness_tui.model.session import Change, Record, Session
from readiness_tui.rules import history
from readiness_tui.rules.edits.contract import Context, find


@dataclass(frozen=True, slots=True)
class _OfItem:
    """An edit of the human part of an item, which undo restores as a whole."""

    item: str

    def restoring(self, session: Session, why: str) -> Restore:
        """See `UndoableEdit`."""
        return Restore(self.item, session.record(self.item), why)


@dataclass(frozen=True, slots=True)
class SetAnswer(_OfItem):
    """Answer an item; None clears the answer. reason: see `Record`.

    Giving the same answer again confirms it: its age then counts from the new time.
    """

    answer: AnswerKind | None
    reason: str = ""

    def apply(self, session: Session, context: Context) -> Session:
        """Raises UsageError for a derived item and for `n/a` without a reason."""
        item = context.item(self.item)
        old = session.record(item.id)
        if item.mode is Mode.DERIVED:
            raise UsageError(
                f"{item.id} cannot be answered by hand: computed from the other items and the sign-offs",
                hint="it can have a note: readiness answer takes --note alone",
            )
        if self.answer is AnswerKind.NOT_APPLICABLE and not self.reason.strip():
            raise UsageError("n/a needs a reason", hint="say why the item does not apply")
        cleared: dict[str, object] = {"text": None, "answer": None, "reason": "", "by": "", "at": None}
        given: dict[str, object] = {"text": item.digest, "answer": self.answer, "reason": self.reason}
        given |= {"by": context.by, "at": context.now}
        given = cleared if self.answer is None else given
        new = Record.model_validate(old.model_dump() | given)
        change = {"old": history.answer(old), "new": self.answer or "", "why": self.reason}
        return _with_record(session, context, self.item, new, "answer", change)


@dataclass(frozen=True, slots=True)
class SetNote(_OfItem):
    """Write an item's note; an empty text removes it.

    continues: the note extends the one that the same person was typing at this item without a break. Both
    become one history entry and one undo step.
    """

    note: str
    continues: bool = False

    def apply(self, session: Session, context: Context) -> Session:
        """Raises ValueError for text that a session file cannot hold."""
        old = session.record(context.item(self.item).id)
        new = Record.model_validate(old.model_dump() | {"note": self.note})
        change = {"old": old.note, "new": new.note}
        return _with_record(session, context, self.item, new, "note", change, continues=self.continues)


@dataclass(frozen=True, slots=True)
class SetEvidence(_OfItem):
    """Replace an item's evidence."""

    evidence: tuple[Evidence, ...]

    def apply(self, session: Session, context: Context) -> Session:
        """The history records each old entry in full: path or URL, digest, date."""
        old = session.record(context.item(self.item).id)
        new = old.model_copy(update={"evidence": self.evidence})
        change = {"old": history.evidence(old.evidence), "new": history.evidence(self.evidence)}
        return _with_record(session, context, self.item, new, "evidence", change)


@dataclass(frozen=True, slots=True)
class SetWaiver(_OfItem):
    """Waive an item, or revoke its waiver with None."""

    waiver: Waiver | None

    def apply(self, session: Session, context: Context) -> Session:
        """The history records the old waiver in full: reason, owner, approver, expiry.

        Raises UsageError for a waiver that is longer than the checklist allows.
        """
        longest = context.checklist.max_waiver_days
        if self.waiver and (self.waiver.expires - context.now.date()).days > longest:
            last = context.now.date() + timedelta(days=longest)
            raise UsageError(f"a waiver may last at most {longest} days, until {last} at the latest")
        old = session.record(context.item(self.item).id)
        new = old.model_copy(update={"waiver": self.waiver})
        change = {"old": history.waiver(old.waiver), "new": history.waiver(self.waiver)}
        change["why"] = self.waiver.reason if self.waiver else ""
        return _with_record(session, context, self.item, new, "waiver", change)


@dataclass(frozen=True, slots=True)
class Restore:
    """Restore the human part of an item from an earlier record (undo, redo). Its outcomes stay.

    why: the word written to the history, `undo` or `redo`.
    """

    item: str
    record: Record
    why: str

    def apply(self, session: Session, context: Context) -> Session:
        """The history records the replaced values."""
        old = session.record(context.item(self.item).id)
        new = self.record.model_copy(update={"outcomes": old.outcomes})
        change = {"old": history.summary(old), "new": history.summary(new), "why": self.why}
        return _with_record(session, context, self.item, new, "record", change)


@dataclass(frozen=True, slots=True)
class SetOutcomes:
    """Record outcomes of probes: item id -> target -> outcome. Outcomes of other targets stay.

    concerned: all targets of those items that were probed on every target. Outcomes of other targets (a
    removed host, a role that a host now has) are dropped.
    """

    outcomes: Mapping[str, Mapping[str, Outcome]]
    concerned: Mapping[str, tuple[str, ...]]

    def apply(self, session: Session, context: Context) -> Session:
        """Outcomes are not recorded in the history."""
        records: dict[str, Record] = {}
        for item_id, outcomes in self.outcomes.items():
            old = session.record(context.item(item_id).id)
            keep = self.concerned.get(item_id)
            kept = {t: o for t, o in old.outcomes.items() if keep is None or t in keep}
            records[item_id] = old.model_copy(update={"outcomes": kept | dict(outcomes)})
        return history.replaced(session, items=placed(context.checklist, session.items, records))


@dataclass(frozen=True, slots=True)
class SetPosition:
    """Set the position of the walk: an item's id."""

    item: str

    def apply(self, session: Session, context: Context) -> Session:
        """The position is not recorded in the history."""
        return history.replaced(session, position=find(context.checklist, self.item).id)


def placed(
    checklist: Checklist, items: Mapping[str, Record], changed: Mapping[str, Record]
) -> Mapping[str, Record]:
    """The records merged with the changed ones, in checklist order, unknown items last."""
    merged = {**items, **{item_id: record for item_id, record in changed.items() if not record.empty}}
    gone = {item_id for item_id, record in changed.items() if record.empty}
    order = [*checklist.items, *(item_id for item_id in merged if item_id not in checklist.items)]
    return {item_id: merged[item_id] for item_id in order if item_id in merged and item_id not in gone}


def _with_record(
    session: Session,
    context: Context,
    item: str,
    record: Record,
    what: str,
    change: Mapping[str, str],
    *,
    continues: bool = False,
) -> Session:
    if record == session.record(item):
        return session
    items = placed(context.checklist, session.items, {item: record})
    line = Change(at=context.now, by=context.by, what=what, item=item, **change)
    return history.logged(session, {"items": items}, line, continues=continues)
