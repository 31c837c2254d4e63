"""The first line of the walk: where you are, how far, what is wrong, and whether it is saved."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from readiness_tui.display.marks import DEFERRED, MARKS, Charset
from readiness_tui.display.rows import Tally
from readiness_tui.rules.standing import Standing
from readiness_tui.tui.widgets.item_list import fit
from readiness_tui.tui.widgets.lines import FixedLines


@dataclass(frozen=True, slots=True)
class Heading:
    """What the header tells. section: number and title, its tally beside it. saved: the save light."""

    launch: str
    section: str
    here: Tally | None
    all: Tally
    probes: int = 0
    saved: str = ""
    not_saved: str = ""
    read_only: str = ""


LEAST_NAME = 8
"""Cells the launch's name keeps whatever else there is to say."""


class Header(FixedLines):
    """One line; what does not fit is left out from the middle, never the save light."""

    def __init__(self, chars: Charset, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.chars = chars
        self._heading: Heading | None = None

    def tell(self, heading: Heading) -> None:
        """Draw this."""
        self._heading = heading
        self._draw()

    def on_resize(self) -> None:
        """Fit the new width."""
        self._draw()

    def _draw(self) -> None:
        if self._heading is not None and self.size.width:
            self.show([compose_line(self._heading, self.size.width, self.chars)])


def compose_line(heading: Heading, width: int, chars: Charset) -> Text:
    """The header as one line of the given width."""
    light = save_light(heading)
    room = width - cell_len(light.plain) - 3
    section = heading.section
    middle = _middle(heading, section, chars)
    if cell_len(middle.plain) + LEAST_NAME > room:
        middle = _middle(heading, section.split(" ")[0], chars)  # the number alone
    launch = fit(heading.launch, max(room - cell_len(middle.plain) - 2, LEAST_NAME), chars)
    line = Text(" ") + Text(launch, Style(bold=True)) + Text("  ") + middle
    line.truncate(max(room + 1, 0))
    line.append(" " * max(1, width - 1 - cell_len(line.plain) - cell_len(light.plain)))
    return line + light


def _middle(heading: Heading, section: str, chars: Charset) -> Text:
    parts = [f"all {heading.all.done}/{heading.all.total}"]
    if heading.here is not None:
        parts.insert(0, f"{section} {heading.here.done}/{heading.here.total}")
    middle = Text("  ".join(parts)) + _counts(heading.all, chars)
    return middle.append(f"  probes {heading.probes} run", "cyan") if heading.probes else middle


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
            text.append("  ").append(f"{chars.of(mark)} {count}", mark.style)
    return text
