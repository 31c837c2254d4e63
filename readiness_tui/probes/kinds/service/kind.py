"""Kind `service`: a unit's state and settings, its processes, and whether its lines reach the journal."""

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
from readiness_tui.probes.kinds.service import rules, unit

JUDGED: dict[str, str] = {
    "created_problems": "Why there is no unit file that systemd can load.",
    "installed_problems": "Why the unit file is not in one of `directories`.",
    "enabled_problems": "Why nothing starts the service after a reboot.",
    "start_problems": "Why the service does not run, or has not run for `min_uptime_s` without a restart.",
    "restart_problems": "Why systemd does not start the service again after a failure.",
    "user_problems": "Which of its processes run as root.",
}
TOLD: dict[str, str] = {
    "init": "systemd or openrc.",
    "unit_directory": "The directory its file lies in.",
    "drop_ins": "How many drop-ins, in words.",
    "reload_note": "A clause for the evidence when systemd has not read the files again.",
    "state": "ActiveState, and SubState where there is one.",
    "boot_note": "What starts it at boot, in words.",
    "running": "Since when it runs and how often it was restarted, in words.",
    "runs_as": "The users its processes run as, in words.",
    "pid_age_s": "Seconds since its main process started.",
    "uptime": "The same in words.",
}
JOURNAL: dict[str, str] = {
    "log_problems": "Why the program's own lines do not reach the journal.",
    "own_lines": "Lines the service's own processes wrote since it was started.",
    "journal_lines": "Lines of the unit's own processes within the window.",
    "journal_errors": "Lines among them that match `error_line_re`.",
    "persistent": "Whether the journal outlives a reboot: yes or no.",
}

UNIT_NAME = r"^[A-Za-z0-9][\w:.@\\-]*$"


class ServiceParams(Frozen):
    """unit: its name, with or without `.service`. since: the journal's window.

    error_line_re: extended regular expression of a line that reports an error. directories: where
    a unit file may lie. min_uptime_s: seconds a service must have run.
    """

    unit: str = Field(pattern=UNIT_NAME)
    since: Duration = timedelta(hours=24)
    error_line_re: str = r'(\bERROR\b|panicked at|"level":"(ERROR|error)")'
    directories: tuple[str, ...] = ("/etc/systemd/system",)
    min_uptime_s: float = Field(default=60, ge=0)


class Service(Kind[ServiceParams]):
    """Asks the service manager and looks at the processes; nothing is started, stopped or reloaded."""

    name = "service"
    moving = frozenset({"pid_age_s", "uptime", "running", "own_lines", "journal_lines", "journal_errors"})
    Params = ServiceParams
    facts = unit.PROPERTIES | JUDGED | TOLD | JOURNAL

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
        params = self.params
        seen = unit.parse(ParsedReply(replies[0]), params.unit)
        users, runs_as = rules.non_root(seen)
        facts: dict[str, Fact | Missing] = {
            **unit.facts(seen),
            "created_problems": rules.created(seen),
            "installed_problems": rules.installed(seen, params.directories),
            "enabled_problems": rules.enabled(seen),
            "start_problems": rules.starts(seen, params.min_uptime_s),
            "restart_problems": rules.restarts(seen),
            "user_problems": users,
            "running": seen.doubt or rules.running(seen),
            "runs_as": runs_as,
            "boot_note": seen.doubt or rules.boot_note(seen),
        }
        return facts | (_journal(seen, ParsedReply(replies[1])) if len(replies) > 1 else {})


def _journal(seen: unit.Unit, reply: ParsedReply) -> dict[str, Fact | Missing]:
    facts: dict[str, Fact | Missing] = {"log_problems": rules.logs(seen, reply)}
    if (why := reply.refusal("journal")) is not None:
        return facts | unseen(JOURNAL.keys() - {"log_problems"}, why)
    return facts | {
        "own_lines": reply.number("own_lines"),
        "journal_lines": reply.number("lines"),
        "journal_errors": reply.number("errors"),
        "persistent": reply.text("persistent"),
    }
