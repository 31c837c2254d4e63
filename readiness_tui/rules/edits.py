"""Edits: the only way a session changes. Each is pure: a session in, a new session out.

What a human changes leaves a line of history; outcomes and the position do not. Typing a note is one
change: while the same person goes on with the same note, its line of history is carried forward.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue, ValidationError

from readiness_tui.errors import UsageError
from readiness_tui.model.answer import AnswerKind, Evidence, Signoff, Waiver
from readiness_tui.model.base import keepable, one_line_ending
from readiness_tui.model.checklist import Checklist, Item, Mode
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Outcome
from readiness_tui.model.session import Change, Record, Session, differing
from readiness_tui.rules import history
from readiness_tui.suggest import near


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """Answer an item; None clears the answer. reason: see `Record`.

    The same answer again is a new confirmation: it is as old as the last one given.
    """

    item: str
    answer: AnswerKind | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetNote:
    """Write an item's note; an empty text removes it."""

    item: str
    note: str


@dataclass(frozen=True, slots=True)
class SetEvidence:
    """Replace an item's list of evidence."""

    item: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class SetWaiver:
    """Waive an item, or revoke its waiver with None."""

    item: str
    waiver: Waiver | None


@dataclass(frozen=True, slots=True)
class SetOutcomes:
    """What probes found: item id -> target -> outcome. Other targets' outcomes stay.

    concerned: for the items probed on all their targets, those targets; outcomes of any other
    target (a host that was removed, a role since played) are dropped.
    """

    outcomes: Mapping[str, Mapping[str, Outcome]]
    concerned: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SetPosition:
    """Where the walk stands: an item's id."""

    item: str


@dataclass(frozen=True, slots=True)
class SetParameter:
    """Give a launch parameter a value; None goes back to the checklist's default."""

    name: str
    value: JsonValue


@dataclass(frozen=True, slots=True)
class SetHosts:
    """Replace the launch's hosts."""

    hosts: tuple[Host, ...]


@dataclass(frozen=True, slots=True)
class SetNotes:
    """Write the launch's free notes."""

    notes: str


@dataclass(frozen=True, slots=True)
class AddSignoff:
    """Add a lead's decision; an earlier one of the same role is replaced."""

    signoff: Signoff


@dataclass(frozen=True, slots=True)
class Restore:
    """Put an item's human half back to an earlier record (undo, redo); its outcomes stay.

    why: the word of history, `undo` or `redo`.
    """

    item: str
    record: Record
    why: str


Edit = (
    SetAnswer
    | Restore
    | SetNote
    | SetEvidence
    | SetWaiver
    | SetOutcomes
    | SetPosition
    | SetParameter
    | SetHosts
    | SetNotes
    | AddSignoff
)


def apply(checklist: Checklist, session: Session, edit: Edit, *, by: str, now: datetime) -> Session:
    """The session after the edit; the same object when it changes nothing.

    by: who. now: UTC. Raises UsageError for an item the checklist does not have, a tick on a
    derived item, `n/a` without a reason, or a parameter or value that does not fit.
    """
    try:
        return _applied(checklist, session, edit, by=by, now=now)
    except ValidationError as error:
        raise UsageError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error
    except ValueError as error:
        raise UsageError(str(error)) from error


def _applied(checklist: Checklist, session: Session, edit: Edit, *, by: str, now: datetime) -> Session:
    match edit:
        case SetPosition(item):
            return history.replaced(session, position=find(checklist, item).id)
        case SetOutcomes():
            return _outcomes(checklist, session, edit)
        case SetParameter(name, value):
            return _parameter(checklist, session, name, value, by=by, now=now)
        case SetHosts(hosts):
            old, new = history.hosts(session.hosts), history.hosts(differing(hosts))
            return history.logged(
                session, {"hosts": hosts}, Change(at=now, by=by, what="hosts", old=old, new=new)
            )
        case SetNotes(text):
            notes = one_line_ending(text)
            change = Change(at=now, by=by, what="notes", old=session.notes, new=notes)
            return history.logged(session, {"notes": notes}, change)
        case AddSignoff(signoff):
            roles = tuple(role.id for role in checklist.roles)
            if signoff.role not in roles:
                raise UsageError(
                    f"nobody signs as {signoff.role!r}{near(signoff.role, roles)}",
                    hint="the roles that sign: " + ", ".join(roles),
                )
            kept = tuple(other for other in session.signoffs if other.role != signoff.role)
            change = Change(at=now, by=by, what=f"signoff.{signoff.role}", new=signoff.decision.value)
            return history.logged(session, {"signoffs": (*kept, signoff)}, change)
        case _:
            return _record(checklist, session, edit, by=by, now=now)


