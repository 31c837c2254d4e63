"""Which items of a selected range an answer would change, and which it leaves alone, counted by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.checklist import Mode
from readiness_tui.rules.standing import Standing
from readiness_tui.rules.what_if import standing_after
from readiness_tui.tui.walk.state import WalkState


@dataclass(frozen=True, slots=True)
class Range:
    """keys: the ids that will be answered. skipped: how many are not, by reason."""

    keys: tuple[str, ...]
    skipped: tuple[tuple[str, int], ...]

    def words(self, answer: str) -> str:
        """`done: 9 of 12 items (not 2 that fail, 1 computed)`."""
        total = len(self.keys) + sum(count for _, count in self.skipped)
        left_out = f" (not {self.skipped_words})" if self.skipped else ""
        return (f"{answer}: " if answer else "") + f"{len(self.keys)} of {total} items{left_out}"

    @property
    def skipped_words(self) -> str:
        """`2 that fail, 1 computed`."""
        return ", ".join(f"{count} {reason}" for reason, count in self.skipped)


def range_of(keys: Iterable[str], state: WalkState, kind: AnswerKind, reason: str) -> Range:
    """Sort the items of a range. reason: goes with the answer."""
    reasons = {key: _why_not(key, state, kind, reason) for key in keys}
    skipped = Counter(why for why in reasons.values() if why)
    return Range(tuple(key for key, why in reasons.items() if not why), tuple(skipped.items()))


def _why_not(key: str, state: WalkState, kind: AnswerKind, reason: str) -> str:
    item, one = state.checklist.items[key], state.found[key]
    if item.mode is Mode.DERIVED:
        return "computed"
    if one.standing is Standing.WAIVED:
        return "waived"
    if one.overridden:
        return "overridden"
    if one.standing is Standing.PENDING:
        return "due later"
    if kind is not AnswerKind.DONE:
        return ""
    assessment = state.assessment
    after = standing_after(state.checklist, assessment.session, item, kind, assessment.now(), reason)
    why = {Standing.CONFLICT: "that fail", Standing.UNKNOWN: "not checked", Standing.STALE: "stale"}
    return why.get(after.standing, "")
