"""A backtracking matcher that counts its steps: what a regular expression costs, without a clock.

It walks the tree that Python's own parser makes (re._parser), in the order of Python's own engine, so
that a pattern which backtracks there does so here. The engine's shortcuts are left out: a count is at
least as large as the engine's work, and grows as it does or faster.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

_parser: Any = importlib.import_module("re._parser")
_names: Any = importlib.import_module("re._constants")

Node = tuple[Any, Any]


class TooManyStepsError(Exception):
    """The limit of steps was reached."""


def tree(pattern: str, flags: int = 0) -> Sequence[Node]:
    """The parsed pattern."""
    return list(_parser.parse(pattern, flags))


class Counter:
    """Matches one pattern against texts. steps: counted since it was made."""

    def __init__(self, pattern: str, flags: int = 0, limit: int = 3_000_000) -> None:
        self.steps = 0
        self._limit = limit
        self._flags = re.compile(pattern, flags).flags
        self._nodes = tree(pattern, flags)
        self._text = ""
        self._groups: dict[int, tuple[int, int]] = {}
        self._chars: dict[int, Callable[[str], bool]] = {}

    def scan(self, text: str) -> int:
        """The steps of finding every match, as `finditer` does. Raises TooManyStepsError."""
        self._text = text
        at = 0
        while at <= len(text):
            end = next(self._sequence(self._nodes, at), None)
            at = end if end is not None and end > at else at + 1
        return self.steps

    def anchored(self, text: str, *, whole: bool) -> int:
        """The steps of `match`, or of `fullmatch`. Raises TooManyStepsError."""
        self._text = text
        for end in self._sequence(self._nodes, 0):
            if not whole or end == len(text):
                break
        return self.steps

    def _step(self, number: int = 1) -> None:
        self.steps += number
        if self.steps > self._limit:
            raise TooManyStepsError

    def _sequence(self, nodes: Sequence[Node], at: int) -> Iterator[int]:
        """Every place where the nodes, one after the other, can end, in the engine's order."""
        if not nodes:
            yield at
            return
        trail = [self._node(nodes[0], at)]
        while trail:
            end = next(trail[-1], None)
            if end is None:
                trail.pop()
            elif len(trail) == len(nodes):
                yield end
            else:
                trail.append(self._node(nodes[len(trail)], end))

    def _node(self, node: Node, at: int) -> Iterator[int]:
        self._step()
        name, value = str(node[0]), node[1]
        if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            if at < len(self._text) and self._char(node)(self._text[at]):
                yield at + 1
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield from self._repeat(name, value, at)
        elif name == "BRANCH":
            for branch in value[1]:
                yield from self._sequence(list(branch), at)
        elif name == "SUBPATTERN":
            for end in self._sequence(list(value[-1]), at):
                if value[0]:
                    self._groups[value[0]] = (at, end)
                yield end
        elif name == "ATOMIC_GROUP":
            yield from _first(self._sequence(list(value), at))
        elif name in ("ASSERT", "ASSERT_NOT"):
            if (name == "ASSERT") == self._holds(value[0], value[1], at):
                yield at
        elif name == "AT":
            if self._at(str(value), at):
                yield at
        elif name == "GROUPREF":
            start, end = self._groups.get(value, (0, 0))
            if self._text.startswith(self._text[start:end], at):
                yield at + end - start
        else:
            raise NotImplementedError(name)

    def _repeat(self, name: str, value: Any, at: int) -> Iterator[int]:
        low, high, nodes = int(value[0]), int(value[1]), list(value[2])
        if len(nodes) == 1 and str(nodes[0][0]) in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            ends: Iterator[int] = self._run(self._char(nodes[0]), low, high, at, lazy=name == "MIN_REPEAT")
        elif name == "MIN_REPEAT":
            ends = self._lazily(nodes, low, high, at)
        else:
            ends = self._greedily(nodes, low, high, at)
        yield from _first(ends) if name == "POSSESSIVE_REPEAT" else ends

    def _run(self, fits: Callable[[str], bool], low: int, high: int, at: int, *, lazy: bool) -> Iterator[int]:
        end = at
        if lazy:
            while True:
                if end - at >= low:
                    yield end
                self._step()
                if end - at >= high or end >= len(self._text) or not fits(self._text[end]):
                    return
                end += 1
        while end - at < high and end < len(self._text) and fits(self._text[end]):
            end += 1
        self._step(end - at)
        while end - at >= low:
            yield end
            self._step()
            end -= 1

    def _greedily(self, nodes: Sequence[Node], low: int, high: int, at: int) -> Iterator[int]:
        trail = [(at, self._sequence(nodes, at))]
        while trail:
            start, ends = trail[-1]
            end = next(ends, None) if len(trail) <= high else None
            if end is None or (end == start and len(trail) > low):
                trail.pop()
                if len(trail) >= low:
                    yield start
            else:
                trail.append((end, self._sequence(nodes, end)))

    def _lazily(self, nodes: Sequence[Node], low: int, high: int, at: int) -> Iterator[int]:
        if low <= 0:
            yield at
        trail = [self._sequence(nodes, at)]
        while trail:
            end = next(trail[-1], None) if len(trail) <= high else None
            if end is None:
                trail.pop()
                continue
            if len(trail) >= low:
                yield end
            trail.append(self._sequence(nodes, end))

    def _holds(self, direction: int, nodes: Any, at: int) -> bool:
        if direction > 0:
            return next(self._sequence(list(nodes), at), None) is not None
        width = nodes.getwidth()[0]
        return at >= width and any(end == at for end in self._sequence(list(nodes), at - width))

    def _at(self, where: str, at: int) -> bool:
        text, multiline = self._text, bool(self._flags & re.MULTILINE)
        if where in ("AT_BEGINNING", "AT_BEGINNING_STRING"):
            line = multiline and where == "AT_BEGINNING"
            return at == 0 or (line and text[at - 1] == "\n")
        if where == "AT_END_STRING":
            return at == len(text)
        if where == "AT_END":
            return at == len(text) or text[at:] == "\n" or (multiline and text[at] == "\n")
        inside = at > 0 and _word(text[at - 1])
        after = at < len(text) and _word(text[at])
        return (inside != after) == (where == "AT_BOUNDARY")

    def _char(self, node: Node) -> Callable[[str], bool]:
        """Whether one character is what a node of one character asks."""
        if (known := self._chars.get(id(node))) is None:
            known = self._chars[id(node)] = fits(node, self._flags)
        return known


