"""The launch's settings from the walk, and the parameter that an item's probe lacks."""

from __future__ import annotations

from readiness_tui.tui.commands.configuring import SetMissing, Settings
from readiness_tui.tui.messages import SatDown
from readiness_tui.tui.walk.controller import Controller, does
from readiness_tui.tui.walk.missing import ask, missing


class Configuring(Controller):
    """Opens the settings; asks for a parameter right at the item that needs it."""

    @does(Settings)
    def _settings(self) -> None:
        from readiness_tui.tui.screens.settings import SettingsScreen

        self.walk.app.push_screen(SettingsScreen(self.state.workspace, self._sat_down))

    def _sat_down(self, operator: str) -> None:
        self.walk.post_message(SatDown(operator))

    def _why_nothing_missing(self) -> str:
        lacking = missing(self.state)
        return self.state.why_read_only or ("" if lacking else "no parameter of this item is missing")

    @does(SetMissing, unless=_why_nothing_missing)
    def _ask(self) -> None:
        ask(self.walk)
