"""The page before it is signed, from where the lead goes on to the form that signs it."""

from __future__ import annotations

from textual import on

from readiness_tui.tui.commands import Command, bindings
from readiness_tui.tui.commands.deciding import Continue
from readiness_tui.tui.screens.page_text import PageTextScreen
from readiness_tui.tui.screens.sign import SignScreen


class PageScreen(PageTextScreen):
    """Enter goes on to sign."""

    OFFERS = (Continue, *PageTextScreen.OFFERS)
    BINDINGS = bindings(OFFERS)
    BAR = (Continue, *PageTextScreen.BAR)

    @on(Continue)
    def _continue(self) -> None:
        self.app.switch_screen(SignScreen(self.workspace, self.role))

    def why_not(self, command: type[Command]) -> str:
        """Why the page cannot be signed."""
        if command is Continue and self.workspace.assessment.read_only:
            return f"read-only: {self.workspace.assessment.read_only}"
        return super().why_not(command)
