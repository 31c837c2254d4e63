"""What changed between two days, how many days went, and two people's work become one."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Changes(Command):
    """Show what changed since an earlier day, regressions first."""

    name, keys, spelt, label, topic = "compare.changes", "D", "D", "changes", "Compare"
    aliases = ("diff", "compare", "drift", "what changed")


class History(Command):
    """Show how many items were unresolved on each day, in all and per section."""

    name, keys, spelt, label, topic = "compare.history", "H", "H", "history", "Compare"


class OlderEarlier(Command):
    """Compare with the day before that one."""

    name, keys, spelt, label, topic = "compare.older-earlier", "h,left", "h ←", "earlier day", "Compare"


class OlderLater(Command):
    """Compare with the day after that one."""

    name, keys, spelt, label, topic = "compare.older-later", "l,right", "l →", "later day", "Compare"


class NewerEarlier(Command):
    """Move the newer day of the pair to the day before it."""

    name, keys, spelt, label, topic = (
        "compare.newer-earlier",
        "left_square_bracket",
        "[",
        "newer: earlier",
        "Compare",
    )


class NewerLater(Command):
    """Move the newer day of the pair to the day after it."""

    name, keys, spelt, label, topic = (
        "compare.newer-later",
        "right_square_bracket",
        "]",
        "newer: later",
        "Compare",
    )


class SinceSigned(Command):
    """Compare with the day of the last sign-off."""

    name, keys, spelt, label, topic = "compare.signed", "s", "s", "since signed", "Compare"


class OnlyWorse(Command):
    """Show only what got worse, or everything again."""

    name, keys, spelt, label, topic = "compare.only-worse", "minus", "-", "only worse", "Compare"


class GoThere(Command):
    """Go to this item in the walk."""

    name, keys, spelt, label, topic = "compare.go", "enter", "Enter", "open", "Compare"


class ExportChanges(Command):
    """Write the comparison as Markdown to a file beside the session."""

    name, keys, spelt, label, topic = "compare.export", "x", "x", "export", "Compare"


class TakeOurs(Command):
    """Keep what stands here."""

    name, keys, spelt, label, topic = "merge.ours", "o", "o", "ours", "Merge"


class TakeTheirs(Command):
    """Take what the file says."""

    name, keys, spelt, label, topic = "merge.theirs", "t", "t", "theirs", "Merge"


class SaveMerged(Command):
    """Save with these choices."""

    name, keys, spelt, label, topic = "merge.save", "enter", "Enter", "save", "Merge"
