"""nginx's configuration as a tree of statements, built from the rows that the collector printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_ESCAPES = {"\\": "\\", "p": "|", "n": "\n", "t": "\t", "r": "\r"}


class RowError(ValueError):
    """A row that the collector cannot have printed."""


@dataclass(slots=True, eq=False)
class Statement:
    """One directive. name: the directive; words: its arguments, unquoted; place: `FILE:LINE`.

    block: whether it opens a block; inner: the statements of that block, in order of reading.
    """

    name: str
    words: tuple[str, ...] = ()
    place: str = ""
    block: bool = False
    inner: list[Statement] = field(default_factory=list)

    def each(self, *names: str) -> Iterator[Statement]:
        """The statements directly inside with one of these names, in order."""
        return (statement for statement in self.inner if statement.name in names)

    def first(self, name: str) -> Statement | None:
        """The first statement directly inside with this name."""
        return next(self.each(name), None)

    def walk(self) -> Iterator[Statement]:
        """Every statement inside, at any depth, in order of reading."""
        for statement in self.inner:
            yield statement
            yield from statement.walk()


def tree(rows: Iterable[str]) -> Statement:
    """The whole configuration as one block; rows are `FILE:LINE|DEPTH|{ or ;|DIRECTIVE|WORD...`.

    Raises RowError.
    """
    top = Statement("main", block=True)
    open_blocks = [top]
    for row in rows:
        fields = row.split("|")
        if len(fields) < 4 or not fields[1].isdecimal() or fields[2] not in ("{", ";"):
            raise RowError(f"not a statement: {row[:60]}")
        depth = int(fields[1])
        if depth >= len(open_blocks):
            raise RowError(f"a statement without its block: {row[:60]}")
        del open_blocks[depth + 1 :]
        words = tuple(_word(field) for field in fields[4:])
        statement = Statement(_word(fields[3]), words, fields[0], fields[2] == "{")
        open_blocks[depth].inner.append(statement)
        if statement.block:
            open_blocks.append(statement)
    return top


def _word(text: str) -> str:
    """A word as nginx sees it, the collector's escapes undone."""
    if "\\" not in text:
        return text
    parts = iter(text)
    return "".join(_ESCAPES.get(next(parts, ""), "") if char == "\\" else char for char in parts)
