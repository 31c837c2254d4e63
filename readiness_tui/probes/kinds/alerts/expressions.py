"""What an alerting rule's expression reads: the selectors of a PromQL query."""

from __future__ import annotations

import re

_STRING = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`'
_BRACES = rf"\{{(?:[^\"'`{{}}]|{_STRING})*\}}"
_CHOSEN = re.compile(rf"(?:(?<![\w:.])[a-zA-Z_:][\w:]*)?\s*{_BRACES}")
_NAMED = re.compile(r"(?<![\w:.])[a-zA-Z_:][\w:]*(?!\s*[\w:(])")
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", re.IGNORECASE)
_DURATION = re.compile(r"\[[^\]]*\]|\boffset\s+-?[\w.]+|@\s*[\w.()]+")
_ABSENT = re.compile(rf"\babsent(?:_over_time)?\s*\((?:[^()\"'`]|{_STRING})*\)")
_WORDS = frozenset(
    {
        *("and", "or", "unless", "bool", "by", "without", "on", "ignoring", "group_left", "group_right"),
        *("offset", "inf", "nan", "start", "end", "atan2"),
    }
)


def selectors(query: str) -> tuple[str, ...]:
    """The selectors that must have series for the expression to give any; those inside absent() need none."""
    text = _GROUPING.sub(" ", _ABSENT.sub(" ", query))
    found = [match[0].strip() for match in _CHOSEN.finditer(text)]
    text = _DURATION.sub(" ", re.sub(_STRING, " ", _CHOSEN.sub(" ", text)))
    found += [match[0] for match in _NAMED.finditer(text) if match[0].lower() not in _WORDS]
    return tuple(dict.fromkeys(found))


def name(selector: str) -> str:
    """The metric's name; empty where only labels choose."""
    return selector.partition("{")[0].strip()


def shown(selector: str) -> str:
    """The selector in words, cut to fit in a line."""
    chosen = selector.partition("{")[2].rstrip("} ")
    return f"{name(selector)}{f' with {chosen}' if chosen else ''}"[:60]


def absences(query: str) -> tuple[str, ...]:
    """The calls of absent() in the query."""
    return tuple(_ABSENT.findall(query))


def alternatives(query: str) -> bool:
    """Whether one of several parts is enough (`or`)."""
    return bool(re.search(r"(?i)\bor\b", query))
