"""The filled-in checklist as Markdown: check boxes, standings, evidence and notes, in its own order."""

from __future__ import annotations

from collections.abc import Iterator

from readiness_tui.model.answer import AnswerKind, Evidence
from readiness_tui.model.checklist import Checklist, Item
from readiness_tui.model.outcome import Outcome
from readiness_tui.model.session import Record, Session
from readiness_tui.reports.parts.markdown import address, code, fenced, inline, item_text
from readiness_tui.reports.parts.text import utc, visible
from readiness_tui.rules.decision.review import Review
from readiness_tui.rules.decision.signoffs import RoleSignoff
from readiness_tui.rules.standing import ItemStanding, Standing, outcomes

TICKED = frozenset({Standing.READY, Standing.NOT_APPLICABLE})
"""The standings whose box is ticked. A waived item is accepted but not met."""


def render(review: Review) -> bytes:
    """Every item in the checklist's order, then the notes of the launch."""
    return ("\n".join(_lines(review)).rstrip("\n") + "\n").encode()


def _lines(review: Review) -> Iterator[str]:
    checklist, session, results = review.checklist, review.session, review.found
    yield f"# {item_text(checklist.title)}"
    yield ""
    yield from _head(review)
    for section in checklist.sections:
        yield f"\n## {item_text(section.title)}"
        for group in section.groups:
            yield f"\n### {item_text(group.title)}"
            for item in group.items:
                yield from _item(item, checklist, session, results[item.id])
    yield "\n---\n\n## Sign-off\n"
    for signed in review.signoffs:
        yield from _signoff(signed)
    yield "---\n\n## Notes\n"
    yield fenced(session.notes) if session.notes.strip() else "None."


def _head(review: Review) -> Iterator[str]:
    session, gate, now = review.session, review.gate, review.now
    yield f"Launch **{inline(session.launch)}**, day {session.day}, written {utc(now)}."
    if session.launch_at is not None:
        yield f"Launch time: {utc(session.launch_at)}."
    yield f"Gate: **{gate.decision}**, {len(gate.blocking)} blocking."
    yield ""
    yield "An item without details is open: it has not been answered or checked."


def _item(item: Item, checklist: Checklist, session: Session, standing: ItemStanding) -> Iterator[str]:
    box = "x" if standing.standing in TICKED else " "
    yield f"- [{box}] {item_text(item.text)}"
    record = session.record(item.id)
    checked = [(target, result) for target, result in outcomes(item, checklist, session).items() if result]
    if standing.standing is Standing.OPEN and record.empty and not checked:
        return
    yield f"  - **{standing.standing}**{_why(standing)}"
    for target, outcome in checked:
        yield f"  - {_outcome(target, outcome)}"
    yield from _answer(record)
    yield from (f"  - evidence: {_evidence(proof)}" for proof in record.evidence)
    yield from _note(record.note)


def _why(standing: ItemStanding) -> str:
    marks = [
        word
        for word, holds in (("overridden", standing.overridden), ("deferred", standing.deferred))
        if holds
    ]
    if standing.underlying is not None:
        marks.append(f"without the waiver: {standing.underlying}")
    marked = f" ({', '.join(marks)})" if marks else ""
    return marked + (f": {inline(standing.reason)}" if standing.reason else "")


def _outcome(target: str, outcome: Outcome) -> str:
    cause = f" ({outcome.cause})" if outcome.cause else ""
    evidence = f": {inline(outcome.evidence)}" if outcome.evidence else ""
    return f"{inline(target)} {outcome.verdict}{cause}{evidence} · {utc(outcome.asked_at)}"


def _answer(record: Record) -> Iterator[str]:
    if record.answer is None:
        return
    answer = "deferred" if record.answer is AnswerKind.DEFERRED else record.answer.value
    reason = f": {inline(record.reason)}" if record.reason else ""
    yield f"  - answered {answer} by {inline(record.by)}, {utc(record.at)}{reason}"


def _evidence(proof: Evidence) -> str:
    place = address(proof.url) if proof.url else code(proof.path or "")
    digest = f", {proof.sha256}" if proof.sha256 else ""
    as_of = f", as of {proof.as_of}" if proof.as_of else ""
    return place + inline(digest + as_of)


def _note(note: str) -> Iterator[str]:
    text = visible(note).strip("\n")
    if not text.strip():
        return
    if "\n" in text:
        yield "  - note:\n"
        yield fenced(text, 4)
        yield ""
    else:
        yield f"  - note: {inline(text)}"


def _signoff(given: RoleSignoff) -> Iterator[str]:
    title, signed = item_text(given.title), given.signoff
    if signed is None:
        yield f"**{title}:** _________________ Date: _______\n"
        return
    conditions = f", on condition: {inline(signed.conditions)}" if signed.conditions else ""
    state = " (signature verified)" if given.verified else "" if signed.signature else " (UNSIGNED)"
    problem = f"; does not count: {inline(given.problem)}" if given.problem else ""
    signature = f"{inline(signed.who)}, {signed.decision}{conditions}{state}{problem}"
    yield f"**{title}:** {signature}. Date: {utc(signed.at)}\n"
