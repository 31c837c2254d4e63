"""The decision: the gate, sign-offs, waivers, attachments, pins."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command


class Gate(Command):
    """Show go or no-go and why, the accepted risks, and who has signed."""

    name, keys, spelt, label, topic = "gate.open", "S", "S", "go or no-go", "Decide"


class Waive(Command):
    """Waive this item until a day: reason, owner, approver; or change or end its waiver."""

    name, keys, spelt, label, topic = "gate.waive", "w", "w", "waive", "Decide"


class Attach(Command):
    """Keep a file, or note a URL, as evidence of this item."""

    name, keys, spelt, label, topic = "evidence.attach", "A", "A", "attach", "Evidence"


class Pin(Command):
    """Pin the answer to what the probes find now; it is stale when they find something else."""

    name, keys, spelt, label, topic = "answer.pin", "p", "p", "pin", "Answer"


class BeforeLaunch(Command):
    """Show what will be stale, expired or due for renewal by the launch time."""

    name, keys, spelt, label, topic = "gate.before-launch", "B", "B", "before launch", "Decide"


class OpenLine(Command):
    """Go to the item, or sign as the lead on this line."""

    name, keys, spelt, label, topic = "gate.line", "enter", "Enter", "open", "Go or no-go"


class SignAs(Command):
    """Read the page and sign it, as the lead on this line or the first who has not signed."""

    name, keys, spelt, label, topic = "gate.sign", "s", "s", "sign", "Go or no-go"


class TakeIn(Command):
    """Take in a signature that was made elsewhere: ROLE.txt.sig."""

    name, keys, spelt, label, topic = "gate.accept", "a", "a", "take in .sig", "Go or no-go"


class Withdraw(Command):
    """Withdraw the sign-off of the lead on this line, with a reason."""

    name, keys, spelt, label, topic = "gate.withdraw", "X", "X", "withdraw", "Go or no-go"


class Continue(Command):
    """Go on to the form that signs this page."""

    name, keys, spelt, label, topic = "page.sign", "enter,s", "Enter s", "sign", "The page"


class ReadPage(Command):
    """Read the page again."""

    name, keys, spelt, label, topic = "sign.page", "ctrl+o", "Ctrl+o", "read page", "Form"
    typing = None


class EndWaiver(Command):
    """End the waiver now."""

    name, keys, spelt, label, topic = "waiver.end", "ctrl+r", "Ctrl+r", "end waiver", "Form"
    typing = None


class ProbeAgain(Command):
    """Run again just the probes of what will be stale by the launch time."""

    name, keys, spelt, label, topic = "launch.probe", "r", "r", "probe these", "Before launch"
