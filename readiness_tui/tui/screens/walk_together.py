"""The walk beside other days: what changed since, and back to the item."""

from __future__ import annotations

from datetime import date

from readiness_tui.rules.drift import Seen
from readiness_tui.tui.screens.compares import Compares
from readiness_tui.tui.screens.walk_evidence import WalkEvidence
from readiness_tui.tui.timeline import Timeline


class WalkTogether(Compares, WalkEvidence):
    """The walk knows its launch's other days."""

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
