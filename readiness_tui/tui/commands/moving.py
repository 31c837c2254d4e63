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
