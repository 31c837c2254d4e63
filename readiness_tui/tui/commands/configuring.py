"""The settings of a launch."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Settings(Command):
    """Show and correct the launch's settings: parameters, hosts, launch time, operator, notes."""

    name, keys, spelt, label, topic = "settings.open", "comma", ",", "settings", "Launch"


class SetMissing(Command):
    """Set the parameter that this item's probe lacks; the probe then runs."""

    name, keys, spelt, label, topic = "settings.missing", "equals_sign", "=", "set value", "Launch"


class Change(Command):
    """Change the chosen setting."""

    name, keys, spelt, label, topic = "settings.change", "enter", "Enter", "change", "Settings"


class AddHost(Command):
    """Add a host."""

    name, keys, spelt, label, topic = "settings.add-host", "a", "a", "add host", "Settings"


class TakeOut(Command):
    """Remove the chosen host, or go back to the chosen parameter's default."""

    name, keys, spelt, label, topic = "settings.take-out", "x,delete", "x Del", "remove", "Settings"


class ProbeUsers(Command):
    """Run the probes of the items that use the chosen parameter, or of all after a change of hosts."""

    name, keys, spelt, label, topic = "settings.probe", "r", "r", "probe users", "Settings"


class TestHost(Command):
    """Connect to the host and say whether it lets us in."""

    name, keys, spelt, label, topic = "host.test", "ctrl+t", "Ctrl+t", "test", "Host"
    typing = None


class EndNotes(Command):
    """Save the notes and go back."""

    name, keys, spelt, label, topic = "notes.end", "escape,ctrl+s", "Esc Ctrl+s", "save and go back", "Notes"
    typing = True
