"""What the list shows: by words, by view, as words or glyphs."""

from __future__ import annotations

from readiness_tui.display.filters import View
from readiness_tui.tui.commands.base import Command
from readiness_tui.tui.commands.viewing import Find, Palette
from readiness_tui.tui.terminal.display import LeanDisplay
from readiness_tui.tui.walk.controller import Controller, does


class CycleView(Command):
    """Show all items, only the open ones, or only problems (failing, unknown, conflict, stale)."""

    name, keys, spelt, label, topic = "find.view", "F", "F", "view", "Find"
    title, aliases = "Next view", ("filter", "open", "problems", "all")


class Mine(Command):
    """Show only the items that one role signs for; again for the next role, then for all."""

    name, keys, spelt, label, topic = "find.mine", "m", "m", "mine", "Find"
    title, aliases = "My items", ("role", "filter")


class Select(Command):
    """Select a range of items: move, then answer all of them with one key; v or Esc ends it."""

    name, keys, spelt, label, topic = "select.range", "v", "v", "select", "Answer"
    title, aliases = "Select range", ("bulk", "mark", "visual", "many")


class Unfilter(Command):
    """End the selection, else take the filter away."""

    name, keys, spelt, label, topic = "find.clear", "escape", "Esc", "no filter", "Find"
    title, aliases = "Clear filter", ("show all", "unfilter")


class Words(Command):
    """Show words beside the glyphs, or glyphs alone."""

    name, keys, spelt, label, topic = "view.words", "W", "W", "words", "View"
    aliases = ("glyphs",)


class Redraw(Command):
    """Draw the screen again."""

    name, keys, spelt, label, topic = "view.redraw", "ctrl+l", "Ctrl+l", "redraw", "View"
    aliases = ("refresh", "repaint")


class Finding(Controller):
    """Filters the list and chooses how it is shown."""

    @does(Find)
    def _find(self) -> None:
        self.walk.prompt.ask(
            "find:",
            self._end_find,
            text=self.state.sought,
            about="find",
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
        self.walk.say(self.state.shown_as)

    @does(Mine)
    def _mine(self) -> None:
        roles = ["", *(role.id for role in self.state.checklist.roles)]
        at = roles.index(self.state.role) if self.state.role in roles else 0
        self.state.role = roles[(at + 1) % len(roles)]
        self.walk.relist()
        self.walk.say(self.state.shown_as)

    def _why_no_range(self) -> str:
        return self.state.why_read_only or ("" if self.state.item else "no item here")

    @does(Select, unless=_why_no_range)
    def _select(self) -> None:
        if self.state.anchor:
            self.walk.end_range()
            self.walk.say("nothing is selected")
            return
        self.state.anchor = self.state.key
        self.walk.draw_range()
        self.walk.say("selecting: move to the last item, then space, f, a or d answers all; Esc ends it")

    @does(Unfilter)
    def _unfilter(self) -> None:
        state = self.state
        if state.anchor:
            self.walk.end_range()
        elif state.sought or state.role or state.view is not View.ALL:
            state.sought, state.role, state.view = "", "", View.ALL
            self.walk.relist()
            self.walk.say(state.shown_as)

    def of_host(self, name: str) -> None:
        """Show the items of a host."""
        self._seek(f"host:{name.casefold()}")
        self.walk.say(self.state.shown_as)

    def tell_verb(self, line: str) -> None:
        """Say how a verb is typed in a shell."""
        self.walk.say(f"in a shell: {line}")

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
