"""What is shown, and the way in and out."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Find(Command):
    """Filter as you type: words of the text, note, host or evidence, or `is:fail`, `mode:auto`."""

    name, keys, spelt, label, topic = "find.filter", "slash", "/", "find", "Find"
    title, aliases = "Find...", ("filter", "search", "grep")


class Palette(Command):
    """Find a command, a section, an item or a host by the beginnings of its words."""

    name, keys, spelt, label, topic = "find.palette", "colon", ": Ctrl+p", "commands", "Find"
    title, aliases = "Commands", ("palette", "jump", "go to")


class Help(Command):
    """Show the keys of this screen."""

    name, keys, spelt, label, topic = "view.help", "question_mark,f1", "? F1", "keys", "View"
    aliases = ("help", "shortcuts")


class Quit(Command):
    """Leave; everything is saved already."""

    name, keys, spelt, label, topic = "view.quit", "q", "q", "quit", "View"
    aliases = ("q", "exit", "leave", "close", "wq", "x")


class Close(Command):
    """Go back to where you came from."""

    name, keys, spelt, label, topic = "view.close", "q,escape", "q Esc", "back", "View"


class Dismiss(Command):
    """Close the message."""

    name, keys, spelt, label, topic = "view.dismiss", "enter", "Enter", "close", "View"
