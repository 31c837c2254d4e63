"""One line that asks for one line: a reason, or what to find."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Paste
from textual.widgets import Input, Static

from readiness_tui.tui.commands import Command, bindings

REASON_LENGTH = 2_000
"""Characters of a paste that a line takes."""


class Cancel(Command):
    """Close the line; nothing is done, and the text is offered again the next time."""

    name, keys, spelt, label, topic = "prompt.cancel", "escape", "Esc", "cancel", "Prompt"


class Save(Command):
    """Save the line."""

    name, keys, spelt, label, topic = "prompt.save", "enter", "Enter", "save", "Prompt"


class _Field(Input):
    """The line itself: Enter gives it to the prompt, Esc closes it; at once, not by a message."""

    BINDINGS = bindings((Save, Cancel))

    def on_paste(self, event: Paste) -> None:
        """Join the lines of a paste before Textual inserts it; it would take the first line alone."""
        event.text = " ".join(event.text.split())[:REASON_LENGTH]

    def action_offer(self, name: str) -> None:
        """Tell the prompt."""
        if isinstance(self.parent, Prompt):
            self.parent.save() if name == Save.name else self.parent.cancel()


class Prompt(Horizontal):
    """Hidden until asked; Enter gives the line to who asked, Esc closes it and keeps its text.

    A required answer that is empty keeps the line open and says so.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._label = Static("", markup=False, id="prompt-label")
        # Textual would select all when word of the focus comes, which may be after some keys.
        self._field = _Field(compact=True, select_on_focus=False, id="prompt-field")
        self._field.cursor_blink = False
        self._done: Callable[[str], None] = lambda text: None
        self._typed: Callable[[str], None] = lambda text: None
        self._left: Callable[[], None] = lambda: None
        self._required = self._about = ""
        self._drafts: dict[str, str] = {}
        self.display = False

    def compose(self) -> ComposeResult:
        """A label and the line."""
        yield self._label
        yield self._field
        yield Static("Enter saves, Esc cancels ", markup=False, id="prompt-hint")

    def ask(
        self,
        label: str,
        done: Callable[[str], None],
        *,
        text: str = "",
        about: str = "",
        typed: Callable[[str], None] = lambda text: None,
        left: Callable[[], None] = lambda: None,
        required: str = "",
    ) -> None:
        """Ask for one line.

        done: takes the line. about: what it is about; a text that was cancelled is offered again for the
        same. typed: called with each state of the line. left: called when it is cancelled. required: said
        when the line is empty.
        """
        self._done, self._typed, self._left, self._required = done, typed, left, required
        self._label.update(f" {label} ")
        self._about = about
        with self.prevent(Input.Changed):
            self._field.value = self._drafts.get(about, text)
        self._field.select_all()
        self.display = True
        self.screen.add_class("-asking")
        self.screen.set_focus(self._field)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as you type."""
        event.stop()
        if self.display and event.value == self._field.value:
            self._typed(event.value)

    def save(self) -> None:
        """Give the line to who asked, unless it is empty and must not be."""
        line = self._field.value.strip()
        if self._required and not line:
            self._label.update(f" {self._required} ")
            return
        self._drafts.pop(self._about, None)
        self._close()
        self._done(line)

    def cancel(self) -> None:
        """Close without an answer; the text is offered again."""
        if self._about and self._field.value.strip():
            self._drafts[self._about] = self._field.value
        self._close()
        self._left()

    def _close(self) -> None:
        self.display = False
        self.screen.remove_class("-asking")
        with self.prevent(Input.Changed):
            self._field.value = ""
