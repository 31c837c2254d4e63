"""The walk beside the launch's other days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readiness_tui.tui.commands.comparing import Changes
from readiness_tui.tui.walk.controller import Controller, does

if TYPE_CHECKING:
    from readiness_tui.rules.drift import Seen
    from readiness_tui.workspace.days import Timeline


class Comparing(Controller):
    """Opens the comparison with another day."""

    def timeline(self) -> Timeline:
        """The launch's days; today's as it stands here, saved or not."""
        from readiness_tui.workspace.days import Timeline

        workspace, assessment = self.state.workspace, self.state.assessment
        live = None if assessment.read_only else self._seen
        folder = workspace.launch.sessions.folder
        return Timeline(folder, assessment.session.launch, workspace.clock, live)

    def _seen(self) -> Seen:
        from readiness_tui.rules.drift import Seen

        return Seen(self.state.checklist, self.state.assessment.session, self.state.workspace.clock())

    @does(Changes)
    def _changes(self) -> None:
        from readiness_tui.tui.screens.diff import DiffScreen

        day = self.state.assessment.session.day
        screen = DiffScreen(self.timeline(), self.state.workspace.chars, self._show_item, newer=day)
        self.walk.app.push_screen(screen)

    def _show_item(self, item: str) -> None:
        self.walk.jump(item)
