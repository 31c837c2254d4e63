"""Where the cursor goes."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Down(Command):
    """Go one item down."""

    name, keys, spelt, label, topic = "move.down", "j,down", "j ↓", "down", "Move"


class Up(Command):
    """Go one item up."""

    name, keys, spelt, label, topic = "move.up", "k,up", "k ↑", "up", "Move"


class First(Command):
    """Go to the first item."""

    name, keys, spelt, label, topic = "move.first", "g,home", "g Home", "first", "Move"


class Last(Command):
    """Go to the last item."""

    name, keys, spelt, label, topic = "move.last", "G,end", "G End", "last", "Move"


class HalfDown(Command):
    """Go half a page down."""

    name, keys, spelt, label, topic = "move.half-down", "ctrl+d", "Ctrl+d", "half page", "Move"


class HalfUp(Command):
    """Go half a page up."""

    name, keys, spelt, label, topic = "move.half-up", "ctrl+u", "Ctrl+u", "half page", "Move"


class PageDown(Command):
    """Go a page down."""

    name, keys, spelt, label, topic = "move.page-down", "pagedown", "PgDn", "page", "Move"


class PageUp(Command):
    """Go a page up."""

    name, keys, spelt, label, topic = "move.page-up", "pageup", "PgUp", "page", "Move"


class NextSection(Command):
    """Go to the next section."""

    name, keys, spelt, label, topic = "move.next-section", "right_square_bracket", "]", "section", "Move"


class PreviousSection(Command):
    """Go to the start of this section, then to the one before."""

    name, keys, spelt, label, topic = "move.previous-section", "left_square_bracket", "[", "section", "Move"


class GoSection(Command):
    """Go to a section by its number; 0 is the tenth."""

    name, spelt, label, topic = "move.section", "1-9 0", "section", "Move"
    digits = "section"


class NextOpen(Command):
    """Go to the next open item; while a filter stands, to the next one found."""

    name, keys, spelt, label, topic = "move.next-open", "n", "n", "next open", "Move"


class PreviousOpen(Command):
    """Go to the previous open item; while a filter stands, to the previous one found."""

    name, keys, spelt, label, topic = "move.previous-open", "N", "N", "previous open", "Move"


class GoBack(Command):
    """Go back to where you were before the last jump."""

    name, keys, spelt, label, topic = "move.back", "apostrophe", "'", "back", "Move"
