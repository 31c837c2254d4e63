"""The list of the walk: one strip a row, whatever the number of rows; only changed rows repainted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Offset, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from readiness_tui.display.marks import WORD_WIDTH, Charset, style_of
from readiness_tui.display.rows import Line, Row, RowKind
from readiness_tui.tui.widgets.lines import strip

EVIDENCE_SHARE = 0.38
"""At most this part of a row goes to the evidence; the rest is the item's own text."""


class ItemList(ScrollView, can_focus=True, inherit_bindings=False):
    """Section and group headings with their items; the cursor rests on items only."""

    DEFAULT_CSS = """
    ItemList {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """

    def __init__(self, chars: Charset, *, id: str | None = None) -> None:
        """moved: called when the cursor came to another item or the rows changed, before that is drawn."""
        super().__init__(id=id)
        self.moved: Callable[[], None] = lambda: None
        self.chars = chars
        self.words = False
        self._rows: tuple[Row, ...] = ()
        self._lines: dict[str, Line] = {}
        self._places: dict[str, int] = {}
        self._cursor = -1

    @property
    def key(self) -> str:
        """The id under the cursor, empty when there is none."""
        return self._rows[self._cursor].key if 0 <= self._cursor < len(self._rows) else ""

    @property
    def keys(self) -> list[str]:
        """The ids shown, in order."""
        return list(self._places)

    @property
    def section(self) -> int:
        """The section under the cursor, counted from 0; -1 when the list is empty."""
        return self._rows[self._cursor].section if 0 <= self._cursor < len(self._rows) else -1

    def line_of(self, key: str) -> Line | None:
        """What an item's row says."""
        return self._lines.get(key)

    def show(self, rows: Sequence[Row], lines: Mapping[str, Line], key: str = "") -> None:
        """Draw these rows with the cursor at `key`, else at the first item."""
        self._rows, self._lines = tuple(rows), dict(lines)
        self._places = {row.key: y for y, row in enumerate(self._rows) if row.key}
        self._cursor = self._places.get(key, next(iter(self._places.values()), -1))
        self.virtual_size = Size(0, len(self._rows))
        self._reveal()
        self.call_after_refresh(self._reveal)  # a size or a range of scrolling that comes with the layout
        self.refresh()
        self.moved()

    def update(self, lines: Mapping[str, Line]) -> None:
        """Change what some rows say; those alone are repainted."""
        top, height = self.scroll_offset.y, self.size.height
        for key, line in lines.items():
            if (old := self._lines.get(key)) is line or old == line:
                continue
            self._lines[key] = line
            y = self._places.get(key, -1)
            if top <= y < top + height:
                self.refresh_line(y)

    def show_words(self, words: bool) -> None:
        """Words instead of glyphs, or back."""
        self.words = words
        self.refresh()

    def move(self, items: int) -> None:
        """Move by so many items, down when positive; stops at the ends."""
        if not self._places:
            return
        places = list(self._places.values())
        at = places.index(self._cursor) + items
        self._go(places[max(0, min(at, len(places) - 1))])

    def move_to(self, key: str) -> bool:
        """Go to an item; False when it is not shown."""
        if (place := self._places.get(key)) is None:
            return False
        self._go(place)
        return True

    def move_to_section(self, section: int) -> bool:
        """Go to the first item of a section; False when none of its items is shown."""
        for y, row in enumerate(self._rows):
            if row.section == section and row.key:
                self._go(y)
                return True
        return False

    def _go(self, place: int) -> None:
        if place == self._cursor:
            return
        old, self._cursor = self._cursor, place
        self.refresh_line(old)
        self.refresh_line(place)
        self._reveal()
        self.moved()

    def on_focus(self) -> None:
        """Take the terminal's cursor back from the field that had it."""
        self._place_cursor()

    def _place_cursor(self) -> None:
        """Put the terminal's (hidden) cursor on the current row: screen readers read there."""
        if self.has_focus and self._cursor >= 0:
            row = self._cursor - self.scroll_offset.y
            self.app.cursor_position = self.content_region.offset + Offset(0, row)

    def _reveal(self) -> None:
        """Scroll so that the cursor is seen, its headings too when they are just above."""
        self._scroll_to_cursor()
        self._place_cursor()

    def _scroll_to_cursor(self) -> None:
        if self._cursor < 0 or not self.size.height:
            return
        first = self._cursor
        while first > 0 and not self._rows[first - 1].key:
            first -= 1
        top, height = self.scroll_offset.y, self.size.height
        if self._cursor - first >= height:
            first = self._cursor
        if first < top:
            self.scroll_to(y=first, animate=False, immediate=True)
        elif self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False, immediate=True)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._reveal()
        self.call_after_refresh(self._reveal)

    def on_click(self, event: events.Click) -> None:
        """Select the row clicked."""
        place = event.y + self.scroll_offset.y
        if 0 <= place < len(self._rows) and self._rows[place].key:
            self._go(place)

    def render_line(self, y: int) -> Strip:
        """One row."""
        place, width, style = y + self.scroll_offset.y, self.scrollable_content_region.width, self.rich_style
        if place >= len(self._rows):
            return Strip.blank(width, style)
        row = self._rows[place]
        text = self._item(row, place == self._cursor, width) if row.key else self._heading(row, width)
        return strip(self.app.console, text, width, style)

    def _heading(self, row: Row, width: int) -> Text:
        if row.kind is RowKind.GROUP:
            return Text(f" {row.title}", Style(dim=True, underline=False))
        title = f"{self.chars.rule * 2} {row.section + 1} {row.title} "
        return Text(title + self.chars.rule * max(0, width - cell_len(title)), Style(bold=True))

    def _item(self, row: Row, current: bool, width: int) -> Text:
        line = self._lines[row.key]
        mark = line.mark.word.ljust(WORD_WIDTH) if self.words else self.chars.of(line.mark)
        base = Style(bold=current)
        text = Text(">" if current else " ", base)
        text.append(mark, style_of(line.mark, critical=line.critical))
        text.append(f" {line.by} {line.flag}")
        text.append("!!" if line.critical else "  ", Style(bold=True))
        room = width - cell_len(text.plain)
        evidence = fit(line.evidence, min(int(width * EVIDENCE_SHARE), room), self.chars)
        title = room - (cell_len(evidence) + 2 if evidence else 0)
        text.append(set_cell_size(fit(line.title, title, self.chars), max(title, 0)))
        if evidence:
            text.append("  " + evidence)
        return text


def fit(text: str, cells: int, chars: Charset) -> str:
    """A text cut to so many cells; a cut shows."""
    if cell_len(text) <= cells:
        return text
    return set_cell_size(text, cells - 1).rstrip() + chars.cut if cells > 0 else ""
