"""A key file's passphrase."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class TypePassphrase(Command):
    """Type the passphrase; what was typed before this key goes nowhere."""

    name, keys, spelt, label, topic = "passphrase.type", "enter", "Enter", "type it", "Passphrase"


class GivePassphrase(Command):
    """Unlock the key with what is typed."""

    name, keys, spelt, label, topic = "passphrase.give", "enter", "Enter", "unlock", "Passphrase"
    typing = True


class GoWithout(Command):
    """Go on without this key; the next run may ask again."""

    name, keys, spelt, label, topic = "passphrase.without", "escape", "Esc", "without it", "Passphrase"
    typing = None
