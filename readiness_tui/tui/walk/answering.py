"""Answers: one key, then the next open item."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from readiness_tui.display.rows import next_open
from readiness_tui.display.sentences import ANSWERS, restored, section_end
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.checklist import Item
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.session import Record
from readiness_tui.rules import edits
from readiness_tui.rules.standing import Standing, outcomes
from readiness_tui.rules.what_if import standing_after
from readiness_tui.tui.commands.answering import (
    Clear,
    Defer,
    Done,
    NotApplicable,
    NotDone,
    Override,
    Redo,
    Repeat,
    Undo,
)
from readiness_tui.tui.walk.controller import Controller, does
from readiness_tui.tui.walk.ranges import Range, range_of
from readiness_tui.tui.walk.view import WalkView


class Answering(Controller):
    """Answers become edits; what stands against one is said in the bar."""

    def __init__(self, walk: WalkView) -> None:
        super().__init__(walk)
        self._given: tuple[AnswerKind | None, str] | None = None

    def _why_no_answer(self) -> str:
        return self.state.why_read_only if self.state.anchor else self.state.why_no_answer()

    @does(Done, unless=_why_no_answer)
    def _done(self) -> None:
        if self.state.anchor:
            self._answer_range(AnswerKind.DONE, "", "space")
        elif (item := self.state.item) is not None:
            self._answer_done(item, "space")

    def _answer_done(self, item: Item, key: str) -> None:
        record, one = self.state.assessment.session.record(item.id), self.state.found[item.id]
        if record.answer is AnswerKind.DONE and one.standing is Standing.READY:
            how = "overridden" if one.overridden else "answered done"
            self._advance(item, self.state.here)
            self.walk.say(f"already {how}; c clears the answer")
            return
        if one.standing is Standing.PENDING:
            if not self.walk.agreed(f"{one.reason}: {key} again answers it done already"):
                return
        elif not self._may_replace(item, "done", key):
            return
        if against := self._against(item):
            self.walk.say(against)
        else:
            self.answer(item, AnswerKind.DONE)

    def _against(self, item: Item) -> str:
        """What stands against `done`, and the key that helps; empty when nothing does."""
        assessment = self.state.assessment
        now = assessment.now()
        after = standing_after(self.state.checklist, assessment.session, item, AnswerKind.DONE, now)
        said = after.reason.removeprefix("answered done, but ")
        match after.standing:
            case Standing.CONFLICT:
                return f"not answered: FAIL {said}; o overrides with a reason, f answers not done"
            case Standing.UNKNOWN:
                return f"not answered: UNKNOWN {said}; o overrides with a reason, r checks again"
            case Standing.STALE:
                return f"not answered: {said}; r checks again"
        return ""

    def _may_replace(self, item: Item, answer: str, key: str) -> bool:
        """Whether the answer replaces no override and no waiver, or the operator agreed."""
        record, one = self.state.assessment.session.record(item.id), self.state.found[item.id]
        if one.standing is Standing.WAIVED and record.waiver is not None:
            held = f"waived until {record.waiver.expires}"
        elif one.overridden:
            held = f"overridden by {record.by}: {record.reason}"
        else:
            return True
        return self.walk.agreed(f"{held}; {key} again answers {answer}")

    @does(NotDone, unless=_why_no_answer)
    def _not_done(self) -> None:
        self._with_reason("f", "not done, because:", AnswerKind.NOT_DONE, "one line why it is not done:")

    @does(NotApplicable, unless=_why_no_answer)
    def _not_applicable(self) -> None:
        self._with_reason("a", "does not apply, because:", AnswerKind.NOT_APPLICABLE, "n/a needs a reason:")

    @does(Defer, unless=_why_no_answer)
    def _defer(self) -> None:
        if self.state.anchor:
            self._answer_range(AnswerKind.DEFERRED, "", "d")
        elif (item := self.state.item) is not None and self._may_replace(item, "later", "d"):
            self.answer(item, AnswerKind.DEFERRED)

    def _why_not_clear(self) -> str:
        if reason := self.state.why_no_answer():
            return reason
        item = self.state.item
        return "" if item and self._answered(item) is not None else "not answered: nothing to clear"

    @does(Clear, unless=_why_not_clear)
    def _clear(self) -> None:
        item = self.state.item
        if item is not None and (kind := self._answered(item)) is not None:
            self.answer(item, None, advance=False)
            self.walk.say(f"answer {ANSWERS[kind]} cleared; u undoes that")

    def _why_no_override(self) -> str:
        if reason := self.state.why_no_answer():
            return reason
        item = self.state.item
        looked = self._outcomes(item) if item else []
        against = any(outcome.verdict in (Verdict.FAIL, Verdict.UNKNOWN) for outcome in looked)
        return "" if against else "no failing or unknown check to override: space answers done"

    @does(Override, unless=_why_no_override)
    def _override(self) -> None:
        label = "done in spite of the check, because:"
        self._with_reason("o", label, AnswerKind.DONE, "override needs a reason:")

    def _why_no_repeat(self) -> str:
        return self._why_no_answer() or ("" if self._given else "no answer yet to repeat")

    @does(Repeat, unless=_why_no_repeat)
    def _repeat(self) -> None:
        if self._given is None or (item := self.state.item) is None:
            return
        kind, reason = self._given
        if self.state.anchor and kind is not None:
            self._answer_range(kind, reason, ".")
        elif kind is AnswerKind.DONE:
            self._answer_done(item, ".")
        elif self._may_replace(item, ANSWERS[kind] if kind else "nothing", "."):
            self.answer(item, kind, reason)

    def _why_no_change(self) -> str:
        reason = self.state.assessment.read_only
        return f"read-only: {reason}" if reason else ""

    @does(Undo, unless=_why_no_change)
    def _undo(self) -> None:
        before = self.state.assessment.session
        self._stepped("undo", self.state.assessment.undo(), before.items)

    @does(Redo, unless=_why_no_change)
    def _redo(self) -> None:
        before = self.state.assessment.session
        self._stepped("redo", self.state.assessment.redo(), before.items)

    def _stepped(self, what: str, item: str | None, before: Mapping[str, Record]) -> None:
        if item is None:
            self.walk.say(f"nothing to {what}")
            return
        self.walk.draw()
        if not item:
            self.walk.say(f"{what}: a setting of the launch")
            return
        self.walk.jump(item)
        session, none = self.state.assessment.session, Record()
        changed = [key for key in {*before, *session.items} if before.get(key, none) != session.record(key)]
        told = restored(before.get(item, none), session.record(item))
        where = f"{len(changed)} items" if len(changed) > 1 else self.state.checklist.items[item].text
        self.walk.say(f"{what}: {told} - {where}")

    def answer(self, item: Item, kind: AnswerKind | None, reason: str = "", *, advance: bool = True) -> None:
        """Answer an item, remember the answer for `.`, and go on."""
        section = self.state.here
        if not self.walk.apply(edits.SetAnswer(item.id, kind, reason)):
            return
        self._given = (kind, reason)
        self.state.just_answered = True
        self.walk.draw()
        if advance:
            self._advance(item, section)

    def _advance(self, item: Item, section: int) -> None:
        state, items = self.state, self.walk.list
        known = state.checklist.items
        following = next_open(list(known), known, state.found, item.id)
        if following and not items.move_to(following):
            following = next_open(items.keys, known, state.found, item.id)
            items.move_to(following)
        if not following:
            self.walk.say("no open item is left")
        elif state.here != section:
            title = state.checklist.sections[section].title
            self.walk.say(section_end(title, state.counted.sections[section]))

    def _with_reason(self, key: str, label: str, kind: AnswerKind, required: str) -> None:
        if self.state.anchor:
            self._ask_for_range(key, label, kind, required)
            return
        if (item := self.state.item) is None or not self._may_replace(item, ANSWERS[kind], key):
            return
        record = self.state.assessment.session.record(item.id)
        self.walk.prompt.ask(
            label,
            partial(self._reasoned, item, kind),
            text=record.reason if record.answer is kind else "",
            about=f"{item.id} {kind}",
            left=self.walk.to_list,
            required=required,
        )

    def _reasoned(self, item: Item, kind: AnswerKind, reason: str) -> None:
        self.walk.to_list()
        self.answer(item, kind, reason)

    def _range(self, kind: AnswerKind, reason: str) -> Range:
        keys = self.walk.list.between(self.state.anchor, self.state.key)
        return range_of(keys, self.state, kind, reason)

    def _answer_range(self, kind: AnswerKind, reason: str, key: str) -> None:
        """Answer what can be answered so, after the bar has said what that is."""
        chosen = self._range(kind, reason)
        if not chosen.keys:
            self.walk.say(f"none of them can be answered {ANSWERS[kind]}: {chosen.skipped_words}")
        elif self.walk.agreed(f"{chosen.words(ANSWERS[kind])}: {key} again answers them"):
            self._apply_range(chosen, kind, reason)

    def _ask_for_range(self, key: str, label: str, kind: AnswerKind, required: str) -> None:
        chosen = self._range(kind, "-")
        if not chosen.keys:
            self.walk.say(f"none of them can be answered {ANSWERS[kind]}: {chosen.skipped_words}")
            return
        self.walk.prompt.ask(
            f"{chosen.words('')}: {label}",
            partial(self._range_reasoned, kind),
            about=f"range {key}",
            left=self.walk.to_list,
            required=required,
        )

    def _range_reasoned(self, kind: AnswerKind, reason: str) -> None:
        self.walk.to_list()
        self._apply_range(self._range(kind, reason), kind, reason)

    def _apply_range(self, chosen: Range, kind: AnswerKind, reason: str) -> None:
        section, last = self.state.here, self.state.checklist.items[chosen.keys[-1]]
        answers = tuple(edits.SetAnswer(key, kind, reason) for key in chosen.keys)
        if not self.walk.apply(edits.SetAnswers(answers)):
            return
        self._given = (kind, reason)
        self.state.just_answered = True
        self.walk.end_range()
        self.walk.draw()
        self._advance(last, section)
        self.walk.say(f"{chosen.words(ANSWERS[kind])}; u undoes them together")

    def _answered(self, item: Item) -> AnswerKind | None:
        return self.state.assessment.session.record(item.id).answer

    def _outcomes(self, item: Item) -> list[Outcome]:
        found = outcomes(item, self.state.checklist, self.state.assessment.session).values()
        return [outcome for outcome in found if outcome is not None]
