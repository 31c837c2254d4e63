"""The keys of every form."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Save(Command):
    """Check every field and save; what is wrong is said beneath its field."""

    name, keys, spelt, label, topic = "form.save", "ctrl+s", "Ctrl+s", "save", "Form"
    typing = None


class Onward(Command):
    """Go to the next field; in the last one, save."""

    name, keys, spelt, label, topic = "form.onward", "enter", "Enter", "next", "Form"
    typing = None


class EnterSaves(Onward):
    """Save."""

    label = "save"


class NextField(Command):
    """Go to the next field."""

    name, keys, spelt, label, topic = "form.next", "down,tab", "↓ Tab", "next field", "Form"
    typing = None


class PreviousField(Command):
    """Go to the previous field."""

    name, keys, spelt, label, topic = "form.previous", "up,shift+tab", "↑ S-Tab", "previous field", "Form"
    typing = None


class LeaveForm(Command):
    """Leave without saving; what was typed is offered again."""

    name, keys, spelt, label, topic = "form.leave", "escape", "Esc", "leave", "Form"
    typing = None


class NextOption(Command):
    """Choose the next option."""

    name, keys, spelt, label, topic = "form.option-next", "right,l", "→ l", "next option", "Form"


class PreviousOption(Command):
    """Choose the option before."""

    name, keys, spelt, label, topic = "form.option-previous", "left,h", "← h", "option before", "Form"


class Toggle(Command):
    """Choose the option, or take the choice back."""

    name, keys, spelt, label, topic = "form.toggle", "space", "space", "choose", "Form"
