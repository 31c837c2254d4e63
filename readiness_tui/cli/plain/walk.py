"""The line mode's walk: print an item, read a command, apply it, save it, and go on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from readiness_tui.cli.plain import text
from readiness_tui.cli.plain.commands import HELP, Command, Word, parse
from readiness_tui.cli.support.opened import Work
from readiness_tui.display.rows import next_open
from readiness_tui.errors import ReadinessError, UsageError
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.checklist import Item
from readiness_tui.rules import edits
from readiness_tui.rules.standing import Standing, standings

PROMPT = "answer (? for help): "

ANSWERS = {
    Word.DONE: AnswerKind.DONE,
    Word.NOT_DONE: AnswerKind.NOT_DONE,
    Word.NOT_APPLICABLE: AnswerKind.NOT_APPLICABLE,
    Word.LATER: AnswerKind.DEFERRED,
    Word.CLEAR: None,
}


class PlainWalk:
    """One sitting. read: returns the next line, raises EOFError at the end of the input.

    write: prints one line. probe: runs the probes of these items (all when empty), prints and saves.
    """

    def __init__(
        self,
        work: Work,
        read: Callable[[str], str],
        write: Callable[[str], None],
        probe: Callable[[Sequence[str]], None],
    ) -> None:
        self._work = work
        self._live = work.assessment
        self._read = read
        self._write = write
        self._probe = probe
        ids = list(self._live.checklist.items)
        self._ids = ids
        position = self._live.session.position
        self._key = position if position in self._live.checklist.items else ids[0]
        self._confirmed: tuple[str, Word] | None = None

    def run(self) -> None:
        """Walk until `quit` or the end of the input. An error is printed and the item stays."""
        self._write(f"{self._live.session.launch}: {text.summary(self._live)}")
        self._show()
        while True:
            try:
                command = parse(self._read(PROMPT))
            except EOFError:
                break
            except UsageError as error:
                self._complain(error)
                continue
            if command.word is Word.QUIT:
                break
            try:
                self._do(command)
            except ReadinessError as error:
                self._complain(error)
        self._write(text.summary(self._live))

    def _do(self, command: Command) -> None:
        match command.word:
            case Word.DONE | Word.NOT_DONE | Word.NOT_APPLICABLE | Word.LATER | Word.CLEAR:
                self._answer(command)
            case Word.NOTE:
                self._live.apply(edits.SetNote(self._key, command.argument))
                self._saved("note saved" if command.argument else "note removed")
            case Word.NEXT:
                self._next()
            case Word.FORWARD | Word.BACK:
                self._step(1 if command.word is Word.FORWARD else -1)
            case Word.GO:
                self._go_to(self._matching(command.argument))
            case Word.SHOW:
                self._lines(text.details(self._live, self._item))
            case Word.PROBE:
                self._probe(self._scope(command.argument))
                self._show()
            case Word.UNDO:
                self._stepped("undone", self._live.undo())
            case Word.REDO:
                self._stepped("redone", self._live.redo())
            case Word.GATE:
                self._gate()
            case _:
                self._lines(HELP.splitlines())

    @property
    def _item(self) -> Item:
        return self._live.checklist.items[self._key]

    def _answer(self, command: Command) -> None:
        kind, reason = ANSWERS[command.word], command.argument
        if kind is AnswerKind.NOT_DONE and not reason:
            raise UsageError("not-done needs a reason", hint="not-done REASON")
        if kind is AnswerKind.DONE and not reason and (problem := self._objection()):
            raise UsageError(problem, hint="done REASON overrides it")
        if (doubt := self._doubt()) and self._confirmed != (self._key, command.word):
            self._confirmed = self._key, command.word
            raise UsageError(doubt, hint=f"repeat {command.word} to answer anyway")
        self._confirmed = None
        self._live.apply(edits.SetAnswer(self._key, kind, reason))
        standing = self._live.standings()[self._key]
        self._saved(f"{kind or 'answer cleared'}; now {standing.standing}")
        if kind is not None:
            self._next()

    def _objection(self) -> str:
        """Why `done` needs a reason; empty if it does not."""
        live = self._live
        edit = edits.SetAnswer(self._key, AnswerKind.DONE)
        after = edits.apply(live.checklist, live.session, edit, by=live.operator, now=live.now())
        standing = standings(live.checklist, after, live.now())[self._key]
        return standing.reason if standing.standing in (Standing.CONFLICT, Standing.UNKNOWN) else ""

    def _doubt(self) -> str:
        """Why an answer needs a confirmation; empty if it does not."""
        standing = self._live.standings()[self._key]
        if standing.standing is Standing.PENDING:
            return f"the item is due later: {standing.reason}"
        if standing.overridden:
            return "the item is done by an override; a new answer replaces its reason"
        if self._live.session.record(self._key).waiver is not None:
            return "the item is waived"
        return ""

    def _next(self) -> None:
        key = next_open(self._ids, self._live.checklist.items, self._live.standings(), self._key)
        if key:
            self._go_to(key)
        else:
            self._write("no other item waits for you")

    def _step(self, by: int) -> None:
        at = self._ids.index(self._key) + by
        if not 0 <= at < len(self._ids):
            raise UsageError("this is the last item" if by > 0 else "this is the first item")
        self._go_to(self._ids[at])

    def _matching(self, words: str) -> str:
        """The item of a number, an id, or the next one whose id or text has all the words."""
        if words.isascii() and words.isdecimal() and 0 < int(words[:9]) <= len(self._ids):
            return self._ids[int(words[:9]) - 1]
        at = self._ids.index(self._key) + 1
        wanted = re.split(r"\s+", words.casefold())
        for key in (*self._ids[at:], *self._ids[:at]):
            item = self._live.checklist.items[key]
            if all(word in f"{key} {item.text}".casefold() for word in wanted):
                return key
        raise UsageError(f"no item matches {words[:60]!r}", hint=f"or a number from 1 to {len(self._ids)}")

    def _go_to(self, key: str) -> None:
        self._key = key
        if not self._live.read_only:
            self._live.apply(edits.SetPosition(key))
            self._work.save()
        self._show()

    def _scope(self, word: str) -> Sequence[str]:
        if word in ("", "item"):
            return [self._key]
        if word == "section":
            return [self._key.split(".")[0]]
        if word == "all":
            return []
        raise UsageError(f"cannot probe {word[:40]!r}", hint="probe, probe section or probe all")

    def _stepped(self, done: str, item: str | None) -> None:
        if item is None:
            raise UsageError(f"nothing can be {done}")
        self._saved(done)
        if item:
            self._go_to(item)

    def _gate(self) -> None:
        gate = self._live.gate()
        self._write(f"{gate.decision}: {len(gate.blocking)} blocking")
        for obstacle in gate.blocking:
            self._write(f"  {obstacle.standing}: {obstacle.what} ({obstacle.reason})")

    def _saved(self, message: str) -> None:
        self._work.save()
        self._write(message)

    def _show(self) -> None:
        self._lines(text.question(self._live, self._item))

    def _lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._write(line)

    def _complain(self, error: ReadinessError) -> None:
        self._write(f"error: {error.message}" + (f" (hint: {error.hint})" if error.hint else ""))
