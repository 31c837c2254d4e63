"""The walk beside other days and other people: what changed since, who else is here, whose word holds."""

from __future__ import annotations

from datetime import date

from textual import on

from readiness_tui.rules.drift import Seen
from readiness_tui.tui import commands
from readiness_tui.tui.messages import OpenLaunch
from readiness_tui.tui.screens.clash import ClashScreen
from readiness_tui.tui.screens.compares import Compares
from readiness_tui.tui.screens.walk_evidence import WalkEvidence
from readiness_tui.tui.widgets.bar import SAID_FOR
from readiness_tui.workspace.days import Timeline
from readiness_tui.workspace.watcher import named


class WalkTogether(Compares, WalkEvidence):
    """The walk knows its launch's other days, and who else works on it."""

    _warned_of_owner = False

    def greet(self) -> None:
        """Say who else has the launch, or whose it was."""
        launch = self.desk.launch
        if self.assessment.read_only:
            self.say(f"read-only: {self.assessment.read_only}")
        elif (owner := launch.taken_over) is not None:
            self.say(f"taken over from {named(owner)}, who ended without leaving it")

    def left_words(self) -> str:
        """Who has it open, while somebody has."""
        held = self.desk.launch.held_by
        if held is None:
            return super().left_words()
        how = "left behind by" if held.alive is False else "open by"
        return f"read-only, shown live: {how} {named(held)}"

    @on(commands.WorkOnIt)
    def _work(self) -> None:
        if (gone := self.desk.launch.held_by) is not None and not self._warned_of_owner:
            self._warned_of_owner = True
            self.set_timer(SAID_FOR, self._forget_owner)
            self.say(f"{named(gone)} did not leave it: T again takes it over")
            return
        self.post_message(OpenLaunch(self.assessment.session.launch, item=self.list.key))

    def _forget_owner(self) -> None:
        self._warned_of_owner = False

    def _why_not_work(self) -> str:
        """Nobody takes a launch from a living owner."""
        if not self.assessment.read_only:
            return "you work on it already"
        held = self.desk.launch.held_by
        return f"{named(held)} works on it: ask them to leave it" if held is not None and held.alive else ""

    def clash_came(self) -> None:
        """Both changed the same: shown at once, unless something is being typed."""
        if self.is_current and self.list.has_focus:
            self._show_clash()
        else:
            self.say("NOT SAVED: somebody else changed the same in the file; M shows both", bad=True)

    @on(commands.Clashes)
    def _show_clash(self) -> None:
        if (clash := self.desk.clash) is not None:
            self.keep_note()
            screen = ClashScreen(clash, self.checklist, self.desk.chars, self.desk.decide)
            self.app.push_screen(screen)

    def why_not(self, command: type[commands.Command]) -> str:
        """Why there is nothing to decide, or why not to leave before it is."""
        clash = self.desk.clash
        if command is commands.WorkOnIt:
            return self._why_not_work()
        if command is commands.Clashes and clash is None:
            return "nobody else changed the same"
        if command in (commands.Quit, commands.Home) and clash is not None:
            return "not saved: M shows what somebody else changed too; decide it first"
        return super().why_not(command)

    def timeline(self) -> Timeline:
        """The launch's days; today's as it stands here, saved or not."""
        session, live = self.assessment.session, None
        if not self.assessment.read_only:
            live = self._seen
        return Timeline(self.desk.launch.sessions.folder, session.launch, self.desk.clock, live)

    def _seen(self) -> Seen:
        return Seen(self.checklist, self.assessment.session, self.desk.clock())

    def compared_day(self) -> date | None:
        """The day of this walk."""
        return self.assessment.session.day

    def show_item(self, item: str) -> None:
        """Go to it, whatever the filter hides."""
        self.jump(item)
