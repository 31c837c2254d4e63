"""The left pane: every section with its progress and its worst mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message

from readiness_tui.display.marks import Charset, Mark
from readiness_tui.tui.widgets.item_list import fit
from readiness_tui.tui.widgets.lines import FixedLines


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section: its title, how many are satisfied, of how many, and its worst mark."""

    title: str
    done: int
    total: int
    mark: Mark


class Sections(FixedLines):
    """One line a section, then the view and the filter in force."""

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
        """Draw these; `current` counts from 0."""
        self._sections, self._current, self._view = tuple(sections), current, view
        self._draw()

    def on_resize(self) -> None:
        """Fit the new width."""
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Open the section clicked."""
        if 0 <= event.y < len(self._sections):
            self.post_message(self.Chosen(event.y))

    def _draw(self) -> None:
        width = self.size.width
        lines = [self._line(index, section, width) for index, section in enumerate(self._sections)]
        lines += [Text(), Text(f" {self._view}", Style(dim=True))]
        self.show(lines)

    def _line(self, index: int, section: SectionLine, width: int) -> Text:
        current = index == self._current
        progress = f"{section.done}/{section.total}".rjust(6)
        title = fit(f"{index + 1:>2} {section.title}", width - cell_len(progress) - 5, self.chars)
        text = Text(">" if current else " ", Style(bold=current))
        text.append(set_cell_size(title, max(width - cell_len(progress) - 4, 0)))
        text.append(progress).append(" ")
        text.append(self.chars.of(section.mark), section.mark.style)
        return text
