"""Kind `fail2ban`: the jails that are active, or what stands in fail2ban's place."""

from __future__ import annotations

from collections.abc import Sequence

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, fields, unseen

FACTS: dict[str, str] = {
    "state": "answers, no-answer (installed, its daemon does not), absent, or replaced by an alternative.",
    "jails": "The active jails.",
    "settings": "Each jail with its tries, window, ban time and bans so far.",
    "alternative": "What runs in its place: crowdsec or sshguard.",
}


class Fail2banParams(Frozen):
    """It has none: the conditions name the jails."""


class Fail2ban(Kind[Fail2banParams]):
    """Running is not the same as configured: only the daemon can tell its jails, and only to root."""

    name = "fail2ban"
    Params = Fail2banParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """fail2ban.state."""
        return (collect("fail2ban.state", spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The jails, or why nobody knows them."""
        told = ParsedReply(replies[0])
        if told.trouble is not None:
            return unseen(FACTS, told.trouble)
        facts: dict[str, Fact | Missing] = {"alternative": ", ".join(told.known("alternative"))}
        if told.refusal("f2b") is not None:
            said = f"not installed; {facts['alternative']} runs" if facts["alternative"] else "not installed"
            state = "replaced" if facts["alternative"] else "absent"
            return facts | {"state": state, "jails": (), "settings": f"fail2ban is {said}"}
        jails = told.text("jails")
        if isinstance(jails, Missing):
            active = told.text("active", default="")
            why = Missing(jails.cause, f"{jails.reason} (the service is {active or 'not seen'})")
            return facts | {"state": why, "jails": why, "settings": why}
        names = tuple(name.strip() for name in jails.split(",") if name.strip())
        settings = [_setting(row) for row in told.known("jail")]
        state = "no-answer" if told.text("active", default="") == "no" else "answers"
        return facts | {
            "state": state,
            "jails": names,
            "settings": ", ".join(settings) or "no jail is active",
        }


def _setting(row: str) -> str:
    """`sshd|5|600|600|banned 12` as people say it."""
    jail, tries, window, ban, banned = fields(row, 5)
    total = banned.removeprefix("banned").strip() or "?"
    return f"{jail} ({tries} tries/{window} s, ban {ban} s, {total} banned)"
