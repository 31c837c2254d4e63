"""Decode what a terminal sends into Textual's events; no sequence of bytes raises an error."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

LONGEST_SEQUENCE = 64
"""Characters after an Escape that may belong to its sequence."""

_ESCAPE = re.compile(r"(?=\x1b)")

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class InputDecoder:
    """Bytes from the terminal to events.

    Stock Textual decodes strictly and parses numbers without limits, so that one byte of another
    encoding ends the program (Textual issue 6456).
    """

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._parser = XTermParser()

    def feed(self, data: bytes) -> list[Message]:
        """The events in `data`; an incomplete sequence waits for the next call."""
        return [message for part in _parts(self._decode(data)) for message in self._parse(part)]

    def tick(self) -> list[Message]:
        """The events of sequences that have waited too long, such as a lone Escape."""
        return self._collect(self._parser.tick())

    def _parse(self, part: str) -> list[Message]:
        return self._collect(self._parser.feed(part))

    def _collect(self, parsed: Iterable[Message]) -> list[Message]:
        found: list[Message] = []
        try:
            for message in parsed:
                found.append(_printable(message))
        except Exception:  # noqa: BLE001  mangled numbers raise many kinds; drop the sequence, start over
            self._parser = XTermParser()
        # Mouse positions are requested in cells (see SafeDriver), never in pixels.
        self._parser.mouse_pixels = False
        return found


def _parts(text: str) -> Iterator[str]:
    """Sequences character by character, as a mangled one takes the rest of its part with it; text whole."""
    for piece in _ESCAPE.split(text):
        sequence = piece[:LONGEST_SEQUENCE] if piece.startswith("\x1b") else ""
        yield from sequence
        if rest := piece[len(sequence) :]:
            yield rest


def _printable(message: Message) -> Message:
    """Replace a character that UTF-8 cannot express: a kitty sequence may name half of a surrogate pair."""
    if isinstance(message, events.Key) and message.character and "\ud800" <= message.character <= "\udfff":
        message.character = REPLACEMENT
        message.key = "replacement_character"
    return message
