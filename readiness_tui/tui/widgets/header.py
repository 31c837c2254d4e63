"""The first line of the walk: the launch, how far it is, what is wrong, and whether it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from readiness_tui.display.marks import DEFERRED, MARKS, Charset
from readiness_tui.display.rows import Tally
from readiness_tui.rules.standing import Standing
from readiness_tui.tui.widgets.lines import FixedLines, fit


@dataclass(frozen=True, slots=True)
class Heading:
    """What the header tells. saved: whether all is on disk."""

    launch: str
    all: Tally
    probes: int = 0
    saved: str = ""
    not_saved: str = ""
    read_only: str = ""


LEAST_NAME = 8
"""Cells the launch's name keeps whatever else there is to say."""


class Header(FixedLines):
    """One line; what does not fit is left out from the middle, never whether it is saved."""

    def __init__(self, chars: Charset, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.chars = chars
        self._heading: Heading | None = None

    def tell(self, heading: Heading) -> None:
        """Draw this."""
        if heading != self._heading:
            self._heading = heading
            self._draw()

    def on_resize(self) -> None:
        """Fit the new width."""
        self._draw()

    def _draw(self) -> None:
        if self._heading is not None and self.size.width:
            self.show([compose_line(self._heading, self.size.width, self.chars)])


class Alert(FixedLines):
    """One line of what concerns the whole launch; hidden while there is nothing to say."""

    def __init__(self, chars: Charset, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.chars = chars
        self._lines_said: tuple[str, ...] = ()
        self.display = False

    def tell(self, lines: Sequence[str]) -> None:
        """Show the first of these, and how many more there are."""
        if tuple(lines) != self._lines_said:
            self._lines_said = tuple(lines)
            self.display = bool(lines)
            self._draw()

    def on_resize(self) -> None:
        """Fit the new width."""
        self._draw()

    def _draw(self) -> None:
        if not self._lines_said:
            return
        more = f" (and {len(self._lines_said) - 1} more)" if len(self._lines_said) > 1 else ""
        line = fit(self._lines_said[0], max(self.size.width - 2 - cell_len(more), 0), self.chars) + more
        self.show([Text(f" {line}".ljust(self.size.width), "bold black on yellow")])


def compose_line(heading: Heading, width: int, chars: Charset) -> Text:
    """The header as one line of the given width."""
    light = save_light(heading)
    room = width - cell_len(light.plain) - 3
    middle = next(
        (
            text
            for text in _middles(heading, chars)
            if cell_len(text.plain) + min(LEAST_NAME, cell_len(heading.launch)) + 2 <= room
        ),
        Text(),
    )
    launch = fit(heading.launch, max(room - cell_len(middle.plain) - 2, LEAST_NAME), chars)
    line = Text(" ") + Text(launch, Style(bold=True)) + Text("  ") + middle
    line.truncate(max(room + 1, 0))
    line.append(" " * max(1, width - 1 - cell_len(line.plain) - cell_len(light.plain)))
    return line + light


def _middles(heading: Heading, chars: Charset) -> Sequence[Text]:
    """Progress and counts, each shorter than the one before."""
    tally, counts = heading.all, _counts(heading.all, chars)
    probes = Text(f"  {heading.probes} checks running", "bold") if heading.probes else Text()
    short = Text(f"{tally.short} done")
    return (
        Text(tally.words) + counts + probes,
        short + counts + probes,
        short + counts,
        short,
    )


def save_light(heading: Heading) -> Text:
    """`saved 14:02`, `saving`, `NOT SAVED: reason`, or why nothing is."""
    if heading.not_saved:
        return Text(f"NOT SAVED: {heading.not_saved}"[:60], Style.parse("bold red reverse"))
    if heading.read_only:
        return Text("read-only", Style(reverse=True))
    return Text(heading.saved)


def _counts(tally: Tally, chars: Charset) -> Text:
    text = Text()
    for mark, count in (
        (MARKS[Standing.NOT_READY], tally.failing),
        (MARKS[Standing.UNKNOWN], tally.unknown),
        (MARKS[Standing.STALE], tally.stale),
        (DEFERRED, tally.deferred),
        (MARKS[Standing.WAIVED], tally.waived),
    ):
        if count:
            text.append("  ").append(chars.of(mark), mark.style).append(f" {count}")
    return text
