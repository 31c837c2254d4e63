"""One line of a form: a label, what is typed, and what is wrong with it beside."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from readiness_tui.display.marks import visible


class _Line(Input):
    """What is typed; Enter goes on to the next field."""

    BINDINGS = [Binding("enter", "enter", id="form.enter")]

    def action_enter(self) -> None:
        """Tell the form, and give the keys on."""
        if isinstance(self.parent, Field):
            self.post_message(Field.Entered(self.parent))
        self.screen.focus_next()


class Field(Horizontal):
    """A field; what it says beside never moves what is typed."""

    class Entered(Message):
        """Enter was pressed in it."""

        def __init__(self, field: Field) -> None:
            self.field = field
            super().__init__()

    class Edited(Message):
        """It holds something else now."""

        def __init__(self, field: Field) -> None:
            self.field = field
            super().__init__()

    def __init__(self, label: str, value: str = "", *, example: str = "", id: str | None = None) -> None:
        super().__init__(id=id, classes="field")
        self._label = Static(label, markup=False, classes="field-label")
        self._input = _Line(value, placeholder=example, compact=True, select_on_focus=False)
        self._input.cursor_blink = False
        self._beside = Static("", markup=False, classes="field-beside")

    def compose(self) -> ComposeResult:
        """Label, line, what is said beside it."""
        yield self._label
        yield self._input
        yield self._beside

    @property
    def value(self) -> str:
        """What is typed, without the spaces around it."""
        return self._input.value.strip()

    @property
    def beside(self) -> str:
        """What is said beside it."""
        return str(self._beside.content)

    def fill(self, value: str) -> None:
        """Put a value in without telling anybody."""
        with self.prevent(Input.Changed):
            self._input.value = value

    def enter(self) -> None:
        """Give it the keys."""
        self.screen.set_focus(self._input)

    def say(self, text: str, *, bad: bool = False) -> None:
        """Say something beside it."""
        self._beside.set_class(bad, "-bad")
        self._beside.update(visible(text))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Typed: what was said is about something else."""
        event.stop()
        self.say("")
        self.post_message(self.Edited(self))
