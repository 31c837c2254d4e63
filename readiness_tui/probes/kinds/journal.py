"""Kind `journal`: a service's error lines and crashes in the journal, and how long the journal keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pydantic import Field

from readiness_tui.model.base import Duration, Frozen
from readiness_tui.model.facts import Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds.service.kind import UNIT_NAME
from readiness_tui.probes.sentences import SentenceKind, settle

FACTS: dict[str, str] = {
    "error_problems": "Too many error lines an hour, a crash, or no line at all to judge by.",
    "keeping_problems": "Why lines are lost: kept in memory only, or dropped for their rate.",
    "errors_per_hour": "Error lines an hour in the window.",
    "figures": "Lines, error lines and crashes in the window, in words.",
    "kept_note": "For how many days lines are kept, in words.",
}


class JournalParams(Frozen):
    """unit: the service. since: the window. error_line: regular expression of a line that reports an error.
    max_errors_h: error lines an hour that are acceptable. min_days: days for which lines must be kept.
    """

    unit: str = Field(pattern=UNIT_NAME)
    since: Duration = timedelta(hours=24)
    error_line: str = Field(default=r"\bERROR\b|panicked at", min_length=1)
    max_errors_h: float = Field(default=10, ge=0)
    min_days: float = Field(default=7, ge=0)


class Journal(SentenceKind[JournalParams]):
    """Counts only leave the host; priorities say nothing of a program that writes to its standard output."""

    name = "journal"
    Params = JournalParams
    facts = FACTS
    moving = frozenset({"errors_per_hour", "figures", "kept_note"})

    def asks(self) -> tuple[Ask, ...]:
        """journal.health."""
        params = self.params
        seconds = str(int(params.since.total_seconds()))
        return (collect("journal.health", params.unit, seconds, params.error_line, spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """Counts against limits, and the age of the oldest entry."""
        told = ParsedReply(replies[0])
        if (why := told.refusal("journal")) is not None:
            denied = "this user may not read the journal" if why.cause is Cause.DENIED else why.reason
            return unseen(FACTS, Missing(why.cause, denied))
        counts = [told.number(name) for name in ("lines", "errors", "exits", "dropped")]
        known = [int(count) for count in counts if not isinstance(count, Missing)]
        if len(known) < len(counts):
            return unseen(FACTS, next(count for count in counts if isinstance(count, Missing)))
        lines, errors, exits, dropped = known
        params, hours = self.params, self.params.since.total_seconds() / 3600
        rate = errors / hours
        problems = []
        if rate > params.max_errors_h:
            problems.append(f"{rate:.1f} error lines an hour (expected: at most {params.max_errors_h:g})")
        if exits:
            times = "once" if exits == 1 else f"{exits} times"
            problems.append(f"the main process of {params.unit} ended badly {times} in {hours:g} h")
        silent = Missing(
            Cause.UNSUPPORTED, f"{params.unit} wrote no line in {hours:g} h: nothing to judge by"
        )
        kept, keeping, doubts = self._kept(told, replies[0])
        if dropped:
            keeping.append(f"journald dropped {dropped} lines for their rate in {hours:g} h")
        return {
            "error_problems": settle(problems, [] if lines else [silent]),
            "keeping_problems": settle(keeping, doubts),
            "errors_per_hour": round(rate, 2),
            "figures": f"{errors} error lines of {lines} and {exits} crashes in {hours:g} h",
            "kept_note": kept,
        }

    def _kept(self, told: ParsedReply, reply: Reply) -> tuple[str | Missing, list[str], list[Missing]]:
        """How long lines are kept; a young journal may still be right, so it is no fail."""
        persistent, oldest = told.text("persistent"), told.number("oldest")
        keeping = []
        if persistent == "no":
            keeping.append("the journal is in memory only (expected: Storage=persistent)")
        if isinstance(oldest, Missing):
            return oldest, keeping, [oldest]
        days = (reply.asked_at.timestamp() - oldest) / 86400
        said = f"{days:.1f} days"
        young = f"the oldest line is {said} old: whether {self.params.min_days:g} days are kept is not seen"
        doubts = [Missing(Cause.UNSUPPORTED, young)] if days < self.params.min_days else []
        if isinstance(persistent, Missing):
            doubts.append(persistent)
        return said, keeping, doubts
