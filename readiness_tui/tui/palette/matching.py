"""What the palette finds: entries whose words begin with what was typed. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

_WORD = re.compile(r"[^\s()\[\],;:.!?\"`]+")


class Kind(IntEnum):
    """What an entry is; commands come first."""

    COMMAND = 0
    SECTION = 1
    ITEM = 2
    HOST = 3
    VERB = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette.

    title: what it is called. aliases: other names. help: one line. key: what does the same without the
    palette. act: does it. why_not: why it cannot be done now; empty when it can.
    """

    kind: Kind
    title: str
    act: Callable[[], object]
    aliases: tuple[str, ...] = ()
    help: str = ""
    key: str = ""
    why_not: str = ""


def found(query: str, entries: Iterable[Entry]) -> list[Entry]:
    """The entries that a query finds, best first; commands alone for an empty query.

    Every word of the query must begin a word: of the name or an alias, else of name, aliases or help.
    Nothing else matches.
    """
    words = _words(query)
    if not words:
        return [entry for entry in entries if entry.kind is Kind.COMMAND]
    ranked = [(rank, entry) for entry in entries if (rank := _rank(words, entry)) is not None]
    return [entry for _, entry in sorted(ranked, key=lambda one: one[0])]


def _rank(words: list[str], entry: Entry) -> tuple[int, int] | None:
    """Commands before the rest; within each an exact name or alias, the name, an alias, the help."""
    title, aliases = _words(entry.title), [word for alias in entry.aliases for word in _words(alias)]
    if words == title or " ".join(words) in entry.aliases:
        fit = 0
    elif _all_begin(words, title):
        fit = 1
    elif _all_begin(words, [*title, *aliases]):
        fit = 2
    elif _all_begin(words, [*title, *aliases, *_words(entry.help)]):
        fit = 3
    else:
        return None
    return int(entry.kind), fit


def _all_begin(words: list[str], known: list[str]) -> bool:
    return all(any(other.startswith(word) for other in known) for word in words)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
