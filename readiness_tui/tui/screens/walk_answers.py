"""The walk's answers: one key, then the next open item."""

from __future__ import annotations

from functools import partial

from textual import on

from readiness_tui.display.rows import next_open
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.checklist import Item
from readiness_tui.model.outcome import Verdict
from readiness_tui.rules import edits
from readiness_tui.rules.standing import outcomes
from readiness_tui.tui import commands
from readiness_tui.tui.screens.walk_moves import WalkMoves


class WalkAnswers(WalkMoves):
    """Answers become edits; what an edit refuses is said in the bar."""

    _given: tuple[AnswerKind | None, str] | None = None

    def answer(self, item: Item, kind: AnswerKind | None, reason: str = "", *, advance: bool = True) -> None:
        """Answer an item, remember it for `.`, and go on."""
        section = self.list.section
        if not self.apply(edits.SetAnswer(item.id, kind, reason)):
            return
        self._given = (kind, reason)
        self.draw()
        if not advance:
            return
        following = next_open(list(self.checklist.items), self.found, item.id)
        if following and not self.list.move_to(following):
            following = next_open(self.list.keys, self.found, item.id)
            self.list.move_to(following)
        if not following:
            self.say("nothing is open any more")
        elif self.list.section != section:
            left = self.counted.sections[section].left
            title = self.checklist.sections[section].title
            self.say(f"{title}: {left} left" if left else f"{title} is complete")

    @on(commands.Pass)
    def _pass(self) -> None:
        if (item := self.item) is None:
            return
        if self.assessment.session.record(item.id).answer is AnswerKind.DONE:
            self.answer(item, None, advance=False)
            self.say("answer taken back")
            return
        self.answer(item, AnswerKind.DONE)
        if against := self._against(item):
            self.say(f"answered done against {against}; o gives a reason")

    def _against(self, item: Item) -> str:
        """The verdict that speaks against `done`, if one does."""
        looked = outcomes(item, self.checklist, self.assessment.session).values()
        failing = [outcome for outcome in looked if outcome and outcome.verdict is Verdict.FAIL]
        return f"a failing probe: {failing[0].evidence}" if failing else ""

    @on(commands.Fail)
    def _fail(self) -> None:
        self._with_reason("not done, because:", AnswerKind.NOT_DONE, "one line why it is not done:")

    @on(commands.NotApplicable)
    def _not_applicable(self) -> None:
        self._with_reason("does not apply, because:", AnswerKind.NOT_APPLICABLE, "n/a needs a reason:")

    @on(commands.Override)
    def _override(self) -> None:
        self._with_reason("done in spite of the probe, because:", AnswerKind.DONE, "override needs a reason:")

    def _with_reason(self, label: str, kind: AnswerKind, required: str) -> None:
        if (item := self.item) is None:
            return
        record = self.assessment.session.record(item.id)
        self.prompt.ask(
            label,
            partial(self._reasoned, item, kind),
            text=record.reason if record.answer is kind else "",
            left=self.to_list,
            required=required,
        )

    def _reasoned(self, item: Item, kind: AnswerKind, reason: str) -> None:
        self.to_list()
        self.answer(item, kind, reason)

    @on(commands.Defer)
    def _defer(self) -> None:
        if (item := self.item) is not None:
            self.answer(item, AnswerKind.DEFERRED)

    @on(commands.Clear)
    def _clear(self) -> None:
        if (item := self.item) is not None:
            self.answer(item, None, advance=False)

    @on(commands.Repeat)
    def _repeat(self) -> None:
        if (item := self.item) is not None and self._given is not None:
            self.answer(item, *self._given)

    @on(commands.Undo)
    def _undo(self) -> None:
        self._stepped(self.assessment.undo(), "nothing to undo")

    @on(commands.Redo)
    def _redo(self) -> None:
        self._stepped(self.assessment.redo(), "nothing to do again")

    def _stepped(self, item: str | None, otherwise: str) -> None:
        if item is None:
            self.say(otherwise)
            return
        self.draw()
        self.jump(item)

    def why_not(self, command: type[commands.Command]) -> str:
        """Why an answer cannot be given."""
        answers = (commands.Pass, commands.Fail, commands.NotApplicable, commands.Defer, commands.Clear)
        if command in (*answers, commands.Override, commands.Repeat) and (reason := self.why_no_answer()):
            return reason
        if command is commands.Repeat and self._given is None:
            return "no answer yet to repeat"
        if command is commands.Override:
            return self._why_no_override()
        if command is commands.Clear and self.item is not None:
            answered = self.assessment.session.record(self.item.id).answer is not None
            return "" if answered else "not answered: nothing to take back"
        if command in (commands.Undo, commands.Redo):
            return self.assessment.read_only and f"read-only: {self.assessment.read_only}"
        return super().why_not(command)

    def _why_no_override(self) -> str:
        assert self.item is not None  # asked before
        looked = outcomes(self.item, self.checklist, self.assessment.session).values()
        against = any(o is not None and o.verdict in (Verdict.FAIL, Verdict.UNKNOWN) for o in looked)
        return "" if against else "no failing or unknown verdict to override: space answers done"
