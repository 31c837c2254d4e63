"""The fields of a form: a line of text, one of several options, some of several options."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from readiness_tui.display.marks import one_line, visible
from readiness_tui.tui.commands.base import bindings
from readiness_tui.tui.commands.forms import NextOption, Onward, PreviousOption, Toggle
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.widgets.lines import FixedLines


class FormField(Vertical):
    """A bordered field: its label in the border above, what it takes in the border below.

    What is wrong with its value stands beneath it, until another value is given.
    """

    class Edited(Message):
        """The field has another value."""

        def __init__(self, field: FormField) -> None:
            self.field = field
            super().__init__()

    def __init__(self, label: str, *, takes: str = "", id: str) -> None:
        """takes: what may be written, in a few words."""
        super().__init__(id=id, classes="form-field")
        self._box = Vertical(classes="form-box")
        self._box.border_title = _plain(label)
        self._box.border_subtitle = _plain(takes)
        self._beneath = Static("", markup=False, classes="form-beneath")

    def compose(self) -> ComposeResult:
        """The box and what is said beneath it."""
        with self._box:
            yield self.inner
        yield self._beneath

    @property
    def inner(self) -> Widget:
        """The widget that has the keys."""
        raise NotImplementedError

    @property
    def value(self) -> str:
        """What it holds, without blanks around it."""
        raise NotImplementedError

    def fill(self, value: str) -> None:
        """Put a value in without telling anybody."""
        raise NotImplementedError

    @property
    def beneath(self) -> str:
        """What is said beneath it."""
        return str(self._beneath.content)

    def enter(self) -> None:
        """Give it the keys."""
        self.screen.set_focus(self.inner)

    def say(self, text: str, *, bad: bool = False) -> None:
        """Say something beneath it; an empty text takes it away."""
        self._beneath.set_class(bad, "-bad")
        self._beneath.display = bool(text)
        self._beneath.update(visible(text))

    def edited(self) -> None:
        """Another value: what was said is about the old one."""
        self.say("")
        self.post_message(self.Edited(self))


def _plain(text: str) -> str:
    """The text for a border, in which Textual reads markup."""
    return one_line(text).replace("[", "\\[")


class _EntryLine(Input):
    """What is typed; Enter is the form's."""

    BINDINGS = bindings((Onward,))

    async def action_offer(self, name: str) -> None:
        """Hand the key to the form."""
        if isinstance(self.screen, CommandScreen):
            await self.screen.action_offer(name)


