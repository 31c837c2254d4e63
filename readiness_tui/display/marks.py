"""How a standing looks: a word, a glyph, ASCII characters and a style of plain colours each."""

from __future__ import annotations

import locale
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.checklist import Item, Mode
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.session import Record
from readiness_tui.rules.standing import ItemStanding, Standing


@dataclass(frozen=True, slots=True)
class Mark:
    """How one standing or verdict is shown.

    word: written in full beside the item's title. glyph, ascii: at most two cells, every shape different.
    style: a Rich style that is legible on a dark and on a light background; never needed to tell two
    marks apart. short: the word in the list's column, where `word` is too long for it.
    """

    word: str
    glyph: str
    ascii: str
    style: str = ""
    short: str = ""

    @property
    def column(self) -> str:
        """The word in the list's column of words."""
        return self.short or self.word


ATTENTION = "bold black on yellow"
"""Yellow as a background: as a foreground it cannot be read on a light terminal."""

RUNNING = Mark("RUNNING", "◌", "~", "bold magenta")
TODO = Mark("TODO", "·", ".")
DEFERRED = Mark("DEFERRED", "»", ">", "bold")
OVER_FAIL = Mark("READY over FAIL", "✓!", "+!", ATTENTION, "READY!")
OVER_UNKNOWN = Mark("READY over UNKNOWN", "✓?", "+?", ATTENTION, "READY?")

MARKS: Mapping[Standing, Mark] = {
    Standing.OPEN: TODO,
    Standing.READY: Mark("READY", "✓", "+", "green"),
    Standing.NOT_READY: Mark("NOT READY", "✗", "X", "red"),
    Standing.UNKNOWN: Mark("UNKNOWN", "?", "?", ATTENTION),
    Standing.CONFLICT: Mark("CONFLICT", "≠", "#", "bold white on magenta"),
    Standing.STALE: Mark("STALE", "↻", "%", "bold magenta"),
    Standing.WAIVED: Mark("WAIVED", "≈", "W", "magenta"),
    Standing.NOT_APPLICABLE: Mark("N/A", "–", "-", "dim"),
    Standing.PENDING: Mark("LATER", "◷", "@", "dim"),
}

WORD_WIDTH = max(len(mark.column) for mark in (*MARKS.values(), DEFERRED, RUNNING, OVER_FAIL, OVER_UNKNOWN))

VERDICTS: Mapping[Verdict, Mark] = {
    Verdict.PASS: Mark("PASS", "✓", "+", "green"),
    Verdict.FAIL: Mark("FAIL", "✗", "X", "red"),
    Verdict.UNKNOWN: Mark("UNKNOWN", "?", "?", ATTENTION),
    Verdict.INFO: Mark("INFO", "i", "i"),
}

_BLOCKING = {"red": "bold white on red"}


def mark_of(one: ItemStanding, *, running: bool = False) -> Mark:
    """The mark of a standing; a probe in flight shows before it."""
    if running:
        return RUNNING
    if one.overridden:
        return OVER_UNKNOWN if one.against is Standing.UNKNOWN else OVER_FAIL
    if one.deferred and one.standing is Standing.OPEN:
        return DEFERRED
    return MARKS[one.standing]


def style_of(mark: Mark, *, critical: bool) -> str:
    """The mark's style; a failing blocker is reversed."""
    return _BLOCKING.get(mark.style, mark.style) if critical else mark.style


def decided_by(item: Item, record: Record, one: ItemStanding) -> str:
    """How an item was decided: `A` probe, `M` by hand, `O` hand over probe, `=` computed, or a space."""
    if item.mode is Mode.DERIVED:
        return "="
    if one.overridden:
        return "O"
    if record.answer is not None and record.answer is not AnswerKind.DEFERRED:
        return "M"
    decided = one.standing in (Standing.READY, Standing.NOT_READY, Standing.UNKNOWN, Standing.STALE)
    return "A" if decided else " "


@dataclass(frozen=True, slots=True)
class Charset:
    """The characters a terminal can show."""

    ascii: bool = False

    def of(self, mark: Mark) -> str:
        """The mark's glyph."""
        return mark.ascii if self.ascii else mark.glyph

    @property
    def rule(self) -> str:
        """A horizontal line."""
        return "-" if self.ascii else "─"

    @property
    def bar(self) -> str:
        """A vertical line."""
        return "|" if self.ascii else "│"

    @property
    def dot(self) -> str:
        """Between two words."""
        return "-" if self.ascii else "·"

    @property
    def cut(self) -> str:
        """Where a text was cut off."""
        return "~" if self.ascii else "…"

    @property
    def arrow(self) -> str:
        """From one to the next."""
        return "->" if self.ascii else "→"


def charset(environ: Mapping[str, str] = os.environ) -> Charset:
    """ASCII when the locale is not UTF-8 or the terminal is the Linux console."""
    name = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    spoken = name or locale.getpreferredencoding(False)
    utf8 = "utf8" in spoken.casefold().replace("-", "")
    return Charset(ascii=not utf8 or environ.get("TERM", "") == "linux")


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def visible(text: str) -> str:
    """A text whose control and direction characters are seen, never obeyed. Newlines stay."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text.expandtabs(4))


def one_line(text: str) -> str:
    """A text on one line, its control characters visible."""
    return visible(" ".join(text.split()))


def cut(text: str, width: int, chars: Charset) -> str:
    """A text of at most `width` characters; a cut shows."""
    if len(text) <= width:
        return text
    return text[: max(width - 1, 0)] + chars.cut if width > 0 else ""
