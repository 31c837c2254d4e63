"""What the list shows: by words, by view, as words or glyphs."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command
from readiness_tui.tui.commands.viewing import Find, Palette
from readiness_tui.tui.terminal.display import LeanDisplay
from readiness_tui.tui.walk.controller import Controller, does


class CycleView(Command):
    """Show all items, only the open ones, or only problems (failing, unknown, conflict, stale)."""

    name, keys, spelt, label, topic = "find.view", "F", "F", "view", "Find"


class Unfilter(Command):
    """Take the filter away."""

    name, keys, spelt, label, topic = "find.clear", "escape", "Esc", "no filter", "Find"


class Words(Command):
    """Show words beside the glyphs, or glyphs alone."""

    name, keys, spelt, label, topic = "view.words", "W", "W", "words", "View"


class Redraw(Command):
    """Draw the screen again."""

    name, keys, spelt, label, topic = "view.redraw", "ctrl+l", "Ctrl+l", "redraw", "View"


class Finding(Controller):
    """Filters the list and chooses how it is shown."""

    @does(Find)
    def _find(self) -> None:
        self.walk.prompt.ask(
            "find:",
            self._end_find,
            text=self.state.sought,
            typed=self._seek,
            left=lambda: self._seek(""),
        )

    def _seek(self, text: str) -> None:
        if text != self.state.sought:
            self.state.sought = text
            self.walk.relist()
        if not self.walk.prompt.display:
            self.walk.to_list()

    def _end_find(self, text: str) -> None:
        self._seek(text)
        self.walk.to_list()

    @does(CycleView)
    def _cycle(self) -> None:
        self.state.view = self.state.view.next
        self.walk.relist()
        self.walk.say(f"view: {self.state.view}, {len(self.walk.list.keys)} items")

    @does(Unfilter)
    def _unfilter(self) -> None:
        if self.state.sought:
            self.state.sought = ""
            self.walk.relist()

    @does(Palette)
    def _palette(self) -> None:
        self.walk.app.action_command_palette()

    @does(Words)
    def _words(self) -> None:
        self.walk.words = not self.walk.list.words
        self.walk.fit_words()

    @does(Redraw)
    def _redraw(self) -> None:
        self.walk.refresh(layout=True)
        if isinstance(self.walk.app, LeanDisplay):
            self.walk.app.forget_display()
