"""Where an item stands, in one sentence. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from readiness_tui.display.marks import MARKS, mark_of, one_line
from readiness_tui.display.rows import Tally
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.checklist import Item, Mode
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.session import Record
from readiness_tui.rules.standing import ItemStanding, Standing

ANSWERS: Mapping[AnswerKind, str] = {
    AnswerKind.DONE: "done",
    AnswerKind.NOT_DONE: "not done",
    AnswerKind.NOT_APPLICABLE: "n/a",
    AnswerKind.DEFERRED: "deferred",
}
"""The answers as they read within a sentence."""

Outcomes = Mapping[str, Outcome | None]


def standing_sentence(item: Item, record: Record, one: ItemStanding, found: Outcomes) -> tuple[str, str]:
    """The standing's word, and why it is so."""
    word = mark_of(one).word
    if one.overridden:
        return word, f"overridden by {_who(record)}: {one_line(record.reason)}"
    match one.standing:
        case Standing.WAIVED:
            beneath = MARKS[one.underlying].word if one.underlying is not None else "READY"
            return word, f"{one_line(one.reason)}; without the waiver it is {beneath}"
        case Standing.NOT_APPLICABLE:
            return word, f"{one_line(record.reason)} ({_who(record)})"
        case Standing.CONFLICT:
            return word, f"answered done by {_who(record)}, but the check fails{_on(found, Verdict.FAIL)}"
        case Standing.NOT_READY if one.answered_not_done:
            reason = f": {one_line(record.reason)}" if record.reason else ""
            return word, f"answered not done by {_who(record)}{reason}"
    return word, _by_probe(item, record, one, found)


def _by_probe(item: Item, record: Record, one: ItemStanding, found: Outcomes) -> str:
    told = one_line(one.reason)
    computed = item.mode is Mode.DERIVED
    if one.standing is Standing.READY and not computed:
        if record.answer is AnswerKind.DONE:
            return f"answered done by {_who(record)}" + (f": {told}" if told else "")
        return "the check passes" + _on(found, Verdict.PASS)
    if one.standing is Standing.NOT_READY and not computed:
        return "the check fails" + _on(found, Verdict.FAIL)
    if one.standing is Standing.UNKNOWN and not computed:
        answered = f"answered done by {_who(record)}, but " if record.answer is AnswerKind.DONE else ""
        return f"{answered}it could not be checked{_on(found, Verdict.UNKNOWN)}"
    if one.deferred:
        return f"deferred by {_who(record)}" + (f": {told}" if told != "deferred" else "")
    if one.standing is Standing.OPEN and told.startswith("not yet probed"):
        return told.replace("not yet probed", "not checked yet")
    return told


def _on(found: Outcomes, verdict: Verdict) -> str:
    """` on web-1, web-2`; empty when there is one target only."""
    hits = [one_line(t) for t, outcome in found.items() if outcome is not None and outcome.verdict is verdict]
    if len(found) < 2 or not hits:
        return ""
    if len(hits) == len(found):
        return f" on all {len(found)} hosts"
    return f" on {', '.join(hits[:3])}" + (f" and {len(hits) - 3} more" if len(hits) > 3 else "")


def _who(record: Record) -> str:
    when = f", {moment(record.at)}" if record.at is not None else ""
    return f"{one_line(record.by) or 'somebody'}{when}"


def moment(at: datetime) -> str:
    """`24 Nov 14:02`, in the operator's zone."""
    return f"{at.astimezone():%d %b %H:%M}"


def last_time(record: Record, found: Outcomes) -> str:
    """When it was last checked and answered; empty when neither happened."""
    told = []
    asked = [outcome.asked_at for outcome in found.values() if outcome is not None]
    if asked:
        told.append(f"checked {moment(max(asked))}")
    if record.answer is not None:
        told.append(f"answered {ANSWERS[record.answer]} by {_who(record)}")
    return "; ".join(told)


def restored(before: Record, after: Record) -> str:
    """What undo or redo did to a record, in words: `note restored`, `answer done cleared`."""
    told = []
    if (before.answer, before.reason, before.at) != (after.answer, after.reason, after.at):
        if after.answer is not None:
            told.append(f"answer {ANSWERS[after.answer]} restored")
        elif before.answer is not None:
            told.append(f"answer {ANSWERS[before.answer]} cleared")
    for name, old, new in (
        ("note", before.note, after.note),
        ("evidence", before.evidence, after.evidence),
        ("waiver", before.waiver, after.waiver),
    ):
        if old != new:
            told.append(f"{name} {'restored' if new else 'removed'}")
    return ", ".join(told) or "nothing changed"


def section_end(title: str, tally: Tally) -> str:
    """How a section that was just left stands, with what was skipped in it."""
    if not tally.unresolved:
        return f"{title} is complete: {tally.words}"
    parts = (
        (tally.left, "left"),
        (tally.not_done, "not done"),
        (tally.deferred, "deferred"),
        (tally.unknown, "unknown"),
        (tally.stale, "stale"),
    )
    return f"{title}: {tally.words}; " + ", ".join(f"{count} {word}" for count, word in parts if count)


def record_change(old: str, new: str) -> str:
    """What undo or redo did, from the two summaries that the history keeps (`rules.history.summary`)."""
    told = []
    before, after = old.split(", ")[0], new.split(", ")[0]
    if before != after:
        told.append(f"answer {before} cleared" if after == "no answer" else f"answer {after} restored")
    for word in ("reason", "note", "evidence", "waiver"):
        had, has = f", {word} " in old, f", {word} " in new
        if had != has and word != "reason":
            told.append(f"{word} {'restored' if has else 'removed'}")
    return ", ".join(told) or "text changed"
