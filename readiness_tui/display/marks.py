"""How a standing looks: one word, one glyph, one ASCII character and one plain style each."""

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
    """One way to stand.

    word: always shown in the detail pane. glyph, ascii: one cell each, every shape different.
    style: a Rich style of plain colours, bold and reverse; never needed to tell two marks apart.
    """

    word: str
    glyph: str
    ascii: str
    style: str = ""


RUNNING = Mark("RUN", "◌", "~", "cyan")
TODO = Mark("TODO", "·", ".")
DEFERRED = Mark("DEFER", "»", ">", "blue")

MARKS: Mapping[Standing, Mark] = {
    Standing.OPEN: TODO,
    Standing.READY: Mark("PASS", "✓", "+", "green"),
    Standing.NOT_READY: Mark("FAIL", "✗", "X", "red"),
    Standing.UNKNOWN: Mark("UNKNOWN", "?", "?", "yellow"),
    Standing.CONFLICT: Mark("CONFLICT", "≠", "#", "yellow reverse"),
    Standing.STALE: Mark("STALE", "↻", "%", "yellow"),
    Standing.WAIVED: Mark("WAIVED", "≈", "W", "magenta"),
    Standing.NOT_APPLICABLE: Mark("N/A", "–", "-", "dim"),
    Standing.PENDING: Mark("LATER", "◷", "@", "dim"),
}

WORD_WIDTH = max(len(mark.word) for mark in MARKS.values())

VERDICTS: Mapping[Verdict, Mark] = {
    Verdict.PASS: MARKS[Standing.READY],
    Verdict.FAIL: MARKS[Standing.NOT_READY],
    Verdict.UNKNOWN: MARKS[Standing.UNKNOWN],
    Verdict.INFO: Mark("INFO", "i", "i"),
}

_SEVERE = {"red": "red reverse"}


def mark_of(one: ItemStanding, *, running: bool = False) -> Mark:
    """The mark of a standing; a probe in flight shows before it."""
    if running:
        return RUNNING
    if one.deferred and one.standing is Standing.OPEN:
        return DEFERRED
    return MARKS[one.standing]


def style_of(mark: Mark, *, critical: bool) -> str:
    """The mark's style; a failing blocker is reversed."""
    return _SEVERE.get(mark.style, mark.style) if critical else mark.style


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
        """The mark's one cell."""
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
