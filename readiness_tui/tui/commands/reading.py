"""An item's detail."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Open(Command):
    """Show everything about the item; where its probe lacks a parameter, ask for that first."""

    name, keys, spelt, label, topic = "evidence.open", "enter", "Enter", "detail", "Evidence"
    title, aliases = "Open detail", ("show", "why", "history", "command", "output")


class CloseDetail(Command):
    """Close the detail; the key bar's word for `Open` while the detail is shown."""

    name, spelt, label, topic = "evidence.close", "Enter", "close", "Evidence"


class NextItem(Command):
    """Show the detail of the next item; the key bar's word for `]` while the detail is shown."""

    name, spelt, label, topic = "evidence.next-item", "]", "next item", "Evidence"


class Copy(Command):
    """Copy the item's evidence; again its commands, again its id."""

    name, keys, spelt, label, topic = "evidence.copy", "y", "y", "copy", "Evidence"
    aliases = ("yank", "clipboard")
