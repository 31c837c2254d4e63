"""Kind `sshd`: the daemon's effective configuration, for several users from several addresses."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, LinkAsk, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, fields, unseen

KEYS = {
    "permitrootlogin": "PermitRootLogin, each distinct value over all users and addresses asked.",
    "passwordauthentication": "PasswordAuthentication, likewise.",
    "pubkeyauthentication": "PubkeyAuthentication, likewise.",
    "kbdinteractiveauthentication": "KbdInteractiveAuthentication, likewise, also under its old name.",
    "authenticationmethods": "AuthenticationMethods, likewise.",
    "permitemptypasswords": "PermitEmptyPasswords, likewise.",
    "maxauthtries": "MaxAuthTries, likewise.",
}

OLD_NAMES = {"challengeresponseauthentication": "kbdinteractiveauthentication"}
OLD_VALUES = {("permitrootlogin", "without-password"): "prohibit-password"}
"""What `sshd -T` prints under an older word (catalogue, root-login-disabled)."""

SSHD = {
    "pubkey_refused": "Users and addresses known to be refused keys; nothing when nobody could look.",
    "pubkey_note": "What sshd says of PubkeyAuthentication, as a clause for the evidence.",
    "asked": "How many pairs of user and address were answered, of how many.",
    "match_blocks": "Match blocks in the configuration files, as a clause for the evidence.",
    "version": "OpenSSH's version.",
    "stale_note": "A hint when the configuration is newer than the daemon; a reload looks the same.",
}

LINK = {
    "session_auth": "How this very session was authenticated; unknown without an SSH session.",
    "session": "The same in words, with the key's type and the user.",
}


class SshdParams(Frozen):
    """users, addrs: for whom and from where to ask; `operator` stands for the one connected.

    port: the local port Match LocalPort sees. server: the server's address, else the session's.
    """

    users: tuple[str, ...] = Field(default=("root", "operator"), min_length=1)
    addrs: tuple[str, ...] = Field(default=("operator", "203.0.113.10"), min_length=1)
    port: int = Field(default=22, ge=1, le=65535)
    server: str = ""


class Sshd(Kind[SshdParams]):
    """Asks the daemon (`sshd -T -C ...`), never the files: first value wins, Match blocks differ."""

    name = "sshd"
    Params = SshdParams
    facts = KEYS | SSHD | LINK

    def asks(self) -> tuple[Ask, ...]:
        """sshd.effective, and the connection itself when its authentication is spoken of."""
        params = self.params
        effective = collect(
            "sshd.effective",
            ",".join(params.users),
            ",".join(params.addrs),
            params.server,
            str(params.port),
            spec=self.spec,
        )
        return (effective, LinkAsk()) if self.named & LINK.keys() else (effective,)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The daemon's facts, then the connection's."""
        facts: dict[str, Fact | Missing] = {}
        for reply in replies:
            facts |= (
                _session(ParsedReply(reply))
                if isinstance(reply.ask, LinkAsk)
                else _effective(ParsedReply(reply))
            )
        return facts


def _effective(told: ParsedReply) -> dict[str, Fact | Missing]:
    asked = dict.fromkeys(told.known("asked"))
    values: dict[str, dict[str, str]] = {}
    for row in told.known("eff"):
        user, address, key, value = fields(row, 4)
        key = OLD_NAMES.get(key, key)
        values.setdefault(key, {})[f"{user}|{address}"] = OLD_VALUES.get((key, value), value)
    refused = [pair for pair, value in values.get("pubkeyauthentication", {}).items() if value == "no"]
    said = dict.fromkeys(values.get("pubkeyauthentication", {}).values())
    why = told.refusal("eff")
    if why is None and not asked:
        why = Missing(Cause.GARBLED, "sshd: no user and address was asked")
    matches = told.text("match_lines", default="")
    return {
        **{key: why or _over_all(key, values.get(key, {}), asked) for key in KEYS},
        "pubkey_refused": tuple(pair.replace("|", " from ") for pair in refused),
        "pubkey_note": f"; PubkeyAuthentication {', '.join(said)}" if said else "",
        "asked": why or _count(values, asked),
        "match_blocks": "" if isinstance(matches, Missing) else _blocks(matches),
        "version": told.text("version"),
        "stale_note": ", configuration newer than the daemon" if "yes" in told.known("stale_daemon") else "",
    }


def _over_all(key: str, rows: dict[str, str], asked: dict[str, None]) -> tuple[str, ...] | Missing:
    """The distinct values; missing when one pair that was asked has none."""
    if silent := [pair for pair in asked if pair not in rows]:
        return Missing(Cause.GARBLED, f"{key}: no answer for {silent[0].replace('|', ' from ')}")
    return tuple(dict.fromkeys(rows.values()))


def _count(values: dict[str, dict[str, str]], asked: dict[str, None]) -> str:
    answered = {pair for rows in values.values() for pair in rows}
    return f"{len(answered & asked.keys())} of {len(asked)} users and addresses"


def _blocks(match_lines: str) -> str:
    count = match_lines.count(";")
    return f"; {count} Match block{'s' if count > 1 else ''}" if count else ""


def _session(told: ParsedReply) -> dict[str, Fact | Missing]:
    method = told.text("auth_method", default="")
    if isinstance(method, Missing):
        return unseen(LINK, method)
    if not method:
        no_ssh = Missing(Cause.UNSUPPORTED, "this connection is no SSH session")
        return {"session_auth": no_ssh, "session": no_ssh.reason}
    key = "".join(f" ({kind})" for kind in told.known("key_type")[-1:] if kind)
    user = "".join(f" as {name}" for name in told.known("user")[-1:] if name)
    return {"session_auth": method, "session": f"this session: {method}{key}{user}"}
