"""The text that the line mode prints for an item."""

from __future__ import annotations

from collections.abc import Iterator

from readiness_tui.assessment import Assessment
from readiness_tui.display.marks import mark_of
from readiness_tui.model.checklist import Item
from readiness_tui.model.outcome import Outcome
from readiness_tui.reports.parts.text import one_line
from readiness_tui.rules.decision.gate import progress
from readiness_tui.rules.item_standing import outcomes


def question(work: Assessment, item: Item) -> Iterator[str]:
    """The item's place in the checklist, its text, its standing, and each host's verdict."""
    ids = list(work.checklist.items)
    section, group = next((s, g) for s, g, other in work.checklist.walk() if other.id == item.id)
    yield ""
    yield f"{ids.index(item.id) + 1} of {len(ids)}: {one_line(section.title)}, {one_line(group.title)}"
    yield one_line(item.text)
    standing = work.standings()[item.id]
    words = [mark_of(standing).word, str(item.severity), str(item.mode)]
    yield f"  {', '.join(words)}" + (f": {one_line(standing.reason)}" if standing.reason else "")
    for target, outcome in outcomes(item, work.checklist, work.session).items():
        if outcome is not None:
            yield f"  {target}: {_verdict(outcome)}"
    record = work.session.record(item.id)
    if record.answer is not None:
        reason = f" ({one_line(record.reason)})" if record.reason else ""
        yield f"  answered {record.answer}{reason} by {record.by}"
    if record.note:
        yield f"  note: {one_line(record.note)}"


def details(work: Assessment, item: Item) -> Iterator[str]:
    """As `question`, then why and how to check, the hint of each outcome, and the attachments."""
    yield from question(work, item)
    yield f"  id: {item.id}"
    yield f"  signed off by: {item.role}"
    yield f"  why: {one_line(item.why)}"
    yield f"  how to check: {one_line(item.how)}"
    for target, outcome in outcomes(item, work.checklist, work.session).items():
        if outcome is not None and outcome.hint:
            yield f"  hint ({target}): {one_line(outcome.hint)}"
    record = work.session.record(item.id)
    for proof in record.evidence:
        yield f"  attachment: {one_line(proof.path or proof.url or '')}"
    if (waiver := record.waiver) is not None:
        yield f"  waived until {waiver.expires}: {one_line(waiver.reason)}"


def summary(work: Assessment) -> str:
    """The number of satisfied items and of items that are due."""
    standings = work.standings().values()
    done, due = progress(standings)
    later = len(standings) - due
    return f"{done} of {due} done" + (f" ({later} due later)" if later else "")


def _verdict(outcome: Outcome) -> str:
    cause = f" ({outcome.cause})" if outcome.cause else ""
    return f"{outcome.verdict}{cause}: {one_line(outcome.evidence)}"
