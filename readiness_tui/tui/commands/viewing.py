"""What is shown, and the way in and out."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Find(Command):
    """Filter as you type: words of the text, note, host or evidence, or `is:fail`, `mode:auto`."""

    name, keys, spelt, label, topic = "find.filter", "slash", "/", "find", "Find"


class Palette(Command):
    """Find a command by its name."""

    name, keys, spelt, label, topic = "find.palette", "colon", ": Ctrl+p", "commands", "Find"


class Help(Command):
    """Show the keys of this screen."""

    name, keys, spelt, label, topic = "view.help", "question_mark,f1", "? F1", "keys", "View"


class Quit(Command):
    """Leave; everything is saved already."""

    name, keys, spelt, label, topic = "view.quit", "q", "q", "quit", "View"


class Close(Command):
    """Go back to where you came from."""

    name, keys, spelt, label, topic = "view.close", "q,escape", "q Esc", "back", "View"


class Understood(Command):
    """Go on."""

    name, keys, spelt, label, topic = "view.understood", "enter", "Enter", "go on", "View"
