"""The launches, and the form of a new one."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Continue(Command):
    """Open the chosen launch where the walk was left."""

    name, keys, spelt, label, topic = "home.continue", "enter", "Enter", "continue", "Launches"


class OnlyOpen(Command):
    """Open the chosen launch, showing only what is open."""

    name, keys, spelt, label, topic = "home.only-open", "o", "o", "only open", "Launches"


class OnlyProblems(Command):
    """Open the chosen launch, showing only what fails, is unknown, in conflict or stale."""

    name, keys, spelt, label, topic = "home.only-problems", "f", "f", "only problems", "Launches"


class NewLaunch(Command):
    """Start a new launch."""

    name, keys, spelt, label, topic = "home.new", "N,n", "N", "new launch", "Launches"


class EarlierDay(Command):
    """Look at the day before the chosen one, read-only."""

    name, keys, spelt, label, topic = (
        "home.earlier",
        "left_square_bracket,h,left",
        "[ ←",
        "earlier day",
        "Launches",
    )


class LaterDay(Command):
    """Choose the day after."""

    name, keys, spelt, label, topic = (
        "home.later",
        "right_square_bracket,l,right",
        "] →",
        "later day",
        "Launches",
    )


class TestHosts(Command):
    """Try to connect to every host; each result appears beside its host."""

    name, keys, spelt, label, topic = "form.test", "ctrl+t", "Ctrl+t", "test hosts", "New launch"
    typing = None


class Create(Command):
    """Create the launch and start the walk."""

    name, keys, spelt, label, topic = "form.create", "ctrl+s", "Ctrl+s", "create", "New launch"
    typing = None


class Abandon(Command):
    """Go back; nothing is created."""

    name, keys, spelt, label, topic = "form.abandon", "escape", "Esc", "back", "New launch"
    typing = None


class EditValue(Command):
    """Give the chosen parameter a value; an empty one goes back to the default."""

    name, keys, spelt, label, topic = "form.edit", "enter", "Enter", "set value", "New launch"
