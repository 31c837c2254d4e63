"""The documents that were found, and which of them is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields


@dataclass(frozen=True, slots=True)
class Document:
    """One file. words, marks: of the whole file, or of the part under the heading it was found by.

    marks: lines that say TODO, TBD, FIXME or the like. age: days since its last commit, None when
    git does not tell it. prose: not a diagram, picture or interface description.
    """

    path: str
    by_heading: bool
    words: int
    marks: int
    age: int | None
    prose: bool

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return f"a part of {self.path}" if self.by_heading else self.path

    def faults(self, min_words: int) -> list[str]:
        """Why it is not finished."""
        found = []
        if self.prose and self.words < min_words:
            words = "1 word" if self.words == 1 else f"{self.words} words"
            found.append(f"{self.place} has {words} (expected: at least {min_words})")
        if self.marks:
            marks = "1 line" if self.marks == 1 else f"{self.marks} lines"
            found.append(f"{self.place} is unfinished: {marks} with TODO, TBD or FIXME")
        return found


def documents(told: ParsedReply, *, data: bool) -> list[Document] | Missing:
    """What doc.find told. data: diagrams and interface descriptions count, also those within a document."""
    rows = told.rows("doc")
    if isinstance(rows, Missing):
        return rows
    drawn = set(told.known("diagram")) if data else set()
    found = []
    for row in rows:
        path, why, words, marks, age, sort = fields(row, 6)
        if not words.isdecimal() or not marks.isdecimal() or why not in ("path", "heading"):
            return Missing(Cause.GARBLED, f"what was read of {path} is not understood")
        prose = sort == "prose" and path not in drawn
        if sort == "data" and not data:
            continue
        days = int(age) if age.isdecimal() else None
        found.append(Document(path, why == "heading", int(words), int(marks), days, prose))
    return found


def best(found: Sequence[Document], min_words: int) -> Document:
    """A finished one before an unfinished one, one found by its path before a part of another, the longest.

    An unfinished draft beside the finished document does no harm; a document that is nowhere finished does.
    """
    return min(found, key=lambda one: (bool(one.faults(min_words)), one.by_heading, -one.words))