class Entry(FormField):
    """One line of text."""

    def __init__(self, label: str, value: str = "", *, takes: str = "", id: str) -> None:
        super().__init__(label, takes=takes, id=id)
        self._line = _EntryLine(value, compact=True, select_on_focus=False)
        self._line.cursor_blink = False

    @property
    def inner(self) -> Widget:
        """The line."""
        return self._line

    @property
    def value(self) -> str:
        """What is typed."""
        return self._line.value.strip()

    def fill(self, value: str) -> None:
        """Put a value in."""
        with self.prevent(Input.Changed):
            self._line.value = value
            self._line.cursor_position = len(value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Typed."""
        event.stop()
        self.edited()


class _Options(FixedLines, can_focus=True):
    """The options on one line; the one with the keys on it is reversed."""

    BINDINGS = bindings((NextOption, PreviousOption, Toggle, Onward))

    def __init__(self, field: OptionField) -> None:
        super().__init__()
        self._field = field

    async def action_offer(self, name: str) -> None:
        """Move among the options, choose one, or hand Enter to the form."""
        if name == Onward.name:
            if isinstance(self.screen, CommandScreen):
                await self.screen.action_offer(name)
        elif name == Toggle.name:
            self._field.toggle()
        else:
            self._field.move(1 if name == NextOption.name else -1)

    def on_focus(self) -> None:
        """Show where the keys are."""
        self._field.draw()

    def on_blur(self) -> None:
        """The keys are elsewhere."""
        self._field.draw()

    def on_resize(self) -> None:
        """Fit the new width."""
        self._field.draw()


class OptionField(FormField):
    """A field whose value is chosen, not typed. options: value and how it is shown."""

    def __init__(self, label: str, options: Sequence[tuple[str, str]], *, takes: str = "", id: str) -> None:
        super().__init__(label, takes=takes, id=id)
        self.options = tuple(options)
        self.at = 0
        self._line = _Options(self)

    @property
    def inner(self) -> Widget:
        """The line of options."""
        return self._line

    def offer(self, options: Sequence[tuple[str, str]]) -> None:
        """Show other options."""
        self.options = tuple(options)
        self.at = min(self.at, max(0, len(self.options) - 1))
        self.draw()

    def move(self, by: int) -> None:
        """Move the keys to another option."""
        self.at = max(0, min(self.at + by, len(self.options) - 1))
        self.draw()

    def toggle(self) -> None:
        """Choose the option under the keys, or take the choice back."""
        raise NotImplementedError

    def mark(self, value: str) -> str:
        """How a chosen or not chosen option begins."""
        raise NotImplementedError

    def draw(self) -> None:
        """Draw the options, wrapped into the lines there are."""
        text, focused = Text(), self._line.has_focus
        lines: list[Text] = []
        width = max(self._line.size.width, 20)
        for index, (value, shown) in enumerate(self.options):
            word = f"{self.mark(value)} {one_line(shown)}"
            if text.plain and len(text.plain) + len(word) + 2 > width:
                lines.append(text)
                text = Text()
            here = focused and index == self.at
            text.append(word, Style(reverse=True) if here else Style(bold=self.chosen(value) or None))
            text.append("  ")
        lines.append(text)
        if self._line.styles.height is None or self._line.styles.height.value != len(lines):
            self._line.styles.height = len(lines)
        self._line.show(lines)

    def chosen(self, value: str) -> bool:
        """Whether the option is chosen."""
        raise NotImplementedError


class OneOf(OptionField):
    """One of several options: moving chooses."""

    def move(self, by: int) -> None:
        """Choose the option so many further."""
        before = self.at
        super().move(by)
        if self.at != before:
            self.edited()

    def toggle(self) -> None:
        """Choose the next option, round the end."""
        if len(self.options) > 1:
            self.at = (self.at + 1) % len(self.options)
            self.draw()
            self.edited()

    def mark(self, value: str) -> str:
        """`(*)` for the chosen one."""
        return "(*)" if self.chosen(value) else "( )"

    def chosen(self, value: str) -> bool:
        """The option is the value."""
        return value == self.value

    @property
    def value(self) -> str:
        """The value of the chosen option; empty without options."""
        return self.options[self.at][0] if self.options else ""

    def fill(self, value: str) -> None:
        """Choose an option by its value."""
        self.at = next((at for at, (known, _) in enumerate(self.options) if known == value), self.at)
        self.draw()


class SomeOf(OptionField):
    """Any of several options; its value is the chosen ones, with commas between."""

    def __init__(
        self, label: str, options: Sequence[tuple[str, str]], value: str = "", *, takes: str = "", id: str
    ) -> None:
        super().__init__(label, options, takes=takes, id=id)
        self._chosen = _words(value)

    def toggle(self) -> None:
        """Choose the option under the keys, or take the choice back."""
        if self.options:
            self._chosen = self._chosen ^ {self.options[self.at][0]}
            self.draw()
            self.edited()

    def mark(self, value: str) -> str:
        """`[x]` for a chosen one."""
        return "[x]" if self.chosen(value) else "[ ]"

    def chosen(self, value: str) -> bool:
        """The option is among the chosen ones."""
        return value in self._chosen

    @property
    def value(self) -> str:
        """The chosen options in the order in which they are offered."""
        return ",".join(value for value, _ in self.options if value in self._chosen)

    def fill(self, value: str) -> None:
        """Choose these options."""
        self._chosen = _words(value)
        self.draw()


def _words(value: str) -> frozenset[str]:
    return frozenset(word for word in value.split(",") if word)
