"""One value, asked for on a screen of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from readiness_tui.display.marks import Charset
from readiness_tui.tui.screens.fields_screen import FieldsScreen
from readiness_tui.tui.widgets.form_fields import Entry


class SingleValueScreen(FieldsScreen):
    """A line of text with its explanation."""

    def __init__(
        self,
        title: str,
        label: str,
        save: Callable[[str], None],
        chars: Charset,
        *,
        value: str = "",
        takes: str = "",
        help: str = "",
        then: Callable[[], None] = lambda: None,
        left: Callable[[], None] = lambda: None,
    ) -> None:
        """save: saves the value, or raises ReadinessError with what is wrong with it.

        then: called after the screen was closed with a saved value. left: after it was left.
        """
        super().__init__(title, [Entry(label, value, takes=takes, id="value")], chars, help=help)
        self._save_value = save
        self._then = then
        self._left = left

    def take(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Save it."""
        self._save_value(values["value"])
        return {}

    def saved(self) -> None:
        """Go on."""
        self._then()

    def leave(self) -> None:
        """Go back."""
        super().leave()
        self._left()
