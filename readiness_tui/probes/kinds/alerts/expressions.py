"""What an alerting rule's expression reads: the selectors of a PromQL query, found in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_GROUPING = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})
_ABSENT = frozenset({"absent", "absent_over_time"})
_WORDS = _GROUPING | {"and", "or", "unless", "bool", "inf", "nan", "atan2"}
_PAIRS = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a query: a `name`, a `number`, a `string`, or a `sign` of one character."""

    kind: str
    text: str
    begin: int
    end: int


def tokens(query: str) -> list[Token]:
    """The query in parts; a string that is not closed reaches to its end."""
    found: list[Token] = []
    at = 0
    while at < len(query):
        char, end = query[at], at + 1
        if char in "\"'`":
            kind, end = "string", _closed(query, at)
        elif char.isalnum() or char in "_:.":
            kind = "number" if char.isdigit() or char == "." else "name"
            while end < len(query) and (query[end].isalnum() or query[end] in "_:."):
                end += 1
        else:
            kind = "sign"
        if not char.isspace():
            found.append(Token(kind, query[at:end], at, end))
        at = end
    return found


def _closed(query: str, at: int) -> int:
    """Behind the end of the string that begins at a place."""
    quote, end = query[at], at + 1
    while end < len(query) and query[end] != quote:
        end += 2 if query[end] == "\\" and quote != "`" else 1
    return end + 1


def _behind(parts: Sequence[Token], at: int) -> int:
    """Behind the bracket that closes the one at a place; the end where none does."""
    opened, closes = parts[at].text, _PAIRS[parts[at].text]
    depth = 0
    for place in range(at, len(parts)):
        if parts[place].kind == "sign":
            depth += (parts[place].text == opened) - (parts[place].text == closes)
            if depth == 0:
                return place + 1
    return len(parts)


@dataclass(frozen=True, slots=True)
class Expression:
    """selectors: those that must have series for the expression to give any; absences: calls of absent()."""

    selectors: tuple[str, ...]
    absences: tuple[str, ...]
    alternatives: bool


def read(query: str) -> Expression:
    """The selectors of a query, in order; those inside absent() need no series."""
    parts = tokens(query)
    found: list[str] = []
    absences: list[str] = []
    either = False
    at = 0
    while at < len(parts):
        part = parts[at]
        follows = parts[at + 1].text if at + 1 < len(parts) else ""
        word = part.text.lower()
        either = either or (part.kind == "name" and word == "or")
        if part.text == "[" or (part.kind == "name" and word in _GROUPING and follows == "("):
            at = _behind(parts, at if part.text == "[" else at + 1)
        elif part.text == "@" or (part.kind == "name" and word == "offset"):
            at += 3 if follows == "-" else 2
        elif part.kind == "name" and word in _ABSENT and follows == "(":
            end = _behind(parts, at + 1)
            absences.append(query[part.begin : parts[end - 1].end])
            at = end
        elif part.text == "{" or (part.kind == "name" and follows == "{"):
            end = _behind(parts, at if part.text == "{" else at + 1)
            found.append(query[part.begin : parts[end - 1].end])
            at = end
        else:
            called = follows == "(" or follows.lower() in ("by", "without")
            if part.kind == "name" and not called and word not in _WORDS:
                found.append(part.text)
            at += 1
    return Expression(tuple(dict.fromkeys(found)), tuple(absences), either)


def name(selector: str) -> str:
    """The metric's name; empty where only labels choose."""
    return selector.partition("{")[0].strip()


def shown(selector: str) -> str:
    """The selector in words, cut to fit in a line."""
    chosen = selector.partition("{")[2].rstrip("} ")
    return f"{name(selector)}{f' with {chosen}' if chosen else ''}"[:60]
