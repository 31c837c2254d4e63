"""The palette's screen: one line to type in, and what it finds."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from readiness_tui.display.marks import Charset, one_line
from readiness_tui.tui.commands import Command, bindings
from readiness_tui.tui.palette.commands import LeavePalette, NextEntry, PreviousEntry, RunEntry
from readiness_tui.tui.palette.entries import of_commands
from readiness_tui.tui.palette.matching import Entry, Kind, found
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.choices import Choices
from readiness_tui.tui.widgets.lines import FixedLines, fit

MOST = 200
"""Entries shown at most."""

TITLE_WIDTH = 30
KEY_WIDTH = 9


class _QueryField(Input):
    """The line typed in; keys that are not text go to the screen at once."""

    BINDINGS = bindings((RunEntry, NextEntry, PreviousEntry, LeavePalette))

    async def action_offer(self, name: str) -> None:
        """Hand the key to the screen."""
        if isinstance(self.screen, PaletteScreen):
            await self.screen.action_offer(name)


class PaletteScreen(CommandScreen):
    """Finds a command, a section, an item, a host or a verb; Enter runs the highlighted line."""

    CSS_PATH = "screen.tcss"
    OFFERS = (RunEntry, NextEntry, PreviousEntry, LeavePalette)

    def __init__(self, beneath: CommandScreen, chars: Charset) -> None:
        """beneath: the screen whose commands and entries are found."""
        super().__init__(chars)
        self.chars = chars

        def choose(command: type[Command]) -> None:
            beneath.call_next(beneath.choose, command)

        commands = of_commands(beneath.OFFERS, choose, beneath.why_not)
        self._entries = (*commands, *beneath.palette_entries())
        self._found: list[Entry] = []
        self._field = _QueryField(compact=True, select_on_focus=False, id="query")
        self._field.cursor_blink = False
        self._choices = Choices(id="found")
        self._help = FixedLines(id="help")

    def compose(self) -> ComposeResult:
        """The line, what it finds, the help of the highlighted entry, the keys."""
        with Horizontal(id="line"):
            yield Static(":", markup=False, id="prompt-label")
            yield self._field
        yield self._choices
        yield self._help
        yield self.status
        yield KeyBar(self.OFFERS, id="keys")

    def on_mount(self) -> None:
        """Show the commands."""
        self.set_focus(self._field)
        self.call_after_refresh(self._search)

    def on_resize(self) -> None:
        """Fit the new width."""
        self.call_after_refresh(self._draw)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for what is typed now."""
        event.stop()
        self._search()

    def _search(self) -> None:
        self._found = found(self._field.value, self._entries)[:MOST]
        self._choices.choose(0)
        self._draw()

    def _draw(self) -> None:
        if not self.size.width:
            return
        self._choices.show([self._line(entry) for entry in self._found])
        self._draw_help()

    def _draw_help(self) -> None:
        entry = self._highlighted
        if entry is None:
            self._help.show([Text(" nothing is called so", Style(dim=True))])
            return
        told = f"{entry.help}" + (f" Not now: {entry.why_not}." if entry.why_not else "")
        self._help.show([Text(" " + fit(one_line(told), self.size.width - 2, self.chars))])

    def _line(self, entry: Entry) -> Text:
        width = self._choices.size.width - 2
        kind = "" if entry.kind is Kind.COMMAND else entry.kind.name.casefold()
        style = Style(dim=bool(entry.why_not))
        text = Text().append(set_cell_size(entry.key, KEY_WIDTH), Style(bold=True))
        if kind:
            text.append(set_cell_size(kind, KEY_WIDTH), Style(dim=True))
            return text.append(fit(one_line(entry.title), width - 2 * KEY_WIDTH, self.chars), style)
        text.append(set_cell_size(fit(entry.title, TITLE_WIDTH, self.chars), TITLE_WIDTH), style)
        room = width - cell_len(text.plain) - 1
        return text.append(" " + fit(one_line(entry.help), room, self.chars), Style(dim=True))

    @property
    def _highlighted(self) -> Entry | None:
        index = self._choices.index
        return self._found[index] if 0 <= index < len(self._found) else None

    def on_choices_chosen(self) -> None:
        """Show the help of the line that is highlighted now."""
        self._draw_help()

    async def perform(self, command: type[Command]) -> None:
        """Move, run or leave; at once, so that keys typed ahead find the result."""
        if command is NextEntry:
            self._choices.move(1)
        elif command is PreviousEntry:
            self._choices.move(-1)
        elif command is LeavePalette:
            self.app.pop_screen()
        elif (entry := self._current_entry()) is not None:
            self.app.pop_screen()
            self.app.call_later(entry.act)

    def _current_entry(self) -> Entry | None:
        """The highlighted entry, by what is typed now even if the list was not drawn since."""
        if self._found != (now := found(self._field.value, self._entries)[:MOST]):
            self._found = now
            self._choices.choose(0)
            self._draw()
        return self._highlighted
