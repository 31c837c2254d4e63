"""Parse YAML into a tree with the position of every value, and refuse what YAML 1.1 misreads.

Built from the parser's events without recursion. Depth and expanded size are checked before anything is
copied, so that deep nesting and alias bombs only cause an error.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml
from pydantic import JsonValue

MAX_NODES = 100_000
"""Most values of a document after expanding aliases; the built-in checklist has 6 000."""

MAX_DEPTH = 40
"""Most levels of nesting; a checklist's deepest condition needs about 15."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_YAML = yaml.SafeLoader("")
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
_TAG = "tag:yaml.org,2002:"
_MERGE = "<<"
LARGEST = 2**63 - 1
"""Whole numbers have 64 bits, as in a session file."""

_OCTAL = re.compile(r"^[-+]?0[0-7_]+$")
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(slots=True)
class Node:
    """A value and its position, line and column from 1.

    value: a scalar, a list of nodes, or a mapping of text to nodes. raw: a plain scalar as written in the
    file, if YAML reads it as something other than text. keys: the position of each key. size, height:
    number of values and levels in it, with aliases expanded.
    """

    line: int
    column: int
    value: str | int | float | bool | list[Node] | dict[str, Node] | None
    raw: str = ""
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    size: int = 1
    height: int = 1

    def plain(self) -> JsonValue:
        """The value without positions. Recursion is limited by MAX_DEPTH."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def get(self, key: str) -> Node | None:
        """The node of a key; None if there is none, or if this is not a mapping."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def members(self) -> tuple[Node, ...]:
        """The members of a list; empty if this is not a list."""
        return tuple(self.value) if isinstance(self.value, list) else ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """A fault found while parsing. within: the mapping, for a fault of a key."""

    line: int
    column: int
    message: str
    within: Node | None = None


class NoTreeError(Exception):
    """The document could not be parsed to its end. `mistakes` contains all found so far, at least one."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(mistakes[-1].message)
        self.mistakes = mistakes


def compose(text: str) -> tuple[Node, list[Mistake]]:
    """The tree of the only document in a text, and the mistakes that did not prevent parsing.

    Raises NoTreeError for invalid YAML, no or several documents, or one too deep or too large.
    """
    return _Composer().run(text)


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read. `key` is the next key of its mapping if `keyed` is true."""

    node: Node
    key: str | None = None
    keyed: bool = False


