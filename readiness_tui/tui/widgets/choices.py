"""A list of lines of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from readiness_tui.tui.widgets.lines import same, strip


class Choices(ScrollView, can_focus=True, inherit_bindings=False):
    """One line each; the chosen one is marked and kept in sight."""

    DEFAULT_CSS = """
    Choices {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """

    class Chosen(Message):
        """Another line was chosen. index: counted from 0."""

        def __init__(self, index: int) -> None:
            self.index = index
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._texts: tuple[Text, ...] = ()
        self._index = 0

    @property
    def index(self) -> int:
        """The chosen line, counted from 0; -1 when there is none."""
        return self._index if self._texts else -1

    @property
    def texts(self) -> tuple[str, ...]:
        """What the lines say."""
        return tuple(text.plain for text in self._texts)

    def show(self, texts: Sequence[Text]) -> None:
        """Draw these lines; the chosen one stays where it was."""
        old, self._texts = self._texts, tuple(texts)
        self._index = max(0, min(self._index, len(self._texts) - 1))
        if len(old) != len(self._texts):
            self.virtual_size = Size(0, len(self._texts))
            self.refresh()
            return
        for y, (before, after) in enumerate(zip(old, self._texts, strict=True)):
            if not same(before, after):
                self.refresh_line(y)

    def move(self, lines: int) -> None:
        """Choose the line so many further down."""
        self.choose(self._index + lines)

    def choose(self, index: int) -> None:
        """Choose a line."""
        index = max(0, min(index, len(self._texts) - 1))
        if index == self._index or not self._texts:
            return
        self.refresh_line(self._index)
        self.refresh_line(index)
        self._index = index
        top, height = self.scroll_offset.y, self.size.height
        if index < top:
            self.scroll_to(y=index, animate=False, immediate=True)
        elif index >= top + height:
            self.scroll_to(y=index - height + 1, animate=False, immediate=True)
        self.post_message(self.Chosen(index))

    def on_click(self, event: events.Click) -> None:
        """Choose the line clicked."""
        self.choose(event.y + self.scroll_offset.y)

    def on_focus(self) -> None:
        """The mark is bold while the keys are here."""
        self.refresh_line(self._index)

    def on_blur(self) -> None:
        """The mark stays, not bold."""
        self.refresh_line(self._index)

    def render_line(self, y: int) -> Strip:
        """One line."""
        place, width, style = y + self.scroll_offset.y, self.scrollable_content_region.width, self.rich_style
        if place >= len(self._texts):
            return Strip.blank(width, style)
        here = place == self._index
        text = Text("> " if here else "  ", Style(bold=(here and self.screen.focused is self) or None))
        return strip(self.app.console, text.append_text(self._texts[place]), width, style)
