"""The human half."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Pass(Command):
    """Answer done and go to the next open item; on an item answered done, take the answer back."""

    name, keys, spelt, label, topic = "answer.pass", "space", "space", "pass", "Answer"


class Fail(Command):
    """Answer not done, with one line why."""

    name, keys, spelt, label, topic = "answer.fail", "f", "f", "fail", "Answer"


class NotApplicable(Command):
    """Answer n/a; a reason is required."""

    name, keys, spelt, label, topic = "answer.not-applicable", "a", "a", "n/a", "Answer"


class Defer(Command):
    """Come back to it later; it stays open."""

    name, keys, spelt, label, topic = "answer.defer", "d", "d", "defer", "Answer"


class Clear(Command):
    """Take the answer back; the note stays."""

    name, keys, spelt, label, topic = "answer.clear", "c", "c", "clear", "Answer"


class Override(Command):
    """Answer done against the probe's verdict; the reason is required and stands on every report."""

    name, keys, spelt, label, topic = "answer.override", "o", "o", "override", "Answer"


class Repeat(Command):
    """Give this item the last answer again, with the same reason."""

    name, keys, spelt, label, topic = "answer.repeat", "full_stop", ".", "repeat", "Answer"


class Undo(Command):
    """Undo the last answer or note of this sitting; the history keeps both."""

    name, keys, spelt, label, topic = "answer.undo", "u", "u", "undo", "Answer"


class Redo(Command):
    """Do again what was undone."""

    name, keys, spelt, label, topic = "answer.redo", "ctrl+r", "Ctrl+r", "redo", "Answer"
