"""What screens ask of the program: sent up, handled by the app alone."""

from __future__ import annotations

from datetime import date

from textual.message import Message

from readiness_tui.display.filters import View
from readiness_tui.errors import ReadinessError


class OpenLaunch(Message):
    """Open a launch.

    day: an earlier one, read-only; None for today's. view: what the list shows first. item: where the
    walk begins; where it was left without. operator: who works; asked for when nobody is known.
    """

    def __init__(
        self,
        name: str,
        day: date | None = None,
        view: View = View.ALL,
        *,
        item: str = "",
        operator: str = "",
    ) -> None:
        self.name = name
        self.day = day
        self.view = view
        self.item = item
        self.operator = operator
        super().__init__()


class SatDown(Message):
    """Another operator works from now on."""

    def __init__(self, operator: str) -> None:
        self.operator = operator
        super().__init__()


class StartNew(Message):
    """Show the form of a new launch."""


class GoHome(Message):
    """Close the launch and show all launches."""


class EndProgram(Message):
    """End the program once everything is saved."""


class Blocked(Message):
    """Show what is in the way, whole. tried: what was not done."""

    def __init__(self, tried: str, error: ReadinessError) -> None:
        self.tried = tried
        self.error = error
        super().__init__()
