"""Where the cursor goes: by item, page, section and open item."""

from __future__ import annotations

import time

from readiness_tui.display.rows import next_open
from readiness_tui.tui.commands.base import Command
from readiness_tui.tui.commands.moving import Down, First, HalfDown, HalfUp, Last, PageDown, PageUp, Up
from readiness_tui.tui.walk.controller import Controller, does
from readiness_tui.tui.walk.view import WalkView


class NextSection(Command):
    """Go to the next section."""

    name, keys, spelt, label, topic = "move.next-section", "right_square_bracket", "]", "section", "Move"


class PreviousSection(Command):
    """Go to the start of this section, then to the one before."""

    name, keys, spelt, label, topic = "move.previous-section", "left_square_bracket", "[", "section", "Move"


class GoSection(Command):
    """Go to a section by its number, two digits within half a second for 11 and more; 0 is the tenth."""

    name, spelt, label, topic = "move.section", "1-9 0", "section", "Move"
    digits = "section"


TWO_DIGITS_S = 0.5
"""Seconds within which a second digit belongs to the first."""


class NextOpen(Command):
    """Go to the next open item; while a filter stands, to the next one found."""

    name, keys, spelt, label, topic = "move.next-open", "n", "n", "next open", "Move"
    aliases = ("todo",)


class PreviousOpen(Command):
    """Go to the previous open item; while a filter stands, to the previous one found."""

    name, keys, spelt, label, topic = "move.previous-open", "N", "N", "previous open", "Move"


class GoBack(Command):
    """Go back to where you were before the last jump."""

    name, keys, spelt, label, topic = "move.back", "apostrophe", "'", "back", "Move"
    title, aliases = "Go back", ("previous place",)


class Moving(Controller):
    """Moves the cursor; far moves remember where they began."""

    def __init__(self, walk: WalkView) -> None:
        super().__init__(walk)
        self._digit_before = (0, 0.0, "")
        """The digit pressed last, when (monotonic seconds), and at which item."""

    @does(Down)
    def _down(self) -> None:
        self.walk.list.move(1)

    @does(Up)
    def _up(self) -> None:
        self.walk.list.move(-1)

    @does(NextOpen)
    def _next_open(self) -> None:
        self._open(back=False)

    @does(PreviousOpen)
    def _previous_open(self) -> None:
        self._open(back=True)

    def _open(self, *, back: bool) -> None:
        state, items = self.state, self.walk.list
        if state.sought:
            items.move(-1 if back else 1)
            return
        known = state.checklist.items
        if not self.walk.jump(next_open(list(known), known, state.found, state.key, back=back)):
            self.walk.say("no other item is open")

    @does(NextSection)
    def _next_section(self) -> None:
        count = len(self.state.checklist.sections)
        self._to_section(range(self.state.here + 1, count), "this is the last section")

    @does(PreviousSection)
    def _previous_section(self) -> None:
        here, key = self.state.here, self.state.key
        if self.walk.list.move_to_section(here) and self.state.key != key:
            self.state.before = key
            return
        self._to_section(range(here - 1, -1, -1), "this is the first section")

    @does(GoSection)
    def _digit(self) -> None:
        """The digits go to `to_numbered`."""

    def to_numbered(self, digit: int) -> None:
        """Go to a section by the digit pressed, at once; a second digit soon after goes on from the first."""
        sections, now = self.state.checklist.sections, time.monotonic()
        first, at, key = self._digit_before
        both = first * 10 + digit
        if first and now - at <= TWO_DIGITS_S and both <= len(sections):
            self._digit_before = (0, 0.0, "")
            self.to_section(both - 1)
            self.state.before = key
            return
        self._digit_before = (digit, now, self.state.key)
        if (number := digit or 10) > len(sections):
            self.walk.say(f"there are {len(sections)} sections")
        else:
            self.to_section(number - 1)

    def to_section(self, index: int) -> None:
        """Go to a section, counted from 0."""
        self._to_section([index], f"nothing of {self.state.checklist.sections[index].title} is shown")

    def _to_section(self, sections: range | list[int], otherwise: str) -> None:
        before = self.state.key
        if not any(self.walk.list.move_to_section(section) for section in sections):
            self.walk.say(otherwise)
        elif self.state.key != before:
            self.state.before = before

    @does(First)
    def _first(self) -> None:
        self._far(-len(self.walk.list.keys))

    @does(Last)
    def _last(self) -> None:
        self._far(len(self.walk.list.keys))

    def _far(self, items: int) -> None:
        before = self.state.key
        self.walk.list.move(items)
        if self.state.key != before:
            self.state.before = before

    @does(HalfDown)
    def _half_down(self) -> None:
        self.walk.list.move(max(1, self.walk.list.size.height // 2))

    @does(HalfUp)
    def _half_up(self) -> None:
        self.walk.list.move(-max(1, self.walk.list.size.height // 2))

    @does(PageDown)
    def _page_down(self) -> None:
        self.walk.list.move(max(1, self.walk.list.size.height - 1))

    @does(PageUp)
    def _page_up(self) -> None:
        self.walk.list.move(-max(1, self.walk.list.size.height - 1))

    def _why_not_back(self) -> str:
        return "" if self.state.before else "no jump yet to go back from"

    @does(GoBack, unless=_why_not_back)
    def _go_back(self) -> None:
        self.walk.jump(self.state.before)
