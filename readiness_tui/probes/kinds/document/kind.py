"""Kind `document`: documents in the operator's checkout: size, marks, age and what they must name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field, StringConstraints

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, fields, settle, unseen
from readiness_tui.probes.kinds.document.choice import Document, best, documents

FACTS: dict[str, str] = {
    "document_problems": "Why there is no finished document: none found, too short, unfinished, too old, "
    "or a word missing that it must name.",
    "document": "The document's path, and the heading's part when only that was found.",
    "words": "Its words; those under the heading when it was found by heading.",
    "age_days": "Days since its last commit.",
    "words_note": "Its words in words, empty for a diagram or an interface description.",
    "age_note": "Its age in words, empty where git does not tell it.",
    "others_note": "How many further documents match, in words.",
}

FIND = "repo.git+doc.find"
NO_PATH = "^$"
"""The pattern of no path: only headings are looked for."""

Word = Annotated[str, StringConstraints(pattern=r"^[^\n|]{1,100}$")]


class DocumentParams(Frozen):
    """checkout: the repository on the operator's machine. elsewhere: where other documents are kept, so that
    one that is not in the checkout may still exist. subject: what the document is, for sentences.
    path, heading: regular expressions, without case, of its path or of a heading in it. min_words: the
    fewest words of a finished one. max_age_days: days since its last commit, 0 for any. data: a diagram,
    picture or interface description counts without words. names: words it must name (a unit's name also
    without its suffix); names_in: regular expression of further files that may name them instead.
    part, part_subject: a heading that some document must have, and what is told beneath it.
    """

    checkout: str = Field(min_length=1)
    elsewhere: str = ""
    subject: str = Field(min_length=1)
    path: str = Field(min_length=1)
    heading: str = Field(min_length=1)
    min_words: int = Field(default=150, ge=0)
    max_age_days: int = Field(default=0, ge=0)
    data: bool = False
    names: tuple[Word, ...] = ()
    names_in: str = ""
    part: str = ""
    part_subject: str = ""


class DocumentKind(Kind[DocumentParams]):
    """Reads the checkout on the operator's machine; only counts and paths are kept."""

    name = "document"
    Params = DocumentParams
    facts = FACTS
    moving = frozenset({"age_days", "age_note"})

    def asks(self) -> tuple[Ask, ...]:
        """repo.git and doc.find in one shell; once more for the part that is wanted."""
        params = self.params
        words = dict.fromkeys(spelling for name in params.names for spelling in _spellings(name))
        arguments = (params.checkout, params.path, params.heading, params.names_in, *words)
        asks = [collect(FIND, *arguments, spec=self.spec)]
        if params.part:
            asks.append(collect(FIND, params.checkout, NO_PATH, params.part, "", spec=self.spec))
        return tuple(asks)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The best document that matches, and what is wrong with it."""
        told = ParsedReply(replies[0])
        if (why := told.refusal("checkout")) is not None:
            return unseen(FACTS, Missing(why.cause, why.reason.partition(": ")[2] or why.reason))
        searched = told.number("searched")
        if isinstance(searched, Missing):
            return unseen(FACTS, searched)
        if searched == 0:
            nothing = f"{self.params.checkout} has no documents at all: is it the right checkout?"
            return unseen(FACTS, Missing(Cause.NOT_CONFIGURED, nothing))
        found = documents(told, data=self.params.data)
        if isinstance(found, Missing):
            return unseen(FACTS, found)
        part = self._part(ParsedReply(replies[1])) if self.params.part else ()
        return self._facts(told, found, part)

    def _part(self, told: ParsedReply) -> tuple[str, ...] | Missing:
        """Why no document has the part that is wanted."""
        found = documents(told, data=False)
        if isinstance(found, Missing):
            return found
        headed = [one for one in found if one.by_heading]
        return () if headed else (f"no document has a heading about {self.params.part_subject}",)

    def _facts(
        self, told: ParsedReply, found: Sequence[Document], part: tuple[str, ...] | Missing
    ) -> Mapping[str, Fact | Missing]:
        params = self.params
        if not found:
            none = f"no {params.subject} among the documents of {params.checkout}"
            if params.elsewhere:
                return unseen(
                    FACTS, Missing(Cause.UNSUPPORTED, f"{none}; {params.elsewhere} is not read: look there")
                )
            return unseen(FACTS, Missing(Cause.UNSUPPORTED, none)) | {"document_problems": (none,)}
        one = best(found, params.min_words)
        shallow = told.text("shallow", default="") == "true"
        untold = Missing(Cause.UNSUPPORTED, f"git does not tell when {one.path} was last changed")
        age = untold if one.age is None or shallow else one.age
        problems = one.faults(params.min_words)
        doubts = []
        if params.max_age_days and isinstance(age, Missing):
            doubts.append(untold)
        elif params.max_age_days and not isinstance(age, Missing) and age > params.max_age_days:
            problems.append(
                f"{one.path} was changed {_days(age)} ago (expected: at most {params.max_age_days})"
            )
        problems += self._unnamed(told, found)
        if isinstance(part, Missing):
            doubts.append(part)
        else:
            problems += part
        return {
            "document_problems": settle(problems, doubts),
            "document": one.place,
            "words": one.words,
            "age_days": age,
            "words_note": f", {one.words} words" if one.prose else "",
            "age_note": "" if isinstance(age, Missing) else f", changed {_days(age)} ago",
            "others_note": f" ({len(found) - 1} more match)" if len(found) > 1 else "",
        }

    def _unnamed(self, told: ParsedReply, found: Sequence[Document]) -> list[str]:
        """What none of the documents and of the further files names."""
        named = {fields(row, 2)[1] for row in told.known("names")}
        missing = [name for name in self.params.names if named.isdisjoint(_spellings(name))]
        if not missing:
            return []
        where = found[0].path if len(found) == 1 else f"the {self.params.subject}"
        more = f" and {len(missing) - 4} more" if len(missing) > 4 else ""
        return [f"{where} does not name {', '.join(missing[:4])}{more}"]


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _spellings(name: str) -> tuple[str, ...]:
    """A unit is also named without `.service`: systemctl takes both (systemctl(1))."""
    return (name, name.removesuffix(".service")) if name.endswith(".service") else (name,)
