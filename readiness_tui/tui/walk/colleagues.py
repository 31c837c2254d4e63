"""Other people on the same launch: who has it open, and what both changed."""

from __future__ import annotations

from readiness_tui.tui.commands.base import Command
from readiness_tui.tui.messages import OpenLaunch
from readiness_tui.tui.walk.controller import Controller, does
from readiness_tui.workspace.watcher import named


class Clashes(Command):
    """Show what somebody else and you both changed in the file."""

    name, keys, spelt, label, topic = "merge.show", "M", "M", "conflicts", "Merge"


class WorkOnIt(Command):
    """Open for editing what is read-only; T again takes over an abandoned launch."""

    name, keys, spelt, label, topic = "view.work", "T", "T", "edit", "View"


class Colleagues(Controller):
    """Says who else works on the launch, takes it over, and shows conflicts."""

    def greet(self) -> bool:
        """Say who else has the launch, or whose it was. False when there is nothing to say."""
        launch = self.state.workspace.launch
        if reason := self.state.assessment.read_only:
            self.walk.say(f"read-only: {reason}")
        elif (owner := launch.taken_over) is not None:
            self.walk.say(f"taken over from {named(owner)}, who did not close it")
        else:
            return False
        return True

    def _why_no_clash(self) -> str:
        return "" if self.state.workspace.clash is not None else "nobody else changed the same"

    @does(Clashes, unless=_why_no_clash)
    def _show_clash(self) -> None:
        workspace = self.state.workspace
        if workspace.clash is not None:
            from readiness_tui.tui.screens.clash import ClashScreen

            screen = ClashScreen(workspace.clash, self.state.checklist, workspace.chars, workspace.decide)
            self.walk.app.push_screen(screen)

    def clash_came(self) -> None:
        """Both changed the same: shown at once, unless something is being typed."""
        if self.walk.is_current and self.walk.list.has_focus:
            self._show_clash()
        else:
            self.walk.say("NOT SAVED: somebody else changed the same in the file; M shows both", bad=True)

    def _why_not_work(self) -> str:
        if not self.state.assessment.read_only:
            return "already open for editing"
        held = self.state.workspace.launch.held_by
        return f"{named(held)} has it open: ask them to close it" if held is not None and held.alive else ""

    @does(WorkOnIt, unless=_why_not_work)
    def _work(self) -> None:
        gone = self.state.workspace.launch.held_by
        if gone is not None and not self.walk.agreed(
            f"{named(gone)} did not close it: T again takes it over"
        ):
            return
        self.walk.post_message(OpenLaunch(self.state.assessment.session.launch, item=self.state.key))
