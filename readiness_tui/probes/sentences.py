"""Kinds whose facts are lists of problems, each a sentence that an operator can act on.

A fact whose name ends in `_problems` is the tuple of everything that is wrong, empty when nothing
is, and missing when that cannot be told. Conditions ask only whether it is empty; the evidence of
a failure is the sentences themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.model.probe import ProbeResult, Reply
from readiness_tui.probes.contract import EVIDENCE_WIDTH, Kind
from readiness_tui.probes.facts import ParsedReply

P = TypeVar("P", bound=Frozen)

SUFFIX = "_problems"


def settle(problems: Iterable[str], doubts: Iterable[Missing] = ()) -> Fact | Missing:
    """The value of a problems fact: what is wrong, else why it cannot be told, else nothing."""
    found = tuple(dict.fromkeys(problems))
    return found or next(iter(doubts), ())


class SentenceKind(Kind[P]):
    """A kind that answers with sentences and with the exact grants its collectors named."""

    def judge(self, replies: Sequence[Reply]) -> ProbeResult:
        """The contract's judgement, with the problems as evidence of a failure."""
        result = super().judge(replies)
        if result.verdict is Verdict.FAIL:
            found = self._problems(self.read(replies))
            return replace(result, evidence=_shortened("; ".join(found))) if found else result
        if result.cause is Cause.DENIED and (grants := _grants(replies)):
            return replace(result, hint=grants)
        return result

    def _problems(self, facts: Facts) -> tuple[str, ...]:
        found: list[str] = []
        for name, value in facts.items():
            if name in self.named and name.endswith(SUFFIX) and isinstance(value, tuple):
                found.extend(value)
        return tuple(dict.fromkeys(found))


def _grants(replies: Sequence[Reply]) -> str:
    """What would let this user see more, as the collectors said it."""
    hints = dict.fromkeys(hint for reply in replies for hint in ParsedReply(reply).known("hint"))
    return "; ".join(hints)


def _shortened(text: str) -> str:
    return text if len(text) <= EVIDENCE_WIDTH else text[: EVIDENCE_WIDTH - 1] + "…"
