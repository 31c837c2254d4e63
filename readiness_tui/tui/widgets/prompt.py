"""One line that asks for one line: a reason, or what to find."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from readiness_tui.tui.commands import Command, bindings


class GiveUp(Command):
    """Leave the line; nothing is done."""

    name, keys, spelt, label, topic = "prompt.give-up", "escape", "Esc", "back", "Prompt"


class Take(Command):
    """Take the line."""

    name, keys, spelt, label, topic = "prompt.take", "enter", "Enter", "ok", "Prompt"


class _Field(Input):
    """The line itself: Enter gives it to the prompt, Esc leaves it; at once, not by a message."""

    BINDINGS = bindings((Take, GiveUp))

    def action_offer(self, name: str) -> None:
        """Tell the prompt."""
        if isinstance(self.parent, Prompt):
            self.parent.take() if name == Take.name else self.parent.give_up()


class Prompt(Horizontal):
    """Hidden until asked; Enter gives the line to who asked, Esc gives up.

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
        self._required = ""
        self.display = False

    def compose(self) -> ComposeResult:
        """A label and the line."""
        yield self._label
        yield self._field
        yield Static("Enter takes it  Esc leaves ", markup=False, id="prompt-hint")

    def ask(
        self,
        label: str,
        done: Callable[[str], None],
        *,
        text: str = "",
        typed: Callable[[str], None] = lambda text: None,
        left: Callable[[], None] = lambda: None,
        required: str = "",
    ) -> None:
        """Ask. done: takes the line. typed: each state of it. left: given up. required: said when empty."""
        self._done, self._typed, self._left, self._required = done, typed, left, required
        self._label.update(f" {label} ")
        with self.prevent(Input.Changed):
            self._field.value = text
        self._field.select_all()
        self.display = True
        self.screen.add_class("-asking")
        self.screen.set_focus(self._field)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as you type."""
        event.stop()
        if self.display and event.value == self._field.value:
            self._typed(event.value)

    def take(self) -> None:
        """Give the line to who asked, unless it is empty and must not be."""
        line = self._field.value.strip()
        if self._required and not line:
            self._label.update(f" {self._required} ")
            return
        self._close()
        self._done(line)

    def give_up(self) -> None:
        """Close without an answer."""
        self._close()
        self._left()

    def _close(self) -> None:
        self.display = False
        self.screen.remove_class("-asking")
        with self.prevent(Input.Changed):
            self._field.value = ""
