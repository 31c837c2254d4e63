"""The walk's moves: by item, page, section and open item; and what the list shows."""

from __future__ import annotations

from textual import on

from readiness_tui.display.rows import next_open
from readiness_tui.tui import commands
from readiness_tui.tui.screens.walk_base import WalkBase
from readiness_tui.tui.widgets.sections import Sections


class WalkMoves(WalkBase):
    """Where the cursor goes, and by which view and filter the list is drawn."""

    _before = ""

    def jump(self, key: str) -> bool:
        """Go to an item far away, remembering where we were; shows it if the filter hides it."""
        here = self.list.key
        if key and not self.list.move_to(key):
            self.view, self.sought = type(self.view).ALL, ""
            self.relist(key)
        if key and key != here:
            self._before = here
        return bool(key)

    @on(commands.Down)
    def _down(self) -> None:
        self.list.move(1)

    @on(commands.Up)
    def _up(self) -> None:
        self.list.move(-1)

    @on(commands.First)
    def _first(self) -> None:
        self._far(-len(self.list.keys))

    @on(commands.Last)
    def _last(self) -> None:
        self._far(len(self.list.keys))

    @on(commands.HalfDown)
    def _half_down(self) -> None:
        self.list.move(max(1, self.list.size.height // 2))

    @on(commands.HalfUp)
    def _half_up(self) -> None:
        self.list.move(-max(1, self.list.size.height // 2))

    @on(commands.PageDown)
    def _page_down(self) -> None:
        self.list.move(max(1, self.list.size.height - 1))

    @on(commands.PageUp)
    def _page_up(self) -> None:
        self.list.move(-max(1, self.list.size.height - 1))

    def _far(self, items: int) -> None:
        here = self.list.key
        self.list.move(items)
        if self.list.key != here:
            self._before = here

    @on(commands.NextSection)
    def _next_section(self) -> None:
        self._to_section(
            range(self.list.section + 1, len(self.checklist.sections)), "this is the last section"
        )

    @on(commands.PreviousSection)
    def _previous_section(self) -> None:
        here, key = self.list.section, self.list.key
        if self.list.move_to_section(here) and self.list.key != key:
            self._before = key
            return
        self._to_section(range(here - 1, -1, -1), "this is the first section")

    @on(Sections.Chosen)
    def _chosen(self, event: Sections.Chosen) -> None:
        self._to_section([event.section], "nothing of that section is shown")

    def action_section(self, number: int) -> None:
        """A digit: go to that section; 0 is the tenth."""
        index = (number or 10) - 1
        if index >= len(self.checklist.sections):
            self.say(f"there are {len(self.checklist.sections)} sections")
            return
        self._to_section([index], f"nothing of {self.checklist.sections[index].title} is shown")

    def _to_section(self, sections: range | list[int], otherwise: str) -> None:
        here = self.list.key
        if not any(self.list.move_to_section(section) for section in sections):
            self.say(otherwise)
        elif self.list.key != here:
            self._before = here

    @on(commands.NextOpen)
    def _next_open(self) -> None:
        self._open(back=False)

    @on(commands.PreviousOpen)
    def _previous_open(self) -> None:
        self._open(back=True)

    def _open(self, *, back: bool) -> None:
        if self.sought:
            self.list.move(-1 if back else 1)
        elif not self.jump(next_open(list(self.checklist.items), self.found, self.list.key, back=back)):
            self.say("nothing else is open")

    @on(commands.GoBack)
    def _go_back(self) -> None:
        if not self._before:
            self.say("no jump yet to go back from")
            return
        self.jump(self._before)

    @on(commands.Find)
    def _find(self) -> None:
        before = self.sought
        self.prompt.ask("find:", self._end_find, text=before, typed=self._seek, left=lambda: self._seek(""))

    def _seek(self, text: str) -> None:
        if text != self.sought:
            self.sought = text
            self.relist()
        if not self.prompt.display:
            self.to_list()

    def _end_find(self, text: str) -> None:
        self._seek(text)
        self.to_list()

    @on(commands.Unfilter)
    def _unfilter(self) -> None:
        if self.sought:
            self.sought = ""
            self.relist()

    @on(commands.CycleView)
    def _cycle(self) -> None:
        self.view = self.view.next
        self.relist()
        self.say(f"view: {self.view}, {len(self.list.keys)} items")

    @on(commands.Words)
    def _words(self) -> None:
        self.list.show_words(not self.list.words)

    @on(commands.Redraw)
    def _redraw(self) -> None:
        self.refresh(layout=True)
        self.list.refresh()