def find(checklist: Checklist, item_id: str) -> Item:
    """The item of that id. Raises UsageError naming the nearest one."""
    if (item := checklist.items.get(item_id)) is not None:
        return item
    raise UsageError(
        f"no item {item_id!r} in checklist {checklist.id}{near(item_id, tuple(checklist.items))}",
        hint="readiness checklist show lists the ids",
    )


def _record(
    checklist: Checklist,
    session: Session,
    edit: SetAnswer | SetNote | SetEvidence | SetWaiver | Restore,
    *,
    by: str,
    now: datetime,
) -> Session:
    item = find(checklist, edit.item)
    old = session.record(item.id)
    match edit:
        case SetAnswer():
            new = _answered(item, old, edit, by=by, now=now)
            change = Change(at=now, by=by, what="answer", item=item.id, why=edit.reason)
            change = change.model_copy(update={"old": old.answer or "", "new": new.answer or ""})
        case SetNote(note=note):
            new = Record.model_validate(old.model_dump() | {"note": note})
            change = Change(at=now, by=by, what="note", item=item.id, old=old.note, new=new.note)
        case Restore(record=record, why=why):
            new = record.model_copy(update={"outcomes": old.outcomes})
            change = Change(at=now, by=by, what="record", item=item.id, why=why)
            change = change.model_copy(update={"old": history.summary(old), "new": history.summary(new)})
        case SetEvidence(evidence=evidence):
            new = old.model_copy(update={"evidence": evidence})
            change = Change(
                at=now,
                by=by,
                what="evidence",
                item=item.id,
                old=history.places(old.evidence),
                new=history.places(evidence),
            )
        case SetWaiver(waiver=waiver):
            new = old.model_copy(update={"waiver": waiver})
            why = waiver.reason if waiver else ""
            change = Change(
                at=now,
                by=by,
                what="waiver",
                item=item.id,
                old=history.until(old.waiver),
                new=history.until(waiver),
                why=why,
            )
    if new == old:
        return session
    return history.logged(session, {"items": _placed(checklist, session.items, {item.id: new})}, change)


def _answered(item: Item, old: Record, edit: SetAnswer, *, by: str, now: datetime) -> Record:
    if item.mode is Mode.DERIVED:
        raise UsageError(
            f"{item.id} is computed from the other items and the sign-offs; nobody can tick it",
            hint="a note is welcome: readiness answer takes --note alone",
        )
    if edit.answer is AnswerKind.NOT_APPLICABLE and not edit.reason.strip():
        raise UsageError("n/a needs a reason", hint="say why the item does not apply")
    cleared = {"text": None, "answer": None, "reason": "", "by": "", "at": None}
    given = {"text": item.digest, "answer": edit.answer, "reason": edit.reason, "by": by, "at": now}
    return Record.model_validate(old.model_dump() | (cleared if edit.answer is None else given))


def _outcomes(checklist: Checklist, session: Session, edit: SetOutcomes) -> Session:
    records: dict[str, Record] = {}
    for item_id, found in edit.outcomes.items():
        old = session.record(find(checklist, item_id).id)
        keep = edit.concerned.get(item_id)
        kept = {t: o for t, o in old.outcomes.items() if keep is None or t in keep}
        records[item_id] = old.model_copy(update={"outcomes": kept | dict(found)})
    return history.replaced(session, items=_placed(checklist, session.items, records))


def _parameter(
    checklist: Checklist, session: Session, name: str, value: JsonValue, *, by: str, now: datetime
) -> Session:
    known = tuple(parameter.name for parameter in checklist.parameters)
    if name not in known:
        raise UsageError(f"no parameter {name!r} in checklist {checklist.id}{near(name, known)}")
    kept = {key: old for key, old in session.parameters.items() if key != name}
    given = kept if value is None else kept | {name: keepable(value)}
    ordered = {key: given[key] for key in (*known, *given) if key in given}  # strangers last
    old = session.parameters.get(name)
    change = Change(at=now, by=by, what=f"parameter.{name}")
    change = change.model_copy(update={"old": history.said(old), "new": history.said(value)})
    return history.logged(session, {"parameters": ordered}, change)


def _placed(
    checklist: Checklist, items: Mapping[str, Record], changed: Mapping[str, Record]
) -> Mapping[str, Record]:
    """The records with the changed ones among them, in checklist order, strangers last."""
    merged = {**items, **{item_id: record for item_id, record in changed.items() if not record.empty}}
    gone = {item_id for item_id, record in changed.items() if record.empty}
    order = [*checklist.items, *(item_id for item_id in merged if item_id not in checklist.items)]
    return {item_id: merged[item_id] for item_id in order if item_id in merged and item_id not in gone}
