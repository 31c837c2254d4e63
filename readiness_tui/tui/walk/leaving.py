"""Leaving the walk, for the list of launches or for good."""

from __future__ import annotations

from textual.timer import Timer

from readiness_tui.rules import edits
from readiness_tui.tui.commands.base import Command
from readiness_tui.tui.commands.viewing import Help, Quit
from readiness_tui.tui.messages import EndProgram, GoHome
from readiness_tui.tui.walk.controller import Controller, does
from readiness_tui.tui.walk.view import WalkView

POSITION_S = 0.5
"""Seconds the cursor must rest before its place is saved."""


class Home(Command):
    """Go to the list of launches."""

    name, keys, spelt, label, topic = "view.home", "H", "H", "launches", "View"
    aliases = ("home", "open launch", "switch")


class Leaving(Controller):
    """Leaves unless something is undecided or still runs; remembers where the walk stood."""

    def __init__(self, walk: WalkView) -> None:
        super().__init__(walk)
        self._rest: Timer | None = None

    def _why_stay(self) -> str:
        if self.state.workspace.clash is None:
            return ""
        return "not saved: M shows what somebody else changed too; decide it first"

    @does(Help)
    def _help(self) -> None:
        self.walk.post_message(Help())

    @does(Home, unless=_why_stay)
    def _home(self) -> None:
        self.keep_position()
        self.walk.post_message(GoHome())

    @does(Quit, unless=_why_stay)
    def _quit(self) -> None:
        running = self.state.workspace.prober.busy
        if running and not self.walk.agreed("checks are running: q again stops them and quits"):
            return
        self.keep_position()
        self.walk.post_message(EndProgram())

    def rest(self) -> None:
        """The cursor moved: its place is saved once it rests."""
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.walk.set_timer(POSITION_S, self.keep_position)

    def keep_position(self) -> None:
        """Remember in the session where the walk stands."""
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        if (key := self.state.key) and not self.state.assessment.read_only:
            self.state.assessment.apply(edits.SetPosition(key))
