"""A list of lines under headings; only the lines can be chosen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from rich.text import Text

from readiness_tui.tui.widgets.choices import Choices


class GroupedChoices(Choices):
    """As `Choices`; a heading is passed over."""

    DEFAULT_CSS = """
    GroupedChoices {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key of the chosen line; empty when there is none."""
        return self._keys[self.index] if 0 <= self.index < len(self._keys) else ""

    def group(self, groups: Sequence[tuple[str, Sequence[tuple[str, Text]]]]) -> None:
        """Draw lines under headings. groups: each heading with its lines, a line with its key."""
        before = self.key
        keys: list[str] = []
        texts: list[Text] = []
        for heading, lines in groups:
            keys += ["", *(key for key, _ in lines)]
            texts += [Text(heading, Style(bold=True, underline=True)), *(text for _, text in lines)]
        self._keys = tuple(keys)
        self.show(texts)
        wanted = next((at for at, key in enumerate(keys) if key and key == before), None)
        if wanted is None and not self.key:
            wanted = next((at for at, key in enumerate(keys) if at >= self.index and key), None)
        if wanted is not None:
            super().choose(wanted)

    def choose(self, index: int) -> None:
        """Choose the line, or the next one in the direction of the move when it is a heading."""
        step = 1 if index >= self.index else -1
        index = max(0, min(index, len(self._keys) - 1))
        while 0 <= index < len(self._keys) and not self._keys[index]:
            index += step
        if 0 <= index < len(self._keys):
            super().choose(index)
        elif self._keys:  # the first heading is shown with its first line
            self.scroll_to(y=0, animate=False, immediate=True)
