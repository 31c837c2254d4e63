"""The page that a lead signs, to be read: what changed since they last signed, then all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult

from readiness_tui.display.marks import visible
from readiness_tui.tui import commands
from readiness_tui.tui.commands import Command, bindings
from readiness_tui.tui.screens.text_screen import Reading
from readiness_tui.tui.widgets.bar import KeyBar
from readiness_tui.tui.widgets.lines import Pages, Paragraph
from readiness_tui.workspace import signing_off
from readiness_tui.workspace.workspace import Workspace


class PageTextScreen(Reading):
    """Nobody signs the digest of what they were not shown."""

    OF_A_LAUNCH = True
    OFFERS: ClassVar[tuple[type[Command], ...]] = (*Reading.SCROLLS, commands.Help, commands.Close)
    BINDINGS = bindings(OFFERS)
    BAR: ClassVar[tuple[type[Command], ...]] = (commands.Down, commands.PageDown, commands.Close)

    def __init__(self, workspace: Workspace, role: str) -> None:
        super().__init__(workspace.chars)
        self.workspace = workspace
        self.role = role

    def compose(self) -> ComposeResult:
        """The text and the bar."""
        yield Pages(id="pages")
        yield self.status
        yield KeyBar(self.BAR, id="keys")

    def on_mount(self) -> None:
        """Write it down."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        self.pages.show(list(self._paragraphs()), top=True)

    def _paragraphs(self) -> Iterator[Paragraph]:
        assessment = self.workspace.assessment
        title = next(role.title for role in assessment.checklist.roles if role.id == self.role)
        yield Text(f"The page that the {title} signs", Style(bold=True))
        yield Text()
        folder = self.workspace.launch.sessions.folder_of(assessment.session.launch)
        since = signing_off.since_signed(assessment, folder, self.role)
        if since is not None:
            yield Text(visible(str(since)), Style(bold=True))
            for change in since.changes:
                sign, style = ("-", "bold red") if change.worse else ("+", "")
                yield Text(f"{sign} {visible(str(change))}", style)
            yield Text()
        for line in signing_off.page_for(assessment, self.role).splitlines():
            yield Text(visible(line)) if line else Text()

    @on(commands.Close)
    def _close(self) -> None:
        self.app.pop_screen()
