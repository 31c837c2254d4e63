"""Every key's meaning: one class a command; its docstring is the tooltip, the help and the palette entry."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message


class Command(Message):
    """Something the operator wants, sent up from a key or the palette to the screen.

    name: stable, for `[keys]`. keys: comma-separated, as Textual spells them. spelt: how the help
    and the bar write them. label: one or two words in the bar. topic: its heading in the help.
    """

    name: ClassVar[str] = ""
    keys: ClassVar[str] = ""
    spelt: ClassVar[str] = ""
    label: ClassVar[str] = ""
    topic: ClassVar[str] = ""
    priority: ClassVar[bool] = False

    @classmethod
    def meaning(cls) -> str:
        """What it does, in a sentence."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").split())

    @classmethod
    def binding(cls) -> Binding:
        """Its keys, with the id by which they can be moved."""
        return Binding(
            cls.keys,
            f"offer('{cls.name}')",
            cls.label,
            tooltip=cls.meaning(),
            id=cls.name,
            priority=cls.priority,
        )


def bindings(commands: Iterable[type[Command]]) -> list[BindingType]:
    """The bindings of the commands a screen offers; the ten digits each have their own."""
    found: list[BindingType] = []
    for command in commands:
        if command is GoSection:
            digits = (Binding(str(n), f"section({n})", id=f"{command.name}-{n}") for n in range(10))
            found.extend(digits)
        else:
            found.append(command.binding())
    return found


class Down(Command):
    """Go one item down."""

    name, keys, spelt, label, topic = "move.down", "j,down", "j ↓", "down", "Move"


class Up(Command):
    """Go one item up."""

    name, keys, spelt, label, topic = "move.up", "k,up", "k ↑", "up", "Move"


class First(Command):
    """Go to the first item."""

    name, keys, spelt, label, topic = "move.first", "g,home", "g Home", "first", "Move"


class Last(Command):
    """Go to the last item."""

    name, keys, spelt, label, topic = "move.last", "G,end", "G End", "last", "Move"


class HalfDown(Command):
    """Go half a page down."""

    name, keys, spelt, label, topic = "move.half-down", "ctrl+d", "Ctrl+d", "half page", "Move"


class HalfUp(Command):
    """Go half a page up."""

    name, keys, spelt, label, topic = "move.half-up", "ctrl+u", "Ctrl+u", "half page", "Move"


class PageDown(Command):
    """Go a page down."""

    name, keys, spelt, label, topic = "move.page-down", "pagedown", "PgDn", "page", "Move"


class PageUp(Command):
    """Go a page up."""

    name, keys, spelt, label, topic = "move.page-up", "pageup", "PgUp", "page", "Move"


class NextSection(Command):
    """Go to the next section."""

    name, keys, spelt, label, topic = "move.next-section", "right_square_bracket", "]", "section", "Move"


class PreviousSection(Command):
    """Go to the start of this section, then to the one before."""

    name, keys, spelt, label, topic = "move.previous-section", "left_square_bracket", "[", "section", "Move"


class GoSection(Command):
    """Go to a section by its number; 0 is the tenth."""

    name, spelt, label, topic = "move.section", "1-9 0", "section", "Move"


class NextOpen(Command):
    """Go to the next open item; while a filter stands, to the next one found."""

    name, keys, spelt, label, topic = "move.next-open", "n", "n", "next open", "Move"


class PreviousOpen(Command):
    """Go to the previous open item; while a filter stands, to the previous one found."""

    name, keys, spelt, label, topic = "move.previous-open", "N", "N", "previous open", "Move"


class GoBack(Command):
    """Go back to where you were before the last jump."""

    name, keys, spelt, label, topic = "move.back", "apostrophe", "'", "back", "Move"


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


class Find(Command):
    """Filter as you type: words of the text, note, host or evidence, or `is:fail`, `mode:auto`."""

    name, keys, spelt, label, topic = "find.filter", "slash", "/", "find", "Find"


class CycleView(Command):
    """Show all items, only the open ones, or only problems (failing, unknown, conflict, stale)."""

    name, keys, spelt, label, topic = "find.view", "F", "F", "view", "Find"


class Unfilter(Command):
    """Take the filter away."""

    name, keys, spelt, label, topic = "find.clear", "escape", "Esc", "no filter", "Find"


class Palette(Command):
    """Find a command by its name."""

    name, keys, spelt, label, topic = "find.palette", "colon", ": Ctrl+p", "commands", "Find"


class Words(Command):
    """Show words instead of glyphs."""

    name, keys, spelt, label, topic = "view.words", "W", "W", "words", "View"


class Redraw(Command):
    """Draw the screen again."""

    name, keys, spelt, label, topic = "view.redraw", "ctrl+l", "Ctrl+l", "redraw", "View"


class Help(Command):
    """Show the keys of this screen."""

    name, keys, spelt, label, topic = "view.help", "question_mark,f1", "? F1", "keys", "View"


class Home(Command):
    """Go to the list of launches."""

    name, keys, spelt, label, topic = "view.home", "H", "H", "launches", "View"


class Quit(Command):
    """Leave; everything is saved already."""

    name, keys, spelt, label, topic = "view.quit", "q", "q", "quit", "View"


class Close(Command):
    """Go back to where you came from."""

    name, keys, spelt, label, topic = "view.close", "q,escape", "q Esc", "back", "View"


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
    priority = True


class Create(Command):
    """Create the launch and start the walk."""

    name, keys, spelt, label, topic = "form.create", "ctrl+s", "Ctrl+s", "create", "New launch"
    priority = True


class Abandon(Command):
    """Go back; nothing is created."""

    name, keys, spelt, label, topic = "form.abandon", "escape", "Esc", "back", "New launch"


class NextField(Command):
    """Go to the next field."""

    name, keys, spelt, label, topic = "form.next", "down,tab", "↓ Tab", "next field", "New launch"


class PreviousField(Command):
    """Go to the previous field."""

    name, keys, spelt, label, topic = (
        "form.previous",
        "up,shift+tab",
        "↑ S-Tab",
        "previous field",
        "New launch",
    )


class EditValue(Command):
    """Give the chosen parameter a value; an empty one goes back to the default."""

    name, keys, spelt, label, topic = "form.edit", "enter", "Enter", "set value", "New launch"
