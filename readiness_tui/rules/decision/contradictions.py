"""Contradictions: answers and verdicts that cannot all be true. They block the gate."""

from __future__ import annotations

from collections.abc import Iterator

from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.session import Session

_SAYS_YES_OR_NO = (AnswerKind.DONE, AnswerKind.NOT_DONE)


def contradictions(checklist: Checklist, session: Session) -> tuple[str, ...]:
    """One sentence for each pair of statements that cannot both be true, in checklist order.

    Either two items related by `same_as` have different answers, or an item is answered `done` while an
    item it contradicts (`contradicts` in the checklist) is answered `done` or passes its probe.
    """
    return tuple(_pairs(checklist, session))


def _pairs(checklist: Checklist, session: Session) -> Iterator[str]:
    for item in checklist.items.values():
        answer = session.record(item.id).answer
        if item.same_as and answer in _SAYS_YES_OR_NO:
            other = session.record(item.same_as).answer
            if other in _SAYS_YES_OR_NO and other is not answer:
                yield f"{item.id} is answered {answer}, but {item.same_as}, the same item, {other}"
        if answer is AnswerKind.DONE:
            for against in item.contradicts:
                if why := _holds(session, against):
                    yield f"{item.id} is answered done, but {against} {why}"


def _holds(session: Session, item_id: str) -> str:
    record = session.record(item_id)
    if record.answer is AnswerKind.DONE:
        return "is answered done"
    passing = [t for t, outcome in record.outcomes.items() if outcome.verdict is Verdict.PASS]
    return f"passes on {', '.join(passing)}" if passing else ""
