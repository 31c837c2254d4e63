"""Kind `service`: a unit's state and settings, its main process, and whether its lines reach the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pydantic import Field

from readiness_tui.model.base import Duration, Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds.service import unit

JOURNAL: dict[str, str] = {
    "journal_lines": "Lines of the unit in the journal, within the window.",
    "journal_errors": "Lines among them that match `error_line_re`.",
    "persistent": "Whether the journal outlives a reboot: yes or no.",
}

UNIT_NAME = r"^[A-Za-z0-9][\w:.@\\-]*$"


class ServiceParams(Frozen):
    """unit: its name, with or without `.service`. since: the journal's window.

    error_line_re: extended regular expression of a line that reports an error.
    """

    unit: str = Field(pattern=UNIT_NAME)
    since: Duration = timedelta(hours=24)
    error_line_re: str = r'(\bERROR\b|panicked at|"level":"(ERROR|error)")'


class Service(Kind[ServiceParams]):
    """Asks the service manager and looks at the process; nothing is started, stopped or reloaded."""

    name = "service"
    Params = ServiceParams
    facts = unit.FACTS | JOURNAL

    def asks(self) -> tuple[Ask, ...]:
        """service.show, and journal.count when its facts are spoken of."""
        params = self.params
        shown = collect("service.show", params.unit, spec=self.spec)
        if not self.named & JOURNAL.keys():
            return (shown,)
        window = str(int(params.since.total_seconds()))
        counted = collect("journal.count", params.unit, window, params.error_line_re, "", spec=self.spec)
        return (shown, counted)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The unit's facts, then the journal's."""
        facts: dict[str, Fact | Missing] = unit.unit(ParsedReply(replies[0]))
        return facts | (_journal(ParsedReply(replies[1])) if len(replies) > 1 else {})


def _journal(told: ParsedReply) -> dict[str, Fact | Missing]:
    if (why := told.refusal("journal")) is not None:
        return unseen(JOURNAL, why)
    return {
        "journal_lines": told.number("lines"),
        "journal_errors": told.number("errors"),
        "persistent": told.text("persistent"),
    }
