"""Print data to standard output and messages to standard error, without terminal control characters."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import zip_longest

import click

from readiness_tui.reports.parts.text import cut, json_escaped, one_line, visible

LOUD = {
    "fail": "bold red",
    "not-ready": "bold red",
    "conflict": "bold red",
    "no-go": "bold red",
    "unsigned": "bold red",
    "unknown": "bold yellow",
    "stale": "bold yellow",
    "open": "yellow",
    "pass": "green",
    "ready": "green",
    "go": "bold green",
}
"""The style of a word on a terminal. The word itself is always printed."""


CELL = 1000
"""Characters of a cell that are printed; `--json` prints all."""


def data(text: str = "") -> None:
    """Print lines to standard output."""
    click.echo(visible(text))


def document(text: str) -> None:
    """Print a report unchanged."""
    sys.stdout.write(text)


def raw(text: str) -> None:
    """Print JSON, with characters that control a terminal escaped as JSON allows."""
    sys.stdout.write(json_escaped(text))


def say(text: str) -> None:
    """Print a message to standard error."""
    click.echo(visible(text), err=True)


def table(rows: Sequence[Sequence[str]], headers: Sequence[str] = ()) -> None:
    """Print columns: wrapped and coloured on a terminal, aligned plain text elsewhere."""
    cells = [[cut(one_line(cell), CELL) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _drawn(cells, headers)
        return
    if headers:
        cells.insert(0, [header.upper() for header in headers])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())


def _drawn(cells: Sequence[Sequence[str]], headers: Sequence[str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, show_header=bool(headers), pad_edge=False)
    for column, heads in zip_longest(zip(*cells, strict=True), headers, fillvalue=""):
        # Ids and times are copied from the screen, so they are not wrapped while texts can be.
        whole = all(" " not in cell for cell in column)
        drawn.add_column(heads, no_wrap=whole, overflow="fold")
    for row in cells:
        drawn.add_row(*(Text(cell, style=LOUD.get(cell, "")) for cell in row))
    Console(highlight=False).print(drawn)
