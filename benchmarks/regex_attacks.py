"""Texts that make a regular expression backtrack, made from its own tree.

For every repetition of a pattern: what leads to it, then its body again and again; the leading part
again and again, so that a search begins anew everywhere; and each of these followed by what does not fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.regex_steps import Node, fits, tree

ALPHABET = "a0 =:.-_/\"'\t\n\\A@,#;[{(<|+~$%!x\x01\u00e9\u2028"
"""One character of each sort that our patterns tell apart."""

REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
ENDS = ("", "\x01")


def attacks(pattern: str, flags: int, size: int) -> Iterator[str]:
    """Texts of about `size` characters, each once, in the same order for every size."""
    for lead, pump, end in parts(pattern, flags):
        yield lead + pump * max(1, (size - len(lead)) // max(1, len(pump))) + end


def parts(pattern: str, flags: int) -> list[tuple[str, str, str]]:
    """What each attack is made of: a beginning, what is repeated, an end."""
    flags = re.compile(pattern, flags).flags
    pumps: dict[tuple[str, str], None] = {}
    for lead, body in places(tree(pattern, flags), "", flags):
        bodies = [body, *[char for char in ALPHABET if fits_first(body, char, pattern, flags)][:4]]
        for pump in dict.fromkeys(bodies):
            pumps[lead, pump] = None
        for again in (lead, lead + body, f"-{lead}", f"-{lead}{body}", f"{lead}{body} ", f"{lead}{body}\n"):
            if again.strip("-"):
                pumps["", again] = None
    for char in alphabet(pattern):
        pumps["", char] = None
    return [(lead, pump, end) for lead, pump in pumps if pump for end in ENDS]


def alphabet(pattern: str) -> list[str]:
    """The characters that a pattern names, and one of each other sort."""
    return list(dict.fromkeys([*ALPHABET, *(char for char in pattern if char.isalnum())]))[:48]


def fits_first(body: str, char: str, pattern: str, flags: int) -> bool:
    """Whether a character could stand for a body of one character: some class of the pattern takes both."""
    if len(body) != 1 or char == body:
        return False
    return any(fit(char) and fit(body) for fit in classes(tree(pattern, flags), flags))


def classes(nodes: Sequence[Node], flags: int) -> Iterator[Any]:
    for node in nodes:
        if str(node[0]) in ("IN", "ANY", "NOT_LITERAL"):
            yield fits(node, flags)
        for inner in inside(node):
            yield from classes(inner, flags)


def inside(node: Node) -> list[list[Node]]:
    """The sequences within a node."""
    name, value = str(node[0]), node[1]
    if name in REPEATS:
        return [list(value[2])]
    if name == "SUBPATTERN":
        return [list(value[-1])]
    if name == "BRANCH":
        return [list(branch) for branch in value[1]]
    if name in ("ASSERT", "ASSERT_NOT"):
        return [list(value[1])]
    return [list(value)] if name == "ATOMIC_GROUP" else []


def places(nodes: Sequence[Node], lead: str, flags: int) -> Iterator[tuple[str, str]]:
    """Every repetition: (the shortest text that leads to it, one text of its body)."""
    for node in nodes:
        if str(node[0]) in REPEATS:
            yield lead, shortest(list(node[1][2]), flags) or "a"
        for inner in inside(node):
            yield from places(inner, lead, flags)
        lead += shortest([node], flags)


def shortest(nodes: Sequence[Node], flags: int) -> str:
    """A short text that the nodes match; what they only look at is left out."""
    text = ""
    for node in nodes:
        name, value = str(node[0]), node[1]
        if name == "LITERAL":
            text += chr(value)
        elif name in ("ANY", "IN", "NOT_LITERAL"):
            fit = fits(node, flags)
            text += next((char for char in ALPHABET + "BCDEFbcdefSpskr123" if fit(char)), "?")
        elif name in REPEATS:
            text += shortest(list(value[2]), flags) * min(value[0], 64)
        elif name == "BRANCH":
            text += min((shortest(list(branch), flags) for branch in value[1]), key=len)
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            text += shortest(list(value[-1] if name == "SUBPATTERN" else value), flags)
    return text
