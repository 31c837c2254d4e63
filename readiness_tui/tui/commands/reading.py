"""An item's detail."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Open(Command):
    """Show everything about the item, and close it again; the answer keys work there."""

    name, keys, spelt, label, topic = "evidence.open", "enter", "Enter", "detail", "Evidence"
    title, aliases = "Open detail", ("show", "why", "history", "command", "output")


class Copy(Command):
    """Copy the item's evidence; again its commands, again its id."""

    name, keys, spelt, label, topic = "evidence.copy", "y", "y", "copy", "Evidence"
    aliases = ("yank", "clipboard")
