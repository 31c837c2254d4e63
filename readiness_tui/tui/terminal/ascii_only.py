"""Send a terminal that shows ASCII nothing else, wherever a text came from."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

LIKE = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "…": "~",
        "→": ">",
        "←": "<",
        "↑": "^",
        "↓": "v",
        "·": "-",
        "•": "*",
        "×": "x",
        "≥": ">",
        "≤": "<",
        "─": "-",
        "│": "|",
        "\u00a0": " ",
    }
)
"""Characters with an ASCII one that looks alike; of one cell each, as all that replaces them."""


class AsciiOnly(LineFilter):
    """Replaces every character above 0x7E; the width of the text stays."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with ASCII text."""
        return [
            segment
            if segment.text.isascii()
            else Segment(plain(segment.text), segment.style, segment.control)
            for segment in segments
        ]


@lru_cache(maxsize=2048)
def plain(text: str) -> str:
    """A text of as many cells in ASCII: what looks alike, letters without their marks, else `?`."""
    return "".join(char if char.isascii() else _like(char) for char in text.translate(LIKE))


def _like(char: str) -> str:
    width = get_character_cell_size(char)
    base = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return base if len(base) == width and base.isprintable() else "?" * width
