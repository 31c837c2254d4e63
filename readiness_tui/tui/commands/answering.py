"""Answers of one item or of a range."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Done(Command):
    """Answer done and go to the next open item; never against a check that fails."""

    name, keys, spelt, label, topic = "answer.done", "space", "space", "done", "Answer"
    title, aliases = "Done", ("pass", "ok", "yes", "confirm")


class NotDone(Command):
    """Answer not done, with one line why."""

    name, keys, spelt, label, topic = "answer.not-done", "f", "f", "not done", "Answer"
    title, aliases = "Not done...", ("fail", "no")


class NotApplicable(Command):
    """Answer n/a; a reason is required."""

    name, keys, spelt, label, topic = "answer.not-applicable", "a", "a", "n/a", "Answer"
    title, aliases = "N/A...", ("not applicable", "na", "skip", "does not apply")


class Defer(Command):
    """Decide later; the item stays open and comes up again after the others."""

    name, keys, spelt, label, topic = "answer.defer", "d", "d", "later", "Answer"
    title, aliases = "Decide later", ("defer", "postpone")


class Clear(Command):
    """Clear the answer; the note stays."""

    name, keys, spelt, label, topic = "answer.clear", "c", "c", "clear", "Answer"
    title, aliases = "Clear answer", ("remove answer", "unanswer", "reset")


class Override(Command):
    """Answer done against the check's verdict; the reason is required and stands on every report."""

    name, keys, spelt, label, topic = "answer.override", "o", "o", "override", "Answer"
    title, aliases = "Override...", ("force", "done anyway")


class Repeat(Command):
    """Give this item the last answer again, with the same reason."""

    name, keys, spelt, label, topic = "answer.repeat", "full_stop", ".", "repeat", "Answer"
    title, aliases = "Repeat last answer", ("again",)


class Undo(Command):
    """Undo the last answer or note of this sitting; the history keeps both."""

    name, keys, spelt, label, topic = "answer.undo", "u", "u", "undo", "Answer"
    aliases = ("revert", "back")


class Redo(Command):
    """Redo what was undone."""

    name, keys, spelt, label, topic = "answer.redo", "ctrl+r", "Ctrl+r", "redo", "Answer"