class _Composer:
    def __init__(self) -> None:
        self._mistakes: list[Mistake] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._root: Node | None = None
        self._total = 0

    def run(self, text: str) -> tuple[Node, list[Mistake]]:
        for event in self._events(text):
            self._take(event)
        if self._root is None:
            self._stop(0, 0, "the file is empty")
        assert self._root is not None  # `_stop` raises
        return self._root, self._mistakes

    def _events(self, text: str) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(text, Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            words = ", ".join(part for part in (error.problem, error.context) if part)
            line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            self._stop(line, column, f"not YAML: {words}")
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            self._stop(0, 0, f"not YAML: {str(error).splitlines()[0]}")

    def _take(self, event: yaml.Event) -> None:
        line, column = _place(event)
        match event:
            case yaml.DocumentStartEvent() if self._root is not None:
                self._stop(line, column, "a second document begins here; a file may hold only one checklist")
            case yaml.ScalarEvent():
                self._attach(self._anchored(event, self._scalar(event, line, column)))
            case yaml.AliasEvent():
                self._attach(self._aliased(event, line, column))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._begin(event, line, column)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._attach(self._open.pop().node)
            case _:
                pass

    def _begin(self, event: yaml.CollectionStartEvent, line: int, column: int) -> None:
        if len(self._open) >= MAX_DEPTH:
            self._stop(line, column, f"nested deeper than {MAX_DEPTH} levels")
        mapping = isinstance(event, yaml.MappingStartEvent)
        expected = _TAG + ("map" if mapping else "seq")
        if event.tag not in (None, "!", expected):
            self._mistake(line, column, f"the tag `{event.tag}` is not supported")
        self._count(1, line, column)
        self._open.append(_Open(self._anchored(event, Node(line, column, {} if mapping else []))))

    def _anchored(self, event: yaml.NodeEvent, node: Node) -> Node:
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _aliased(self, event: yaml.AliasEvent, line: int, column: int) -> Node:
        node = self._anchors.get(event.anchor or "")
        if node is None:
            self._mistake(line, column, f"no anchor `&{event.anchor}` before `*{event.anchor}`")
            return Node(line, column, None)
        if any(outer.node is node for outer in self._open):
            self._stop(line, column, f"`*{event.anchor}` is inside the value it repeats")
        if len(self._open) + node.height > MAX_DEPTH:
            self._stop(line, column, f"`*{event.anchor}` nests deeper than {MAX_DEPTH} levels")
        self._count(node.size, line, column)
        return node

    def _attach(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        outer = self._open[-1]
        whole = outer.node
        whole.size += node.size
        whole.height = max(whole.height, node.height + 1)
        if isinstance(whole.value, list):
            whole.value.append(node)
        elif not outer.keyed:
            outer.key, outer.keyed = self._key(whole, node), True
        else:
            if outer.key is not None and isinstance(whole.value, dict):
                whole.value[outer.key] = node
            outer.key, outer.keyed = None, False

    def _key(self, mapping: Node, node: Node) -> str | None:
        """The key of a node; None, with a mistake added, if it is not a valid key."""
        if not isinstance(node.value, str):
            problem = f"YAML reads the key `{node.raw}` as {reading(node)}; quote it" if node.raw else ""
            self._mistake(node.line, node.column, problem or "a key must be text", mapping)
            return None
        if node.raw == _MERGE:
            message = "the merge key `<<` is not supported; write the keys out"
            self._mistake(node.line, node.column, message, mapping)
            return None
        if (first := mapping.keys.get(node.value)) is not None:
            message = f"the key `{cut(node.value)}` is given twice, first on line {first[0]}"
            self._mistake(node.line, node.column, message, mapping)
            return None
        mapping.keys[node.value] = (node.line, node.column)
        return node.value

    def _scalar(self, event: yaml.ScalarEvent, line: int, column: int) -> Node:
        self._count(1, line, column)
        text = event.value
        if (hidden := _HIDDEN.search(text)) is not None:
            self._mistake(line, column, f"U+{ord(hidden[0]):04X} is a control character")
        tag = event.tag
        if tag in (None, "!"):
            tag = _plain_tag(text) if event.implicit[0] else _TAG + "str"
        try:
            value = self._read(tag.removeprefix(_TAG), text, line, column)
        except (ValueError, LookupError, OverflowError):
            self._mistake(line, column, f"`{cut(text)}` cannot be read as {tag.removeprefix(_TAG)}")
            value = text
        plain = isinstance(value, str) and tag != _TAG + "merge"
        return Node(line, column, value, raw="" if plain else text)

    def _read(self, tag: str, text: str, line: int, column: int) -> str | int | float | bool | None:
        """The scalar's value. What YAML 1.1 misreads stays text, with a mistake added."""
        node = yaml.ScalarNode(_TAG + tag, text)
        match tag:
            case "str" | "merge" | "value":
                return text
            case "null":
                return None
            case "bool":
                return bool(_YAML.construct_yaml_bool(node))
            case "int" | "float":
                number: int | float = (
                    _YAML.construct_yaml_int(node) if tag == "int" else _YAML.construct_yaml_float(node)
                )
                if isinstance(number, float) and not math.isfinite(number):
                    message = f"`{cut(text)}` is not a finite number"
                elif isinstance(number, int) and not -LARGEST - 1 <= number <= LARGEST:
                    message = f"`{cut(text)}` is a whole number of more than 64 bits"
                elif ":" in text or _OCTAL.match(text):
                    message = f"YAML reads `{cut(text)}` as the number {number}; quote it"
                else:
                    return number
            case "timestamp":
                message = f"YAML reads `{cut(text)}` as a date; quote it"
            case _:
                message = f"the tag `{tag}` is not supported"
        self._mistake(line, column, message)
        return text

    def _count(self, size: int, line: int, column: int) -> None:
        self._total += size
        if self._total > MAX_NODES:
            self._stop(line, column, f"more than {MAX_NODES} values once its aliases are expanded")

    def _mistake(self, line: int, column: int, message: str, within: Node | None = None) -> None:
        self._mistakes.append(Mistake(line, column, message, within))

    def _stop(self, line: int, column: int, message: str) -> None:
        self._mistake(line, column, message)
        raise NoTreeError(self._mistakes)


def _plain_tag(text: str) -> str:
    """The YAML 1.1 tag of an unquoted scalar."""
    for tag, pattern in _RESOLVERS.get(text[:1], []):
        if pattern.match(text):
            return str(tag)
    return _TAG + "str"


def reading(node: Node) -> str:
    """The type that YAML gives a value, in words: `a boolean`, `the number 12`, `a list`."""
    match node.value:
        case None:
            return "nothing"
        case bool():
            return "a boolean"
        case int() | float():
            return f"the number {cut(str(node.value))}"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return "text"


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def cut(text: str) -> str:
    """The value, shortened for a message."""
    return text if len(text) <= 40 else text[:39] + "…"
