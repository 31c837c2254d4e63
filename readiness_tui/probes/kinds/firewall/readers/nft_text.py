"""What only the plain text of `nft list ruleset` tells: dormant tables, and devices of ingress chains.

nft 0.9.8 and 1.0.6 print stray memory for a dormant table's flags in JSON, and no devices.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_TABLE = re.compile(r"^table (?:(\w+) )?(\S+) \{")
_CHAIN = re.compile(r"^\s*chain (\S+) \{")
_DEVICES = re.compile(r"hook (?:ingress|egress) devices? (?:= )?(\{[^{}]*\}|\"[^\"]*\"|\S+) priority")
_FLAGS = re.compile(r"^\s*flags .*\bdormant\b")


@dataclass(frozen=True, slots=True)
class TextFacts:
    """tables: every table. dormant: those whose rules are not in force. devices: of ingress chains."""

    tables: frozenset[tuple[str, str]] = frozenset()
    dormant: frozenset[tuple[str, str]] = frozenset()
    devices: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)


def read(lines: Iterable[str]) -> TextFacts:
    """The facts in a listing; a quoted word cannot begin a line, so lines are read one by one."""
    tables: set[tuple[str, str]] = set()
    dormant: set[tuple[str, str]] = set()
    devices: dict[tuple[str, str, str], tuple[str, ...]] = {}
    table, chain, depth = ("", ""), "", 0
    for line in lines:
        if match := _TABLE.match(line):
            table, chain = (match[1] or "ip", match[2]), ""
            tables.add(table)
            depth = 0
        elif match := _CHAIN.match(line):
            chain = match[1]
        elif not chain and depth == 0 and _FLAGS.match(line):
            dormant.add(table)
        elif re.match(r"^\s*(?:set|map|flowtable) \S+ \{", line):
            depth += 1
        elif depth and line.strip() == "}":
            depth -= 1
        if chain and (match := _DEVICES.search(line)):
            devices[(*table, chain)] = tuple(re.findall(r"[^\s{},\"]+", match[1]))
    return TextFacts(frozenset(tables), frozenset(dormant), devices)
