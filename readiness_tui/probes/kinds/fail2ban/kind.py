"""Kind `fail2ban`: whether the jails would ban who guesses passwords, or what stands in their place."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from readiness_tui.collectors import catalog
from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, fields
from readiness_tui.probes.hints import sudoers_hint
from readiness_tui.probes.kinds.fail2ban.jails import GROUP_HINT, Fault, jail_problem
from readiness_tui.probes.kinds.sshd.daemons import servers
from readiness_tui.probes.kinds.sshd.kind import DAEMONS

FACTS: dict[str, str] = {
    "protection": "effective, faulty, stopped, absent, or replaced by another program.",
    "protection_note": "The same as a sentence, with what is wrong.",
    "jails": "The active jails.",
}

QUIET = frozenset({"QUIET", "FATAL", "ERROR"})
"""Values of sshd's LogLevel at which it writes nothing about failed logins."""


class Fail2banParams(Frozen):
    """jails: those that must be active; one named after ssh is held against what sshd does."""

    jails: tuple[str, ...] = Field(default=("sshd",), min_length=1)


class Fail2ban(Kind[Fail2banParams]):
    """Asks the daemon, which answers root only, and compares with what sshd logs and where it listens."""

    name = "fail2ban"
    moving = frozenset({"protection_note"})
    Params = Fail2banParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """fail2ban.state, and the SSH servers for their ports and log levels."""
        return (collect("fail2ban.state", *self.params.jails, spec=self.spec), collect(DAEMONS))

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The jails, or why they are not known."""
        told, ssh = ParsedReply(replies[0]), ParsedReply(replies[1])
        jails = told.text("jails", default="")
        names = tuple(name for name in jails.split(",") if name) if isinstance(jails, str) else jails
        value, note = self._protection(told, ssh)
        return {"protection": value, "protection_note": note, "jails": names}

    def _protection(self, told: ParsedReply, ssh: ParsedReply) -> tuple[Fact | Missing, str]:
        if told.trouble is not None:
            return told.trouble, told.trouble.reason
        state = told.text("state", default="")
        if state in ("absent", "stopped"):
            return self._without(told, str(state))
        jails = told.text("jails")
        if isinstance(jails, Missing):
            unit = told.text("unit", default="")
            return Missing(
                jails.cause, f"fail2ban tells its jails to root only (the service is {unit})", self._hint()
            ), ""
        active = jails.split(",")
        if lacking := [jail for jail in self.params.jails if jail not in active]:
            shown = ", ".join(name for name in active if name) or "none"
            return "faulty", f"fail2ban runs without the jail {', '.join(lacking)} (active jails: {shown})"
        return self._examined(told, ssh)

    def _hint(self) -> str:
        """The daemon's answers need root, and what sshd logs needs a group."""
        needed = catalog.get("fail2ban.state").privilege(self.params.jails)
        return f"{sudoers_hint(*needed.root)}; {GROUP_HINT}"

    def _without(self, told: ParsedReply, state: str) -> tuple[Fact | Missing, str]:
        what = "fail2ban is not installed" if state == "absent" else "fail2ban is installed but not running"
        if others := told.known("alternative"):
            return "replaced", f"{what}; {', '.join(others)} runs"
        if state == "absent" and (hidden := told.refusal("alternative")) is not None:
            return Missing(hidden.cause, f"{what}; another program may run unseen (hidden processes)"), ""
        return state, what

    def _examined(self, told: ParsedReply, ssh: ParsedReply) -> tuple[Fact | Missing, str]:
        missing: Missing | None = None
        ports: tuple[int, ...] = ()
        for jail in self.params.jails:
            guards = "ssh" in jail
            if guards:
                ports, doubt = _listening(ssh)
                missing = missing or doubt
            if guards and (quiet := _quiet(ssh)):
                return "faulty", f"sshd's LogLevel is {quiet}, so the jail {jail} sees no failed login"
            problem = jail_problem(told, jail, ports if guards else ())
            if isinstance(problem, Fault):
                return "faulty", problem.text
            missing = missing or problem
        if missing is not None:
            return missing, missing.reason
        shown = "; ".join(_shown(told, jail) for jail in self.params.jails)
        return "effective", shown + (
            f"; sshd's port {', '.join(map(str, ports))} is covered" if ports else ""
        )


def _listening(ssh: ParsedReply) -> tuple[tuple[int, ...], Missing | None]:
    """The ports of every sshd, and why some may be unknown."""
    found = servers(ssh)
    ports: list[int] = []
    for daemon in found.daemons:
        ports += daemon.ports
    missing = next(iter(found.missing), None)
    if not ports and missing is None:
        missing = Missing(Cause.UNSUPPORTED, "the ports of the SSH server are not known")
    return tuple(dict.fromkeys(ports)), missing


def _quiet(ssh: ParsedReply) -> str:
    levels = (fields(row, 3)[1:] for row in ssh.known("eff"))
    return next((value for key, value in levels if key == "loglevel" and value.upper() in QUIET), "")


def _shown(told: ParsedReply, jail: str) -> str:
    for row in told.known("jail"):
        name, now, total = fields(row, 3)
        if name == jail:
            return f"the jail {jail} is active ({now or '?'} banned now, {total or '?'} in all)"
    return f"the jail {jail} is active"
