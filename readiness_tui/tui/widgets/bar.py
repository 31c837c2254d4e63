"""The last lines: what is left and what happened, and the keys that matter here."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.timer import Timer

from readiness_tui.display.marks import Charset, one_line
from readiness_tui.tui.commands import Command
from readiness_tui.tui.widgets.lines import FixedLines, fit

SAID_FOR = 4.0
"""Seconds a passing word stays."""


class Status(FixedLines):
    """One line: what is left; for a while, what happened or why a key did nothing."""

    def __init__(self, chars: Charset, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.chars = chars
        self.log_lines: list[str] = []
        self._left = ""
        self._said: tuple[str, str] | None = None
        self._timer: Timer | None = None

    def tell(self, left: str) -> None:
        """What is left, until told otherwise."""
        self._left = one_line(left)
        self._draw()

    def say(self, text: str, *, bad: bool = False) -> None:
        """Say one line for a while; every word said is kept in `log_lines`."""
        line = one_line(text)
        self.log_lines.append(line)
        del self.log_lines[:-200]
        self._said = (line, "bold red" if bad else "bold")
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SAID_FOR, self._hush)
        self._draw()

    def _hush(self) -> None:
        self._said = None
        self._draw()

    def _draw(self) -> None:
        said, style = self._said or (self._left, "")
        self.show([Text(" " + fit(said, self.size.width - 2, self.chars), style)])

    def on_resize(self) -> None:
        """Fit the new width."""
        self._draw()


class KeyBar(FixedLines):
    """One line of keys; those that do not fit are left to the help, never the last two."""

    def __init__(self, commands: Iterable[type[Command]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._commands = tuple(commands)

    def offer(self, commands: Iterable[type[Command]]) -> None:
        """Show other keys."""
        self._commands = tuple(commands)
        self._draw()

    def on_resize(self) -> None:
        """Fit the new width."""
        self._draw()

    def _draw(self) -> None:
        line, width = Text(), self.size.width
        kept = self._commands[-2:]
        room = width - sum(_width(command) for command in kept)
        for command in self._commands[:-2]:
            if cell_len(line.plain) + _width(command) <= room:
                line.append_text(_key(command))
        for command in kept:
            line.append_text(_key(command))
        self.show([line])


def _width(command: type[Command]) -> int:
    return cell_len(_key(command).plain)


def _key(command: type[Command]) -> Text:
    key = command.spelt.split()[0]
    return Text(" ").append(key, Style(bold=True)).append(f" {command.label} ")
