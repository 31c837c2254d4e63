"""The list of the walk: one strip a row, whatever the number of rows; only changed rows repainted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Offset, Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from readiness_tui.display.marks import Charset
from readiness_tui.display.rows import Line, Row, RowKind
from readiness_tui.tui.widgets.lines import strip
from readiness_tui.tui.widgets.row_text import Columns, Look, heading_text, item_text

MARGIN = 3
"""Rows kept in sight before and after the current one."""

LEAST_STICKY = 5
"""Rows of the list from which its first one keeps the section's heading."""


class ItemList(ScrollView, can_focus=True, inherit_bindings=False):
    """Section and group headings with their items; the cursor rests on items only."""

    COMPONENT_CLASSES = {"item-list--cursor", "item-list--chosen"}
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
        self._progress: tuple[str, ...] = ()
        self._chosen: frozenset[str] = frozenset()
        self._longest = 0
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
        self._longest = max((cell_len(line.title) for line in self._lines.values()), default=0)
        self.virtual_size = Size(0, len(self._rows))
        self._reveal()
        self.call_after_refresh(self._reveal)  # a size or a range of scrolling that comes with the layout
        self.refresh()
        self.moved()

    def update(self, lines: Mapping[str, Line]) -> None:
        """Change what some rows say; those alone are repainted."""
        for key, line in lines.items():
            if (old := self._lines.get(key)) is line or old == line:
                continue
            self._lines[key] = line
            self._refresh_place(self._places.get(key, -1))

    def show_progress(self, words: Sequence[str]) -> None:
        """What each section's heading says of its progress; those that changed are repainted."""
        old, self._progress = self._progress, tuple(words)
        if old == self._progress:
            return
        for place, row in enumerate(self._rows):
            if row.kind is RowKind.SECTION:
                self._refresh_place(place)
        self.refresh(Region(0, 0, self.size.width, 1))

    def choose(self, keys: frozenset[str]) -> None:
        """Mark the rows of a range."""
        changed, self._chosen = keys ^ self._chosen, keys
        for key in changed:
            self._refresh_place(self._places.get(key, -1))

    def _refresh_place(self, place: int) -> None:
        top = self.scroll_offset.y
        if top <= place < top + self.size.height:
            self.refresh_line(place)

    def show_words(self, words: bool) -> None:
        """Words beside the glyphs, or glyphs alone."""
        if words != self.words:
            self.words = words
            self.refresh()

    def between(self, one: str, other: str) -> list[str]:
        """The ids from one item to another, both included, in the order shown."""
        first, last = sorted((self._places[one], self._places[other]))
        return [row.key for row in self._rows[first : last + 1] if row.key]

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
        """Go to the first item of a section, its heading on top; False when none of its items is shown."""
        for y, row in enumerate(self._rows):
            if row.section == section and row.key:
                heading = next(place for place, row in enumerate(self._rows) if row.section == section)
                self._go(y, top=heading)
                return True
        return False

    def _go(self, place: int, *, top: int | None = None) -> None:
        if place == self._cursor:
            return
        if top is not None:
            self.scroll_to(y=top, animate=False, immediate=True)
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
        """Scroll so that the cursor is seen, with rows before and after it."""
        self._scroll_to_cursor()
        self._place_cursor()

    def _scroll_to_cursor(self) -> None:
        height = self.size.height
        if self._cursor < 0 or not height:
            return
        sticky = 1 if height >= LEAST_STICKY else 0
        margin = min(MARGIN, max(0, height - sticky - 1) // 2)
        highest = max(self._cursor - margin - sticky, self._heading_just_above(margin + sticky))
        lowest = self._cursor + margin - height + 1
        top = max(min(self.scroll_offset.y, highest), lowest, 0)
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, immediate=True)

    def _heading_just_above(self, rows: int) -> int:
        """The place of the section's heading, when it is at most so many rows above; else -1.

        Rows of the section before need not be in sight then.
        """
        for place in range(self._cursor, max(self._cursor - rows, 0) - 1, -1):
            if self._rows[place].kind is RowKind.SECTION:
                return place
        return -1

    def on_resize(self) -> None:
        """Keep the cursor in sight: in the middle, where it could not be seen from the top."""
        if self._cursor + MARGIN < self.size.height:
            self.scroll_to(y=0, animate=False, immediate=True)
        else:
            middle = max(self._cursor - self.size.height // 2, 0)
            self.scroll_to(y=middle, animate=False, immediate=True)
        self._reveal()
        self.call_after_refresh(self._reveal)

    def on_click(self, event: events.Click) -> None:
        """Select the row clicked."""
        place = event.y + self.scroll_offset.y
        if 0 <= place < len(self._rows) and self._rows[place].key and not self._is_sticky(event.y):
            self._go(place)

    def _is_sticky(self, y: int) -> bool:
        """Whether a line of the widget shows the heading of a section that begins above it."""
        top = self.scroll_offset.y
        if y or not 0 < top < len(self._rows) or self.size.height < LEAST_STICKY:
            return False
        return self._rows[top].kind is not RowKind.SECTION

    def render_line(self, y: int) -> Strip:
        """One row."""
        place, width, style = y + self.scroll_offset.y, self.scrollable_content_region.width, self.rich_style
        if place >= len(self._rows):
            return Strip.blank(width, style)
        row = self._rows[place]
        if self._is_sticky(y):
            text = self._section(row.section, width, self._group_at(place + 1))
        elif row.key:
            text = self._item(row, place == self._cursor, width)
        elif row.kind is RowKind.GROUP:
            text = Text(f" {row.title}", Style(dim=True, underline=False))
        else:
            text = self._section(row.section, width)
        return strip(self.app.console, text, width, style)

    def _group_at(self, place: int) -> str:
        """The title of the group whose item stands at a place; empty where a heading stands there."""
        if place >= len(self._rows) or not self._rows[place].key:
            return ""
        return next(row.title for row in reversed(self._rows[:place]) if row.kind is RowKind.GROUP)

    def _section(self, section: int, width: int, group: str = "") -> Text:
        title = next(
            row.title for row in self._rows if row.kind is RowKind.SECTION and row.section == section
        )
        title = f"{section + 1} {title}" + (f" {self.chars.dot} {group}" if group else "")
        progress = self._progress[section] if section < len(self._progress) else ""
        return heading_text(title, progress, width, self.chars)

    def _item(self, row: Row, current: bool, width: int) -> Text:
        look = Look(
            self.chars,
            self.get_component_rich_style("item-list--cursor", partial=True),
            self.get_component_rich_style("item-list--chosen", partial=True),
            self.words,
        )
        columns = Columns.of(width, self._longest, words=self.words)
        return item_text(self._lines[row.key], columns, look, current=current, chosen=row.key in self._chosen)
