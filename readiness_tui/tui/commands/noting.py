"""Notes, evidence and probes."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Note(Command):
    """Write the note here; Esc or Ctrl+S ends, and it is saved either way."""

    name, keys, spelt, label, topic = "evidence.note", "i,tab", "i Tab", "note", "Evidence"


class EndNote(Command):
    """Leave the note; it is saved."""

    name, keys, spelt, label, topic = (
        "evidence.end-note",
        "escape,ctrl+s",
        "Esc Ctrl+s",
        "end the note (saved)",
        "Evidence",
    )
    typing = True


class Editor(Command):
    """Write the note in your editor ($VISUAL, else $EDITOR)."""

    name, keys, spelt, label, topic = "evidence.editor", "e", "e", "editor", "Evidence"


class Open(Command):
    """Show everything about the item: verdicts, the command, its output, the history."""

    name, keys, spelt, label, topic = "evidence.open", "enter", "Enter", "detail", "Evidence"


class Probe(Command):
    """Run this item's probe on its hosts."""

    name, keys, spelt, label, topic = "probe.item", "r", "r", "probe", "Probe"


class ProbeSection(Command):
    """Run every probe of this section."""

    name, keys, spelt, label, topic = "probe.section", "R", "R", "section", "Probe"


class ProbeAll(Command):
    """Run every probe of the checklist."""

    name, keys, spelt, label, topic = "probe.all", "P", "P", "probe all", "Probe"


class CancelProbes(Command):
    """Stop the probes that run or wait; what was found stays."""

    name, keys, spelt, label, topic = "probe.cancel", "x", "x", "stop probes", "Probe"
