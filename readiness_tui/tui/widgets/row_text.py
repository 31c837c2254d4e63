"""How one row of the walk's list is drawn: columns, headings, the bar of the current row."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text

from readiness_tui.display.marks import WORD_WIDTH, Charset, style_of
from readiness_tui.display.rows import Line
from readiness_tui.tui.widgets.lines import fit

LEAST_TITLE = 44
"""Cells that the titles have before the evidence has any."""

LEAST_EVIDENCE = 24
"""Cells under which the evidence is not shown; the card has it whole."""

GLYPH_WIDTH = 2
GAP = 2
"""Cells between title and evidence."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of the title and of the evidence; the evidence has none where there is no room."""

    title: int
    evidence: int = 0

    @classmethod
    def of(cls, width: int, longest: int, *, words: bool) -> Columns:
        """Share a row of `width` cells. longest: the longest title, in cells. words: a column of words."""
        room = max(width - prefix_width(words=words), 0)
        title = max(min(longest, room - GAP - LEAST_EVIDENCE), LEAST_TITLE)
        evidence = room - GAP - title
        return cls(title, evidence) if evidence >= LEAST_EVIDENCE else cls(room)


def prefix_width(*, words: bool) -> int:
    """Cells before the title: a margin, the mark, how it was decided, the note's flag, the blocker's."""
    return 1 + GLYPH_WIDTH + (1 + WORD_WIDTH if words else 0) + 1 + 1 + 1 + 2 + 1


@dataclass(frozen=True, slots=True)
class Look:
    """How rows are drawn. bar: the style of the current row. chosen: of a row of the selected range."""

    chars: Charset
    bar: Style
    chosen: Style
    words: bool = False


def item_text(line: Line, columns: Columns, look: Look, *, current: bool, chosen: bool) -> Text:
    """An item's row."""
    base = look.bar if current else look.chosen if chosen else Style.null()
    marked = style_of(line.mark, critical=line.critical)
    style = Style.parse(marked) if " on " in marked or not (current or chosen) else Style(bold=True)
    text = Text(" ", base)
    text.append(look.chars.of(line.mark), style)
    text.append(" " * (GLYPH_WIDTH - len(look.chars.of(line.mark))))
    if look.words:
        text.append(" ").append(line.mark.column, _word_style(marked, plain=current or chosen))
        text.append(" " * (WORD_WIDTH - len(line.mark.column)))
    text.append(f" {line.by}{line.flag}")
    text.append("!! " if line.critical else "   ", Style(bold=True))
    text.append(set_cell_size(fit(line.title, columns.title, look.chars), columns.title))
    if columns.evidence and line.evidence:
        text.append(" " * GAP + fit(line.evidence, columns.evidence, look.chars))
    return text


def _word_style(marked: str, *, plain: bool) -> Style:
    """The word's style: bold where the glyph has a background, which would be heavy under a word."""
    return Style(bold=True) if plain or " on " in marked else Style.parse(marked)


def heading_text(title: str, progress: str, width: int, chars: Charset) -> Text:
    """A section's heading: its title, a rule, and how far it is."""
    end = f" {progress} " if progress else ""
    left = fit(f" {title} ", max(width - cell_len(end), 0), chars)
    text = Text(left, Style(bold=True))
    text.append(chars.rule * max(0, width - cell_len(left) - cell_len(end)), Style(dim=True))
    return text.append(end, Style(bold=True))
