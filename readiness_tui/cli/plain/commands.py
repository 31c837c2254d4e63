"""The commands of the line mode: one per line, followed by its argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from readiness_tui.errors import UsageError
from readiness_tui.suggest import near


class Word(StrEnum):
    """The commands, by the name that the help shows."""

    DONE = "done"
    NOT_DONE = "not-done"
    NOT_APPLICABLE = "n/a"
    LATER = "later"
    CLEAR = "clear"
    NOTE = "note"
    NEXT = "next"
    FORWARD = "forward"
    BACK = "back"
    GO = "go"
    SHOW = "show"
    PROBE = "probe"
    UNDO = "undo"
    REDO = "redo"
    GATE = "gate"
    HELP = "help"
    QUIT = "quit"


ALIASES: Mapping[str, Word] = {
    "": Word.NEXT,
    "d": Word.DONE,
    "ok": Word.DONE,
    "yes": Word.DONE,
    "y": Word.DONE,
    "override": Word.DONE,
    "no": Word.NOT_DONE,
    "f": Word.NOT_DONE,
    "na": Word.NOT_APPLICABLE,
    "a": Word.NOT_APPLICABLE,
    "defer": Word.LATER,
    "deferred": Word.LATER,
    "c": Word.CLEAR,
    "i": Word.NOTE,
    "n": Word.NEXT,
    "+": Word.FORWARD,
    "-": Word.BACK,
    "b": Word.BACK,
    "g": Word.GO,
    "/": Word.GO,
    "s": Word.SHOW,
    "p": Word.PROBE,
    "r": Word.PROBE,
    "u": Word.UNDO,
    "?": Word.HELP,
    "h": Word.HELP,
    "q": Word.QUIT,
    "exit": Word.QUIT,
}

HELP = """\
done [REASON]     done; against a probe that failed or could not check, a reason is required (override)
not-done REASON   not done, and why
n/a REASON        does not apply, and why
later             deferred
clear             clear the answer
note TEXT         set the note; without TEXT, remove it
next (Enter)      the next open item; forward and back: the next and the previous item of the list
go WORD           an item by its number, its id, or words of its text
show              everything about this item
probe [section|all]   run the read-only probes of this item, its section, or all
undo, redo        undo or redo the last change
gate              go or no-go, and what blocks it
help              this list
quit              leave; every change is saved already"""


@dataclass(frozen=True, slots=True)
class Command:
    """One line: the command and what follows it."""

    word: Word
    argument: str = ""


def parse(line: str) -> Command:
    """The command of a line; an empty line is `next`. Raises UsageError with the nearest command."""
    first, _, rest = line.strip().partition(" ")
    typed = first.casefold()
    if typed in ALIASES:
        return Command(ALIASES[typed], rest.strip())
    if typed in set(Word):
        return Command(Word(typed), rest.strip())
    known = (*Word, *(alias for alias in ALIASES if len(alias) > 1))
    raise UsageError(f"no command {first[:40]!r}{near(typed, known)}", hint="help lists the commands")
