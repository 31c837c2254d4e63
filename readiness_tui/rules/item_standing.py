"""The standing of one item on its own: rules 1, 2 and 4 to 9 of design.md, section 3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from readiness_tui.model.answer import AnswerKind, Waiver
from readiness_tui.model.checklist import Checklist, Item, Mode, Phase
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.session import Record, Session
from readiness_tui.rules.probing.plan import probe_of, targets
from readiness_tui.rules.probing.questions import Questions


class Standing(StrEnum):
    """The standing of an item."""

    READY = "ready"
    NOT_READY = "not-ready"
    CONFLICT = "conflict"
    UNKNOWN = "unknown"
    STALE = "stale"
    OPEN = "open"
    WAIVED = "waived"
    NOT_APPLICABLE = "n/a"
    PENDING = "pending"


SATISFIED = frozenset({Standing.READY, Standing.WAIVED, Standing.NOT_APPLICABLE, Standing.PENDING})
"""The standings that do not block the gate."""


@dataclass(frozen=True, slots=True)
class ItemStanding:
    """An item's standing and its reason.

    reason: one line. underlying: for a waived item, its standing without the waiver. overridden: ready by
    a reason given against the probe; `against` is then not-ready or unknown. deferred: open because the
    answer is `deferred`. answered_not_done: not ready because a person answered so. due: for an item of a
    later phase, when it is due.
    """

    standing: Standing
    reason: str = ""
    underlying: Standing | None = None
    overridden: bool = False
    deferred: bool = False
    against: Standing | None = None
    answered_not_done: bool = False
    due: datetime | None = None

    @property
    def satisfied(self) -> bool:
        """Whether the gate accepts this standing."""
        return self.standing in SATISFIED


def outcomes(item: Item, checklist: Checklist, session: Session) -> dict[str, Outcome | None]:
    """The item's outcome on each of its targets; None if it has not been checked yet.

    An item with `same_as` has the outcomes of that item.
    """
    held = session.record(item.same_as or item.id).outcomes
    spec = probe_of(item, checklist)
    if spec is None:
        return dict(held)
    return {target: held.get(target) for target in targets(spec, session)}


AHEAD = timedelta(minutes=5)
"""How far a date may be ahead of the clock before it is treated as wrong."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The time of judgement. at: the time judged, T0 or now. clock: now. Both UTC. questions: the present
    questions.
    """

    at: datetime
    clock: datetime
    questions: Questions


def alone(item: Item, checklist: Checklist, session: Session, moment: Moment) -> ItemStanding:
    """The standing of an item that is not derived."""
    now = moment.at
    if (pending := phased(item, session, now)) is not None:
        return pending
    record = session.record(item.id)
    source = checklist.items.get(item.same_as or item.id, item)
    beneath = _unwaived(item, record, outcomes(item, checklist, session), source.fresh, moment)
    return waived(session, item, now, beneath)


def phased(item: Item, session: Session, now: datetime) -> ItemStanding | None:
    """Rule 1: the standing of a later phase's item that is not due yet; None otherwise."""
    if item.phase is Phase.LAUNCH:
        return None
    if session.launch_at is None:
        return ItemStanding(Standing.PENDING, f"due {item.phase} after launch")
    due = session.launch_at + item.phase.due
    return ItemStanding(Standing.PENDING, f"due {due:%Y-%m-%d %H:%M} UTC", due=due) if now < due else None


_FIRST, _LAST = date(1970, 1, 1), date(2200, 1, 1)
"""The range of days that can be converted to UTC in every zone."""


def waiver_ends(waiver: Waiver, session: Session) -> datetime:
    """When a waiver ends (UTC): at the end of its last day in the launch's zone."""
    after = min(max(waiver.expires, _FIRST), _LAST) + timedelta(days=1)
    return datetime.combine(after, time(), ZoneInfo(session.zone)).astimezone(UTC)


def waived(session: Session, item: Item, now: datetime, beneath: ItemStanding) -> ItemStanding:
    """Rule 2: apply a valid waiver. An expired waiver has no effect."""
    waiver = session.record(item.id).waiver
    if waiver is None or now >= waiver_ends(waiver, session):
        return beneath
    text = f"{waiver.reason} (owner {waiver.owner}, approved by {waiver.approver}, to {waiver.expires})"
    return ItemStanding(Standing.WAIVED, text, underlying=beneath.standing)


