"""Leaving while something is not saved."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class TryAgain(Command):
    """Save once more, and leave when that works."""

    name, keys, spelt, label, topic = "leave.again", "t", "t", "try again", "Leaving"


class KeepCopy(Command):
    """Write the whole session to another place, from where it can be merged in later."""

    name, keys, spelt, label, topic = "leave.copy", "w", "w", "keep a copy", "Leaving"


class LeaveWithout(Command):
    """Leave; what is neither saved nor copied is lost."""

    name, keys, spelt, label, topic = "leave.without", "X", "X", "leave without", "Leaving"


class Stay(Command):
    """Stay; saving goes on being tried."""

    name, keys, spelt, label, topic = "leave.stay", "escape,enter,q", "Esc Enter q", "stay", "Leaving"
