"""Answers: one key, then the next open item."""

from __future__ import annotations

from functools import partial

from readiness_tui.display.rows import next_open
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.checklist import Item
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.rules import edits
from readiness_tui.rules.standing import outcomes
from readiness_tui.tui.commands.base import Command
from readiness_tui.tui.walk.controller import Controller, does
from readiness_tui.tui.walk.view import WalkView


class Done(Command):
    """Answer done and go to the next open item; on an item answered done, take the answer back."""

    name, keys, spelt, label, topic = "answer.pass", "space", "space", "pass", "Answer"


class NotDone(Command):
    """Answer not done, with one line why."""

    name, keys, spelt, label, topic = "answer.fail", "f", "f", "fail", "Answer"


class NotApplicable(Command):
    """Answer n/a; a reason is required."""

    name, keys, spelt, label, topic = "answer.not-applicable", "a", "a", "n/a", "Answer"


class Defer(Command):
    """Come back to it later; it stays open."""

    name, keys, spelt, label, topic = "answer.defer", "d", "d", "defer", "Answer"


class Clear(Command):
    """Take the answer back; the note stays."""

    name, keys, spelt, label, topic = "answer.clear", "c", "c", "clear", "Answer"


class Override(Command):
    """Answer done against the probe's verdict; the reason is required and stands on every report."""

    name, keys, spelt, label, topic = "answer.override", "o", "o", "override", "Answer"


class Repeat(Command):
    """Give this item the last answer again, with the same reason."""

    name, keys, spelt, label, topic = "answer.repeat", "full_stop", ".", "repeat", "Answer"


class Undo(Command):
    """Undo the last answer or note of this sitting; the history keeps both."""

    name, keys, spelt, label, topic = "answer.undo", "u", "u", "undo", "Answer"


class Redo(Command):
    """Do again what was undone."""

    name, keys, spelt, label, topic = "answer.redo", "ctrl+r", "Ctrl+r", "redo", "Answer"


class Answering(Controller):
    """Answers become edits; what an edit refuses is said in the bar."""

    def __init__(self, walk: WalkView) -> None:
        super().__init__(walk)
        self._given: tuple[AnswerKind | None, str] | None = None

    def _why_no_answer(self) -> str:
        return self.state.why_no_answer()

    @does(Done, unless=_why_no_answer)
    def _done(self) -> None:
        if (item := self.state.item) is None:
            return
        if self._answered(item) is AnswerKind.DONE:
            self.answer(item, None, advance=False)
            self.walk.say("answer taken back")
            return
        self.answer(item, AnswerKind.DONE)
        failing = [outcome for outcome in self._outcomes(item) if outcome.verdict is Verdict.FAIL]
        if failing:
            self.walk.say(f"answered done against a failing probe: {failing[0].evidence}; o gives a reason")

    @does(NotDone, unless=_why_no_answer)
    def _not_done(self) -> None:
        self._with_reason("not done, because:", AnswerKind.NOT_DONE, "one line why it is not done:")

    @does(NotApplicable, unless=_why_no_answer)
    def _not_applicable(self) -> None:
        self._with_reason("does not apply, because:", AnswerKind.NOT_APPLICABLE, "n/a needs a reason:")

    @does(Defer, unless=_why_no_answer)
    def _defer(self) -> None:
        if (item := self.state.item) is not None:
            self.answer(item, AnswerKind.DEFERRED)

    def _why_not_clear(self) -> str:
        if reason := self.state.why_no_answer():
            return reason
        item = self.state.item
        return "" if item and self._answered(item) is not None else "not answered: nothing to take back"

    @does(Clear, unless=_why_not_clear)
    def _clear(self) -> None:
        if (item := self.state.item) is not None:
            self.answer(item, None, advance=False)

    def _why_no_override(self) -> str:
        if reason := self.state.why_no_answer():
            return reason
        item = self.state.item
        looked = self._outcomes(item) if item else []
        against = any(outcome.verdict in (Verdict.FAIL, Verdict.UNKNOWN) for outcome in looked)
        return "" if against else "no failing or unknown verdict to override: space answers done"

    @does(Override, unless=_why_no_override)
    def _override(self) -> None:
        self._with_reason("done in spite of the probe, because:", AnswerKind.DONE, "override needs a reason:")

    def _why_no_repeat(self) -> str:
        return self.state.why_no_answer() or ("" if self._given else "no answer yet to repeat")

    @does(Repeat, unless=_why_no_repeat)
    def _repeat(self) -> None:
        if (item := self.state.item) is not None and self._given is not None:
            self.answer(item, *self._given)

    def _why_no_change(self) -> str:
        reason = self.state.assessment.read_only
        return f"read-only: {reason}" if reason else ""

    @does(Undo, unless=_why_no_change)
    def _undo(self) -> None:
        self._stepped(self.state.assessment.undo(), "nothing to undo")

    @does(Redo, unless=_why_no_change)
    def _redo(self) -> None:
        self._stepped(self.state.assessment.redo(), "nothing to do again")

    def _stepped(self, item: str | None, otherwise: str) -> None:
        if item is None:
            self.walk.say(otherwise)
            return
        self.walk.draw()
        self.walk.jump(item)

    def answer(self, item: Item, kind: AnswerKind | None, reason: str = "", *, advance: bool = True) -> None:
        """Answer an item, remember the answer for `.`, and go on."""
        section = self.state.here
        if not self.walk.apply(edits.SetAnswer(item.id, kind, reason)):
            return
        self._given = (kind, reason)
        self.walk.draw()
        if advance:
            self._advance(item, section)

    def _advance(self, item: Item, section: int) -> None:
        state, items = self.state, self.walk.list
        following = next_open(list(state.checklist.items), state.checklist.items, state.found, item.id)
        if following and not items.move_to(following):
            following = next_open(items.keys, state.checklist.items, state.found, item.id)
            items.move_to(following)
        if not following:
            self.walk.say("nothing is open any more")
        elif state.here != section:
            left = state.counted.sections[section].left
            title = state.checklist.sections[section].title
            self.walk.say(f"{title}: {left} left" if left else f"{title} is complete")

    def _with_reason(self, label: str, kind: AnswerKind, required: str) -> None:
        if (item := self.state.item) is None:
            return
        record = self.state.assessment.session.record(item.id)
        self.walk.prompt.ask(
            label,
            partial(self._reasoned, item, kind),
            text=record.reason if record.answer is kind else "",
            left=self.walk.to_list,
            required=required,
        )

    def _reasoned(self, item: Item, kind: AnswerKind, reason: str) -> None:
        self.walk.to_list()
        self.answer(item, kind, reason)

    def _answered(self, item: Item) -> AnswerKind | None:
        return self.state.assessment.session.record(item.id).answer

    def _outcomes(self, item: Item) -> list[Outcome]:
        found = outcomes(item, self.state.checklist, self.state.assessment.session).values()
        return [outcome for outcome in found if outcome is not None]
