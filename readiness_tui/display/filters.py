"""What the list shows: the words typed after `/`, and the view that `F` cycles. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from readiness_tui.display.marks import mark_of
from readiness_tui.model.checklist import Item, Mode
from readiness_tui.model.session import Record
from readiness_tui.rules.standing import ItemStanding, Standing


class View(StrEnum):
    """The lists that `F` cycles."""

    ALL = "all"
    OPEN = "open"
    PROBLEMS = "problems"

    @property
    def next(self) -> View:
        """The one after this, round and round."""
        views = list(View)
        return views[(views.index(self) + 1) % len(views)]


PROBLEMS = frozenset({Standing.NOT_READY, Standing.UNKNOWN, Standing.CONFLICT, Standing.STALE})


def waits(item: Item, one: ItemStanding) -> bool:
    """A person has still to look at it: it is not satisfied, not computed, and nobody answered not done."""
    return not one.satisfied and not one.answered_not_done and item.mode is not Mode.DERIVED


@dataclass(frozen=True, slots=True)
class Subject:
    """What a query looks at."""

    item: Item
    section: str
    record: Record
    standing: ItemStanding


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed after `/`: every word must be found.

    `is:WORD` a standing or its word on the screen, an answer, or open; `mode:`, `severity:`, `role:`,
    `phase:` and `section:` the item's own; `host:` a host with an outcome. Any other word is looked for
    in the id, the text, the note, the reason and the evidence.
    """

    words: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Query:
        """Read what was typed; case does not matter."""
        return cls(tuple(text.casefold().split()))

    def matches(self, subject: Subject) -> bool:
        """Every word fits."""
        return all(_fits(word, subject) for word in self.words)


def shown(view: View, query: Query, subject: Subject) -> bool:
    """The item is in the view and the query finds it."""
    if view is View.OPEN and not waits(subject.item, subject.standing):
        return False
    if view is View.PROBLEMS and subject.standing.standing not in PROBLEMS:
        return False
    return query.matches(subject)


def _fits(word: str, subject: Subject) -> bool:
    key, colon, value = word.partition(":")
    if colon and value and (names := _named(key, subject)) is not None:
        return any(name.startswith(value) for name in names)
    return word in _haystack(subject)


def _named(key: str, subject: Subject) -> tuple[str, ...] | None:
    item = subject.item
    fields: Mapping[str, tuple[str, ...]] = {
        "is": _states(subject),
        "mode": (item.mode.value,),
        "severity": (item.severity.value,),
        "role": (item.role,),
        "phase": (item.phase.value,),
        "section": (subject.section.casefold(),),
        "host": tuple(host.casefold() for host in subject.record.outcomes),
    }
    return fields.get(key)


def _states(subject: Subject) -> tuple[str, ...]:
    one, record = subject.standing, subject.record
    states = [one.standing.value, mark_of(one).word.casefold()]
    if waits(subject.item, one):
        states.append("open")
    if record.answer is not None:
        states += ["answered", record.answer.value]
    if record.note:
        states.append("noted")
    if one.overridden:
        states.append("overridden")
    return tuple(states)


def _haystack(subject: Subject) -> str:
    item, record = subject.item, subject.record
    evidence = (outcome.evidence for outcome in record.outcomes.values())
    parts = (item.id, item.text, record.note, record.reason, *record.outcomes, *evidence)
    return "\n".join(parts).casefold()
