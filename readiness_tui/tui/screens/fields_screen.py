"""A screen of fields: Enter goes on, Ctrl+S saves, Esc leaves and what was typed is offered again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from readiness_tui.display.marks import Charset, visible
from readiness_tui.errors import ReadinessError
from readiness_tui.tui.commands.base import Command, bindings
from readiness_tui.tui.commands.forms import EnterSaves, LeaveForm, NextField, Onward, PreviousField, Save
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.field_set import FieldSet
from readiness_tui.tui.widgets.form_fields import FormField

_DRAFTS: WeakKeyDictionary[App[Any], dict[str, Mapping[str, str]]] = WeakKeyDictionary()
"""What was typed into a form that was left, by the form's name, while the program runs."""


class FieldsScreen(CommandScreen):
    """Asks for several values at once; each is refused at its own field.

    SAVES: the command that saves, whose label the bar shows.
    """

    CSS_PATH = "fields_screen.tcss"
    OF_A_LAUNCH = True
    SAVES: ClassVar[type[Command]] = Save
    OFFERS: ClassVar[tuple[type[Command], ...]] = (Save, Onward, NextField, PreviousField, LeaveForm)
    BINDINGS = bindings(OFFERS)

    def __init__(
        self, title: str, fields: Sequence[FormField], chars: Charset, *, draft: str = "", help: str = ""
    ) -> None:
        """draft: under which name unsaved input is kept; nothing is kept without. help: shown first."""
        super().__init__(chars)
        self.chars = chars
        self.fields = FieldSet(fields)
        self._heading = title
        self._help = help
        self._draft = draft

    def compose(self) -> ComposeResult:
        """Title, help, fields, bar."""
        yield Static(Text(visible(self._heading), Style(bold=True)), markup=False, id="title")
        with VerticalScroll(id="fields", can_focus=False):
            yield Static(visible(self._help), markup=False, id="form-help")
            yield from self.fields
        yield self.status
        yield KeyBar(self.in_bar, id="keys")

    @property
    def in_bar(self) -> tuple[type[Command], ...]:
        """What the bar shows."""
        if len(self.fields.shown) == 1 and self.SAVES is Save:
            return (EnterSaves, LeaveForm)
        return (Onward, NextField, self.SAVES, LeaveForm)

    def on_mount(self) -> None:
        """Offer again what was typed before; the first field has the keys."""
        self.set_class(self.chars.ascii, "-ascii")
        self.query_one("#form-help").display = bool(self._help)
        self.fields.fill(_DRAFTS.setdefault(self.app, {}).get(self._draft, {}))
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """Give the keys to the first field."""
        self.fields.shown[0].enter()

    def explain(self, help: str) -> None:
        """Show another text above the fields."""
        shown = self.query_one("#form-help", Static)
        shown.display = bool(help)
        shown.update(visible(help))

    def take(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Save the values. What is wrong, by field; empty when it was saved.

        May raise ReadinessError, which is said beneath the field that has the keys.
        """
        raise NotImplementedError

    def saved(self) -> None:
        """Called when the form was saved and is closed."""

    @on(Save)
    def _save(self) -> None:
        self.submit()

    def submit(self) -> None:
        """Check and save."""
        try:
            faults = self.take(self.fields.values)
        except ReadinessError as error:
            faults = {str(self.fields.here.id): told(error)}
        if self.fields.tell(faults):
            self.close()

    def close(self) -> None:
        """The values are saved: forget what was typed, and go back."""
        _DRAFTS[self.app].pop(self._draft, None)
        if self.is_current:
            self.app.pop_screen()
        self.saved()

    @on(Onward)
    def _onward(self) -> None:
        if self.fields.at_end:
            self.submit()
        else:
            self.fields.step(1)

    @on(NextField)
    def _next(self) -> None:
        self.fields.step(1)

    @on(PreviousField)
    def _previous(self) -> None:
        self.fields.step(-1)

    @on(LeaveForm)
    def _leave(self) -> None:
        self.leave()

    def leave(self) -> None:
        """Go back; what was typed is kept for the next time."""
        if self._draft:
            _DRAFTS[self.app][self._draft] = self.fields.values
        self.app.pop_screen()


def told(error: ReadinessError) -> str:
    """An error as one text for beneath a field."""
    return f"{error.message}; {error.hint}" if error.hint else error.message