def fits(node: Node, flags: int) -> Callable[[str], bool]:
    """The test of a node that stands for one character."""
    name, value = str(node[0]), node[1]
    if name == "ANY":
        return (lambda _: True) if flags & re.DOTALL else (lambda char: char != "\n")
    if name == "IN":
        return re.compile(_class(value), flags & (re.IGNORECASE | re.ASCII)).match  # type: ignore[return-value]  # a match is true
    char = re.compile(re.escape(chr(value)), flags & re.IGNORECASE)
    return (lambda c: not char.match(c)) if name == "NOT_LITERAL" else (lambda c: bool(char.match(c)))


_CATEGORIES = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
_CATEGORIES |= {f"NOT_{name}": text.upper() for name, text in _CATEGORIES.items()}


def _class(members: Sequence[Node]) -> str:
    """The text of a character class, from its parsed members."""
    text = ""
    for node in members:
        name, value = str(node[0]), node[1]
        if name == "NEGATE":
            text += "^"
        elif name == "LITERAL":
            text += re.escape(chr(value)) if chr(value) != "^" else r"\^"
        elif name == "RANGE":
            text += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        else:
            text += _CATEGORIES[str(value).removeprefix("CATEGORY_")]
    return f"[{text}]"


def _first(ends: Iterator[int]) -> Iterator[int]:
    end = next(ends, None)
    if end is not None:
        yield end


def _word(char: str) -> bool:
    return char.isalnum() or char == "_"
