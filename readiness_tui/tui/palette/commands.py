"""The keys of the palette."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class RunEntry(Command):
    """Run the highlighted line; nothing else is ever run."""

    name, keys, spelt, label, topic = "palette.run", "enter", "Enter", "run", "Palette"
    typing = None


class NextEntry(Command):
    """Highlight the next line."""

    name, keys, spelt, label, topic = "palette.next", "down,ctrl+n", "↓ Ctrl+n", "next", "Palette"
    typing = None


class PreviousEntry(Command):
    """Highlight the line before."""

    name, keys, spelt, label, topic = "palette.previous", "up,ctrl+p", "↑ Ctrl+p", "previous", "Palette"
    typing = None


class LeavePalette(Command):
    """Go back; nothing is run."""

    name, keys, spelt, label, topic = "palette.leave", "escape", "Esc", "back", "Palette"
    typing = None
