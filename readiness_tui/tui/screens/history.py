"""How many items were unresolved on each day: bars for the days, one line for each section."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult

from readiness_tui.display.marks import Charset, one_line
from readiness_tui.errors import ReadinessError
from readiness_tui.tui import commands
from readiness_tui.tui.commands import bindings
from readiness_tui.tui.screens.text_screen import Reading
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.lines import FixedLines, Pages, Paragraph, fit
from readiness_tui.workspace.days import DayCount, Timeline

BLOCKS = "▁▂▃▄▅▆▇█"
LEAST_BAR, MOST_BAR = 8, 50
TITLE_WIDTH = 28
SPARK_DAYS = 30
"""Days in a section's line; the newest ones."""


class HistoryScreen(Reading):
    """The unresolved items of a launch, day by day."""

    OFFERS = (*Reading.SCROLLS, commands.Palette, commands.Help, commands.Close)
    BINDINGS = bindings(OFFERS)

    def __init__(self, timeline: Timeline, chars: Charset) -> None:
        super().__init__()
        self.chars = chars
        self._timeline = timeline
        self._counts: tuple[DayCount, ...] = ()

    def compose(self) -> ComposeResult:
        """Title, pages, bar."""
        yield FixedLines(id="title")
        yield Pages(id="pages")
        yield self.status
        yield KeyBar((commands.Down, commands.PageDown, commands.Help, commands.Close), id="keys")

    def on_mount(self) -> None:
        """Read every day, off the loop."""
        name = Text(f" {one_line(self._timeline.name)}", Style(bold=True))
        self.query_one("#title", FixedLines).show([name.append("  unresolved by day", Style(bold=False))])
        self.pages.show([Text("reading ...")])
        self.run_worker(self._read(), group="history", exclusive=True)

    async def _read(self) -> None:
        try:
            self._counts = await asyncio.to_thread(lambda: tuple(self._timeline.counts()))
        except ReadinessError as error:
            self.pages.show([Text(one_line(str(error)), "bold red")])
            return
        self.draw()

    def on_resize(self) -> None:
        """Fit the new width."""
        self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Draw what was read."""
        if self._counts:
            self.pages.show(list(history(self._counts, self.size.width - 4, self.chars)))

    @on(commands.Close)
    def _close(self) -> None:
        self.app.pop_screen()


def history(counts: Sequence[DayCount], width: int, chars: Charset) -> Iterator[Paragraph]:
    """A bar with its numbers for each day, then a line for each section."""
    most = max(count.left for count in counts) or 1
    words = [_words(count) for count in counts]
    room = width - len("2026-11-24  ") - max(len(one) for one in words) - 2
    bar = max(LEAST_BAR, min(MOST_BAR, room))
    for count, said in zip(counts, words, strict=True):
        cells = (count.left * bar + most - 1) // most  # what is not nothing is seen
        drawn = ("#" if chars.ascii else "█") * cells
        yield Text(f"{count.day}  ").append(drawn.ljust(bar), "cyan").append(f"  {said}")
    yield Text(_trend([count.left for count in counts]), Style(bold=True))
    yield Text()
    yield Text("By section, oldest day first", Style(bold=True))
    titles = dict.fromkeys(title for count in reversed(counts) for title in count.sections)
    for title in titles:
        yield _section(title, [count.sections.get(title) for count in counts][-SPARK_DAYS:], chars)


def _words(count: DayCount) -> str:
    marks = ((count.failing, "failing"), (count.unknown, "unknown"), (count.stale, "stale"))
    told = [f"{number} {word}" for number, word in marks if number]
    return ", ".join([f"{count.left} of {count.of} unresolved", *told])


def _trend(numbers: Sequence[int]) -> str:
    if len(numbers) < 2:
        return "one day only: nothing to compare yet"
    first, last = numbers[0], numbers[-1]
    way = "fewer" if last < first else "more"
    return (
        "as many as on the first day" if last == first else f"{abs(last - first)} {way} than on the first day"
    )


def _section(title: str, numbers: Sequence[int | None], chars: Charset) -> Text:
    name = set_cell_size(fit(one_line(title), TITLE_WIDTH, chars), TITLE_WIDTH)
    line = Text(name + "  ").append(spark(numbers, chars), "cyan")
    known = [number for number in numbers if number is not None]
    told = " ".join("-" if number is None else str(number) for number in numbers[-7:])
    done = "  done" if known and known[-1] == 0 else ""
    return line.append(f"  {told}{done}") if cell_len(line.plain) else line


def spark(numbers: Sequence[int | None], chars: Charset) -> str:
    """One character a number, its height by the greatest; a space for none, `_` for nothing left.

    In ASCII the heights are the digits 1 to 9.
    """
    heights = "123456789" if chars.ascii else BLOCKS
    most = max((number for number in numbers if number is not None), default=0) or 1
    return "".join(
        " " if number is None else "_" if number == 0 else heights[-(-number * len(heights) // most) - 1]
        for number in numbers
    )
