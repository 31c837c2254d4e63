"""Prepare text for documents: nothing in it can control a terminal or be hidden."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_CONTROLS = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\n\t"} | {127: "\u2421"}
_HIDDEN = [*range(0x80, 0xA0), 0x061C, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070)]
_HIDDEN += [0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]
_VISIBLE = _CONTROLS | dict.fromkeys(_HIDDEN, "\ufffd")


def visible(text: str) -> str:
    """The text with controls as their pictures, and characters that hide or reorder text as U+FFFD.

    Line feeds and tabs stay; other line endings become line feeds.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_VISIBLE)


def one_line(text: str) -> str:
    """The visible text on one line, with each run of white space as one space."""
    return re.sub(r"\s+", " ", visible(text)).strip()


_ACTS = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def json_escaped(document: str) -> str:
    """A JSON document whose characters that act on a terminal, or hide, are escaped as JSON allows."""
    return _ACTS.sub(lambda match: f"\\u{ord(match[0]):04x}", document)


def cut(text: str, length: int) -> str:
    """The beginning of a long text, and how much more there is."""
    more = len(text) - length
    return text if more <= 0 else f"{text[:length]}… ({more} more characters)"


def utc(moment: datetime | None) -> str:
    """`2026-11-24 09:20 UTC`, the format of times in documents; empty if there is no time."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else ""


def counted(number: int, word: str) -> str:
    """`1 blocker`, `2 blockers`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def web_address(text: str) -> str | None:
    """The text if it is an http or https address that can be linked to, else None."""
    return text if re.fullmatch(r"https?://[A-Za-z0-9._~:/?#@!$&*+,;=%-]+", text) else None
