"""What is shown, and the way in and out."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Find(Command):
    """Filter as you type: words of the text, note, host or evidence, or `is:fail`, `mode:auto`."""

    name, keys, spelt, label, topic = "find.filter", "slash", "/", "find", "Find"


class CycleView(Command):
    """Show all items, only the open ones, or only problems (failing, unknown, conflict, stale)."""

    name, keys, spelt, label, topic = "find.view", "F", "F", "view", "Find"


class Unfilter(Command):
    """Take the filter away."""

    name, keys, spelt, label, topic = "find.clear", "escape", "Esc", "no filter", "Find"


class Palette(Command):
    """Find a command by its name."""

    name, keys, spelt, label, topic = "find.palette", "colon", ": Ctrl+p", "commands", "Find"


class Words(Command):
    """Show words instead of glyphs."""

    name, keys, spelt, label, topic = "view.words", "W", "W", "words", "View"


class Redraw(Command):
    """Draw the screen again."""

    name, keys, spelt, label, topic = "view.redraw", "ctrl+l", "Ctrl+l", "redraw", "View"


class Help(Command):
    """Show the keys of this screen."""

    name, keys, spelt, label, topic = "view.help", "question_mark,f1", "? F1", "keys", "View"


class Home(Command):
    """Go to the list of launches."""

    name, keys, spelt, label, topic = "view.home", "H", "H", "launches", "View"


class WorkOnIt(Command):
    """Open what you only read to work on it; twice to take it over from whoever died holding it."""

    name, keys, spelt, label, topic = "view.work", "T", "T", "work on it", "View"


class Quit(Command):
    """Leave; everything is saved already."""

    name, keys, spelt, label, topic = "view.quit", "q", "q", "quit", "View"


class Close(Command):
    """Go back to where you came from."""

    name, keys, spelt, label, topic = "view.close", "q,escape", "q Esc", "back", "View"


class Understood(Command):
    """Go on."""

    name, keys, spelt, label, topic = "view.understood", "enter", "Enter", "go on", "View"
