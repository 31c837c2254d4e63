"""The launch's free notes, written on a screen of their own."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static, TextArea

from readiness_tui.errors import ReadinessError
from readiness_tui.rules import edits
from readiness_tui.tui.commands.base import bindings
from readiness_tui.tui.commands.configuring import EndNotes
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.workspace.workspace import Workspace


class LaunchNotesScreen(CommandScreen):
    """Esc and Ctrl+S save and go back."""

    CSS_PATH = "launch_notes.tcss"
    OF_A_LAUNCH = True
    OFFERS = (EndNotes,)
    BINDINGS = bindings(OFFERS)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.chars)
        self.assessment = workspace.assessment
        self._text = TextArea(self.assessment.session.notes, compact=True, id="notes")
        self._text.cursor_blink = False

    def compose(self) -> ComposeResult:
        """Title, the text, bar."""
        yield Static("Launch notes: on the page that leads sign", markup=False, id="title")
        yield self._text
        yield self.status
        yield KeyBar((EndNotes,), id="keys")

    def on_mount(self) -> None:
        """Type at the end."""
        self.set_focus(self._text)
        self._text.move_cursor(self._text.document.end)

    def keep_all(self) -> None:
        """The program ends: save what was typed."""
        self.assessment.apply(edits.SetNotes(self._text.text.replace("\x00", "")))

    @on(EndNotes)
    def _end(self) -> None:
        try:
            self.keep_all()
        except ReadinessError as error:
            self.say(error.message, bad=True)
            return
        self.app.pop_screen()