def _unwaived(
    item: Item,
    record: Record,
    outcomes_by_target: Mapping[str, Outcome | None],
    fresh: timedelta | None,
    moment: Moment,
) -> ItemStanding:
    """Rules 4 to 9."""
    checked = {target: outcome for target, outcome in outcomes_by_target.items() if outcome is not None}
    changed = record.answer is not None and record.text != item.digest
    if record.answer is AnswerKind.NOT_APPLICABLE and not changed:
        return ItemStanding(Standing.NOT_APPLICABLE, record.reason)
    if changed:
        return ItemStanding(Standing.STALE, "the item's text changed since it was answered")
    if (stale := _stale(item, record, checked, fresh, moment)) is not None:
        return stale
    failing = _first_with(checked, Verdict.FAIL)
    unknown = _first_with(checked, Verdict.UNKNOWN)
    if record.answer is AnswerKind.DONE:
        return _done(item, record, failing, unknown)
    if record.answer is AnswerKind.NOT_DONE:
        reason = record.reason or "answered not done"
        return ItemStanding(Standing.NOT_READY, reason, answered_not_done=True)
    if failing:
        return ItemStanding(Standing.NOT_READY, failing)
    if item.mode is Mode.AUTO and unknown:
        return ItemStanding(Standing.UNKNOWN, unknown)
    passed = bool(outcomes_by_target) and all(
        o is not None and o.verdict is Verdict.PASS for o in outcomes_by_target.values()
    )
    if item.mode is Mode.AUTO and passed and record.answer is None:
        return ItemStanding(Standing.READY, _first_with(checked, Verdict.PASS))
    if record.answer is AnswerKind.DEFERRED:
        return ItemStanding(Standing.OPEN, record.reason or "deferred", deferred=True)
    return ItemStanding(Standing.OPEN, _why_open(item, outcomes_by_target, unknown))


def _stale(
    item: Item,
    record: Record,
    checked: Mapping[str, Outcome],
    fresh: timedelta | None,
    moment: Moment,
) -> ItemStanding | None:
    """Rule 4: an expired answer or outcome, an outcome of another question, or a date in the future."""
    now = moment.at
    if record.answer is not None and record.at is not None and record.at - moment.clock > AHEAD:
        return ItemStanding(Standing.STALE, f"the answer is dated in the future: {_when(record.at)}")
    holds = record.answer in (AnswerKind.DONE, AnswerKind.NOT_DONE)
    if holds and item.valid is not None and record.at is not None and now - record.at > item.valid:
        since = record.at + item.valid
        return ItemStanding(Standing.STALE, f"the answer is too old since {since:%Y-%m-%d %H:%M} UTC")
    for target, outcome in checked.items():
        if outcome.question and outcome.question != moment.questions.of(item, target):
            reason = f"the question changed since {target} was probed on {_when(outcome.asked_at)}"
            return ItemStanding(Standing.STALE, reason)
        if outcome.asked_at - moment.clock > AHEAD:
            reason = f"the probe of {target} is dated in the future: {_when(outcome.asked_at)}"
            return ItemStanding(Standing.STALE, reason)
        if fresh is not None and now - outcome.asked_at > fresh:
            since = outcome.asked_at + fresh
            return ItemStanding(
                Standing.STALE, f"the probe of {target} is too old since {since:%Y-%m-%d %H:%M} UTC"
            )
    return None


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _done(item: Item, record: Record, failing: str, unknown: str) -> ItemStanding:
    """Rule 6: an answer never hides a verdict, and a probe never overwrites an answer."""
    against = failing or (unknown if item.mode is Mode.AUTO else "")
    if not against:
        return ItemStanding(Standing.READY, record.reason)
    if record.reason.strip():
        underlying = Standing.NOT_READY if failing else Standing.UNKNOWN
        reason = f"{record.reason} (against: {against})"
        return ItemStanding(Standing.READY, reason, overridden=True, against=underlying)
    if failing:
        return ItemStanding(Standing.CONFLICT, f"answered done, but {failing}")
    return ItemStanding(Standing.UNKNOWN, f"answered done, but {unknown}")


def _first_with(checked: Mapping[str, Outcome], verdict: Verdict) -> str:
    """`web: PermitRootLogin yes` for the first target with that verdict, and the number of others."""
    hits = [(target, outcome) for target, outcome in checked.items() if outcome.verdict is verdict]
    if not hits:
        return ""
    target, outcome = hits[0]
    text = outcome.evidence or (f"could not check: {outcome.cause}" if outcome.cause else verdict)
    more = f" (and {len(hits) - 1} more)" if len(hits) > 1 else ""
    return f"{target}: {text}{more}"


def _why_open(item: Item, outcomes_by_target: Mapping[str, Outcome | None], unknown: str) -> str:
    if unknown:
        return unknown
    missing = [target for target, outcome in outcomes_by_target.items() if outcome is None]
    if item.mode is Mode.AUTO and missing and len(missing) < len(outcomes_by_target):
        return f"not yet probed on {', '.join(missing)}"
    if item.mode is Mode.AUTO and outcomes_by_target and not missing:
        return "the probe informs only; a human decides"
    return "not yet probed" if item.mode is Mode.AUTO and outcomes_by_target else "not answered"
