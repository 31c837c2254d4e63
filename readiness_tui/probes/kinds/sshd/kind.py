"""Kind `sshd`: whether root, keys and passwords can log in to any listening SSH server."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, CollectorAsk, LinkAsk, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds.sshd.answers import Answers, answers
from readiness_tui.probes.kinds.sshd.combinations import (
    LIMIT,
    NOBODY,
    Account,
    Connection,
    Situation,
    combinations,
)
from readiness_tui.probes.kinds.sshd.daemons import Daemon, servers
from readiness_tui.probes.kinds.sshd.logins import Findings, key_login, password_login, root_login

DAEMONS, ANSWERS = "sshd.daemons", "sshd.answers"
OPERATOR = "operator"

ROOT = {
    "root_login": "disabled; enabled; or not-loaded when a stricter file was edited after sshd loaded it.",
    "root_login_note": "The same as a sentence, with the server and the connection that decide.",
}
KEYS = {
    "key_login": "enabled when keys can be used, refused when an asked account cannot use them.",
    "key_login_note": "The same as a sentence.",
}
PASSWORDS = {
    "password_login": "refused; accepted when some account can log in by password alone; or not-loaded.",
    "password_login_note": "The same as a sentence, with the server and the connection that decide.",
}
LINK = {
    "session_auth": "How this very session was authenticated; unknown without an SSH session.",
    "session": "The same in words, with the key's type and the user.",
}


class SshdParams(Frozen):
    """users: accounts that must be able to use keys; `operator` is the one connected.

    addrs: further source addresses to ask about; `operator` stands for the one connected.
    root_login_allowed: values of PermitRootLogin that count as disabled.
    """

    users: tuple[str, ...] = Field(default=(OPERATOR,), min_length=1)
    addrs: tuple[str, ...] = ()
    root_login_allowed: tuple[str, ...] = ("no",)


class Sshd(Kind[SshdParams]):
    """Asks every daemon with its own arguments (`sshd -T -C`), for every case its Match lines tell apart."""

    name = "sshd"
    Params = SshdParams
    facts = ROOT | KEYS | PASSWORDS | LINK

    def asks(self) -> tuple[Ask, ...]:
        """The daemons, and the connection itself when its authentication is spoken of."""
        daemons = collect(DAEMONS, spec=self.spec)
        return (daemons, LinkAsk()) if self.named & (LINK.keys() | KEYS.keys()) else (daemons,)

    def announced(self) -> tuple[Ask, ...]:
        """One ask for each daemon; which connections is decided by its Match lines."""
        return (collect(ANSWERS, "DAEMON", "PROGRAM", "ASROOT", "CONNECTIONS", spec=self.spec),)

    def follow_up(self, replies: Sequence[Reply]) -> tuple[Ask, ...]:
        """One ask for each daemon, with the connections that its Match lines tell apart."""
        found = servers(ParsedReply(replies[0]))
        asks: list[Ask] = []
        for number, daemon in enumerate(found.daemons, 1):
            connections = self._connections(daemon)
            if isinstance(connections, Missing) or not connections:
                continue
            asks.append(
                collect(
                    ANSWERS,
                    str(number),
                    daemon.program,
                    "yes" if daemon.as_root else "no",
                    " ".join(connection.specification for connection in connections),
                    *daemon.words,
                    spec=self.spec,
                )
            )
        return tuple(asks)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The facts from the daemons' description, the connection and the answers that followed."""
        link = next((reply for reply in replies if isinstance(reply.ask, LinkAsk)), None)
        facts: dict[str, Fact | Missing] = dict(_session(ParsedReply(link))) if link else {}
        found = servers(ParsedReply(replies[0]))
        told = {
            reply.ask.args[0]: ParsedReply(reply)
            for reply in replies
            if isinstance(reply.ask, CollectorAsk) and reply.ask.collector == ANSWERS
        }
        asked: list[Answers] = []
        for number, daemon in enumerate(found.daemons, 1):
            connections = self._connections(daemon)
            asked.append(answers(daemon, connections, told.get(str(number))))
        if self.named & ROOT.keys():
            facts |= _facts(ROOT, root_login(found, asked, self.params.root_login_allowed))
        if self.named & KEYS.keys():
            users = {found.user if user == OPERATOR else user for user in self.params.users}
            proof = facts["session"] if facts.get("session_auth") == "publickey" else ""
            facts |= _facts(KEYS, key_login(found, asked, users, proof if isinstance(proof, str) else ""))
        if self.named & PASSWORDS.keys():
            facts |= _facts(PASSWORDS, password_login(found, asked))
        return facts

    def _connections(self, daemon: Daemon) -> tuple[Connection, ...] | Missing:
        """The connections to ask of a daemon: of uid 0 alone where only root's login is judged."""
        situation = daemon.situation
        if isinstance(situation, Missing):
            return situation
        only_root = not self.named & (KEYS.keys() | PASSWORDS.keys())
        accounts = [account for account in situation.accounts if account.uid == 0] or [
            Account("root", 0, ("root",))
        ]
        if not only_root:
            named = [Account(user) for user in self.params.users if user not in (OPERATOR, "root")]
            known = {account.name for account in situation.accounts}
            accounts = [*situation.accounts, *(account for account in named if account.name not in known)]
            accounts.append(Account(NOBODY))
        chosen = Situation(
            situation.criteria,
            tuple(accounts),
            situation.local_addresses,
            situation.local_ports,
            situation.operator,
            situation.names,
        )
        connections = combinations(chosen, extra_addresses=self._addresses())
        if len(connections) > LIMIT:
            reason = f"{daemon.label}: Match lines tell apart {len(connections)} connections (limit {LIMIT})"
            return Missing(Cause.UNSUPPORTED, reason)
        return connections

    def _addresses(self) -> tuple[str, ...]:
        return tuple(address for address in self.params.addrs if address != OPERATOR)


def _facts(names: dict[str, str], findings: Findings) -> dict[str, Fact | Missing]:
    value, note = names
    return {value: findings.value, note: findings.note}


def _session(link: ParsedReply) -> dict[str, Fact | Missing]:
    method = link.text("auth_method", default="")
    if isinstance(method, Missing):
        return unseen(LINK, method)
    if not method:
        no_ssh = Missing(Cause.UNSUPPORTED, "this connection is not an SSH session")
        return {"session_auth": no_ssh, "session": no_ssh.reason}
    key = "".join(f" ({kind})" for kind in link.known("key_type")[-1:] if kind)
    user = "".join(f" as {name}" for name in link.known("user")[-1:] if name)
    return {"session_auth": method, "session": f"this session: {method}{key}{user}"}
