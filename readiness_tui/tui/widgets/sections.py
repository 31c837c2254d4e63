"""Every section with its progress and its worst mark: a pane of one line each, or a strip of two lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message

from readiness_tui.display.marks import Charset, Mark
from readiness_tui.tui.widgets.lines import FixedLines, fit

STRIP_LINES = 2
"""Lines of the strip; with more the sections are a pane."""

LEAST_CELL = 14
"""Cells that a section has at least in the strip; where that is too much, some sections are left out."""


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section. progress: short words, such as `119/191`. mark: its worst."""

    title: str
    progress: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Cells:
    """Where the strip's sections stand. first: the section at the top left. width: cells of each."""

    first: int
    columns: int
    width: int

    @classmethod
    def of(cls, sections: int, current: int, width: int) -> Cells:
        """Share a strip `width` cells wide; the current section is always in it."""
        columns = max(1, min(-(-sections // STRIP_LINES), width // LEAST_CELL))
        shown = columns * STRIP_LINES
        first = max(0, min(current - shown // 2, sections - shown))
        return cls(first, columns, width // columns)

    def line(self, number: int) -> range:
        """The sections of a line, counted from 0; those that there are none of included."""
        start = self.first + number * self.columns
        return range(start, start + self.columns)


class Sections(FixedLines):
    """Sections with the current one highlighted. One click opens one."""

    COMPONENT_CLASSES = {"sections--current"}

    class Chosen(Message):
        """A section was clicked. section: counted from 0."""

        def __init__(self, section: int) -> None:
            self.section = section
            super().__init__()

    def __init__(self, chars: Charset, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.chars = chars
        self._sections: tuple[SectionLine, ...] = ()
        self._current = -1
        self._view = ""

    def tell(self, sections: Sequence[SectionLine], current: int, view: str) -> None:
        """Draw these; `current` counts from 0. view: what the list shows, beneath the pane."""
        told = (tuple(sections), current, view)
        if told != (self._sections, self._current, self._view):
            self._sections, self._current, self._view = told
            self._draw()

    def on_resize(self) -> None:
        """Fit the new width."""
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Open the section clicked."""
        if not self._is_strip:
            section = event.y
        elif event.y < STRIP_LINES:
            cells = self._cells
            section = cells.line(event.y)[min(event.x // cells.width, cells.columns - 1)]
        else:
            return
        if 0 <= section < len(self._sections):
            self.post_message(self.Chosen(section))

    @property
    def _is_strip(self) -> bool:
        return self.size.height <= STRIP_LINES

    @property
    def _cells(self) -> Cells:
        return Cells.of(len(self._sections), self._current, self.size.width)

    def _draw(self) -> None:
        if not self.size.width:
            return
        if self._is_strip:
            cells = self._cells
            self.show([self._strip_line(cells, number) for number in range(STRIP_LINES)])
            return
        width = self.size.width
        lines = [self._section(index, width) for index in range(len(self._sections))]
        lines += [Text(), *(Text(f" {line}", Style(dim=True)) for line in self._view.split(": "))]
        self.show(lines)

    def _strip_line(self, cells: Cells, number: int) -> Text:
        text = Text()
        for section in cells.line(number):
            if section < len(self._sections):
                text.append_text(self._section(section, cells.width - 1)).append(" ")
        return text

    def _section(self, index: int, width: int) -> Text:
        section, current = self._sections[index], index == self._current
        style = self.get_component_rich_style("sections--current", partial=True) if current else ""
        end = f" {section.progress} "
        mark = self.chars.of(section.mark)[:1]
        title = f"{index + 1:>2} {section.title}"
        room = max(width - cell_len(end) - 1, 0)
        text = Text(set_cell_size(fit(title, room, self.chars), room) + end, style)
        return text.append(mark, "" if current else section.mark.style)
