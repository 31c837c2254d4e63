"""Widgets that draw given lines themselves: no layout, no markup, only changed lines repainted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.style import Style
from rich.text import Text
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from readiness_tui.display.marks import Charset


def strip(console: Console, text: Text, width: int, style: Style) -> Strip:
    """One line of exactly `width` cells."""
    line = Strip(list(text.render(console, end="")))
    own = console.get_style(text.style, default=Style.null())  # `render` leaves it out without spans
    return line.apply_style(style + own).adjust_cell_length(width, style).simplify()


@dataclass(frozen=True)
class Labelled:
    """A paragraph beside its label; further lines are indented beneath its first."""

    label: str
    text: Text


Paragraph = Text | Labelled

LABEL_WIDTH = 12
"""Cells of a label; a longer one has a line of its own."""

INLINE_BELOW = 60
"""Cells under which a label stands in its text's first line, not in a column of its own."""


def wrap(console: Console, paragraphs: Sequence[Paragraph], width: int) -> list[Text]:
    """The paragraphs as lines of at most `width` cells; a word longer than that is broken."""
    lines: list[Text] = []
    for paragraph in paragraphs:
        if isinstance(paragraph, Labelled):
            lines.extend(_labelled(console, paragraph, width))
        else:
            lines.extend(paragraph.wrap(console, max(width, 1)) if paragraph.plain else [Text()])
    return lines


def plain(paragraphs: Sequence[Paragraph]) -> tuple[str, ...]:
    """The paragraphs as text, each on one line."""
    return tuple(p.plain if isinstance(p, Text) else f"{p.label} {p.text.plain}" for p in paragraphs)


def _labelled(console: Console, paragraph: Labelled, width: int) -> Iterator[Text]:
    if width < INLINE_BELOW:
        yield from _inline(console, paragraph, width)
        return
    indent = " " * (LABEL_WIDTH + 1)
    label = paragraph.label
    if cell_len(label) > LABEL_WIDTH:
        yield Text(label, Style(dim=True))
        label = ""
    for index, line in enumerate(paragraph.text.wrap(console, max(width - len(indent), 8))):
        yield Text().append(indent if index else label.ljust(len(indent)), "dim").append_text(line)


def _inline(console: Console, paragraph: Labelled, width: int) -> Iterator[Text]:
    """The label before its text; further lines are indented."""
    text = Text()
    if paragraph.label:
        text.append(paragraph.label, "dim").append("  ")
    for index, line in enumerate(text.append_text(paragraph.text).wrap(console, max(width - 2, 8))):
        yield Text("  ").append_text(line) if index or not paragraph.label else line


class FixedLines(Widget):
    """As many lines as the widget is high, cut at its width."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: tuple[Text, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says, line by line."""
        return tuple(text.plain for text in self._lines)

    def show(self, lines: Sequence[Text]) -> None:
        """Draw these lines; only those that differ are sent to the terminal."""
        old, self._lines = self._lines, tuple(lines)
        for y in range(max(len(old), len(self._lines))):
            before = old[y] if y < len(old) else None
            after = self._lines[y] if y < len(self._lines) else None
            if before is None or after is None or not same(before, after):
                self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """One line."""
        style, width = self.rich_style, self.size.width
        if y >= len(self._lines):
            return Strip.blank(width, style)
        return strip(self.app.console, self._lines[y], width, style)


class Clipped(FixedLines):
    """Paragraphs wrapped at the width and cut at the height; what is cut is said. Never lays out."""

    def __init__(self, more: str, *, id: str | None = None) -> None:
        """more: the last line when not everything fits."""
        super().__init__(id=id)
        self._more = more
        self._paragraphs: tuple[Paragraph, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says, before wrapping and cutting."""
        return plain(self._paragraphs)

    def tell(self, paragraphs: Sequence[Paragraph]) -> None:
        """Draw these paragraphs."""
        self._paragraphs = tuple(paragraphs)
        self._fit()

    def on_resize(self) -> None:
        """Wrap and cut anew."""
        self._fit()

    def _fit(self) -> None:
        lines, height = wrap(self.app.console, self._paragraphs, self.size.width), self.size.height
        if len(lines) > height > 0:
            lines[height - 1 :] = [Text(self._more, Style(dim=True))]
        self.show(lines)


class Pages(ScrollView, can_focus=False, inherit_bindings=False):
    """Lines of any length, wrapped at the width and scrolled without animation."""

    DEFAULT_CSS = """
    Pages {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._paragraphs: tuple[Paragraph, ...] = ()
        self._wrapped: list[Text] = []
        self._width = 0

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says, before wrapping."""
        return plain(self._paragraphs)

    def show(self, paragraphs: Sequence[Paragraph], *, top: bool = False) -> None:
        """Draw these paragraphs, from the top when asked."""
        self._paragraphs = tuple(paragraphs)
        self._lay()
        if top and self.scroll_offset.y:
            self.scroll_to(y=0, animate=False, immediate=True)

    def _lay(self) -> None:
        old, width = self._wrapped, self.scrollable_content_region.width
        self._wrapped = wrap(self.app.console, self._paragraphs, width)
        if width == self._width and len(old) == len(self._wrapped):
            top = self.scroll_offset.y
            for y, (before, after) in enumerate(zip(old, self._wrapped, strict=True)):
                if not same(before, after) and 0 <= y - top < self.size.height:
                    self.refresh_line(y)
            return
        self._width = width
        self.virtual_size = Size(width, len(self._wrapped))
        self.refresh()

    def on_resize(self) -> None:
        """Wrap again at the new width."""
        if self.scrollable_content_region.width != self._width:
            self._lay()

    def scroll_lines(self, lines: int) -> None:
        """Scroll by so many lines, down when positive."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        """One line."""
        style, width = self.rich_style, self.scrollable_content_region.width
        at = y + self.scroll_offset.y
        if at >= len(self._wrapped):
            return Strip.blank(width, style)
        return strip(self.app.console, self._wrapped[at], width, style)


def same(one: Text, other: Text) -> bool:
    """The same characters in the same styles."""
    return one.plain == other.plain and one.style == other.style and one.spans == other.spans


def fit(text: str, cells: int, chars: Charset) -> str:
    """A text cut to so many cells; a cut shows."""
    if cell_len(text) <= cells:
        return text
    return set_cell_size(text, cells - 1).rstrip() + chars.cut if cells > 0 else ""
