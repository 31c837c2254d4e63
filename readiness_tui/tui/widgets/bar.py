"""The last lines: what is left and what happened, and the keys that matter here."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from readiness_tui.display.marks import Charset, one_line
from readiness_tui.tui.commands import Command
from readiness_tui.tui.widgets.lines import FixedLines, fit


class Status(FixedLines):
    """One line: what is left; until the next key, what happened or why a key did nothing.

    answered: the message that was shown when the last key was pressed; that key may be the answer to it.
    """

    def __init__(self, chars: Charset, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.chars = chars
        self.log_lines: list[str] = []
        self._left = ""
        self._said: tuple[str, str] | None = None
        self.answered = ""

    def tell(self, left: str) -> None:
        """What is left, until told otherwise."""
        self._left = one_line(left)
        self._draw()

    def say(self, text: str, *, bad: bool = False) -> None:
        """Say one line until the next key; every line said is kept in `log_lines`."""
        line = one_line(text)
        self.log_lines.append(line)
        del self.log_lines[:-200]
        self._said = (line, "bold red" if bad else "bold")
        self._draw()

    def key_pressed(self) -> None:
        """A key was pressed: the message was read."""
        self.answered = self._said[0] if self._said is not None else ""
        if self._said is not None:
            self._said = None
            self._draw()

    def asks(self, question: str) -> bool:
        """Whether the last key was pressed while this question was shown; else ask it now."""
        if self.answered == one_line(question):
            return False
        self.say(question)
        return True

    def _draw(self) -> None:
        said, style = self._said or (self._left, "")
        self.show([Text(" " + fit(said, self.size.width - 2, self.chars), style)])

    def on_resize(self) -> None:
        """Fit the new width."""
        self._draw()


ROOMY = 100
"""Columns from which the bar shows as many keys as fit; under it, the most useful ones alone."""

MOST = 6
"""Keys shown where there is little room."""


class KeyBar(FixedLines):
    """One line of keys, the most useful first; those that do not fit are left to the help, never the last."""

    def __init__(self, commands: Iterable[type[Command]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._commands = tuple(commands)

    def offer(self, commands: Iterable[type[Command]]) -> None:
        """Show other keys."""
        offered = tuple(commands)
        if offered != self._commands:
            self._commands = offered
            self._draw()

    def on_resize(self) -> None:
        """Fit the new width."""
        self._draw()

    def _draw(self) -> None:
        line, width = Text(), self.size.width
        if not self._commands or not width:
            return
        *commands, last = self._commands
        room = width - _width(last)
        for command in commands if width >= ROOMY else commands[: MOST - 1]:
            if cell_len(line.plain) + _width(command) <= room:
                line.append_text(_key(command))
        self.show([line.append_text(_key(last))])


def _width(command: type[Command]) -> int:
    return cell_len(_key(command).plain)


def _key(command: type[Command]) -> Text:
    key = command.spelt.split()[0]
    return Text(" ").append(key, Style(bold=True)).append(f" {command.label} ")
