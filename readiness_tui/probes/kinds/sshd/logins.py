"""Whether root, keys or passwords can log in, over all daemons and all connections asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.kinds.sshd.admission import Settings, admitted, blocks_root, host_parts
from readiness_tui.probes.kinds.sshd.answers import Answers
from readiness_tui.probes.kinds.sshd.combinations import (
    Account,
    Connection,
    Situation,
    account_signature,
    addresses_like,
)
from readiness_tui.probes.kinds.sshd.daemons import Daemon, Servers

ROOT_KEYWORDS = frozenset({"permitrootlogin", "allowusers", "denyusers", "allowgroups", "denygroups"})
PASSWORD_KEYWORDS = frozenset(
    {
        "passwordauthentication",
        "kbdinteractiveauthentication",
        "challengeresponseauthentication",
        "authenticationmethods",
        "usepam",
    }
)


@dataclass(frozen=True, slots=True)
class Findings:
    """A verdict fact and its sentence."""

    value: str | Missing
    note: str


def root_login(found: Servers, asked: Sequence[Answers], allowed: Collection[str]) -> Findings:
    """Whether uid 0 is let in anywhere with a value of PermitRootLogin that is not allowed."""
    expected = " or ".join(allowed)
    values: dict[str, None] = {}
    kept_out: set[str] = set()
    for each, connection, settings in _cases(asked):
        if connection.account.uid != 0:
            continue
        values[settings.root_login] = None
        if settings.root_login in allowed:
            continue
        if not _admitted(each, connection, settings):
            kept_out.add("AllowUsers, DenyUsers or the group lists keep root out")
        elif blocks_root(settings):
            kept_out.add("no authentication method is left for root")
        else:
            source = _source(each, connection)
            line = f"{each.daemon.label}: PermitRootLogin is {settings.root_login}{source}"
            return Findings("enabled", f"{line} (expected: {expected})")
    for words in found.dropbears:
        if not {"-w"} & set(words.split()):
            return Findings("enabled", f"dropbear runs without -w, so root can log in ({words})")
    line = f"PermitRootLogin is {', '.join(values)} on {_servers(found)}"
    if kept_out:
        line = f"{'; '.join(sorted(kept_out))} of {_servers(found)} (PermitRootLogin {', '.join(values)})"
    return _settled("disabled", line, found, asked, ROOT_KEYWORDS)


def password_login(found: Servers, asked: Sequence[Answers]) -> Findings:
    """Whether an account can log in with a password alone, or through PAM's keyboard-interactive."""
    for each, connection, settings in _cases(asked):
        account = connection.account
        if account.uid == 0 and settings.root_login != "yes":
            continue
        if settings.uses_passwords and _admitted(each, connection, settings):
            line = (
                f"{each.daemon.label}: {account.name} can log in with a password{_source(each, connection)}"
            )
            return Findings("accepted", f"{line} (expected: keys only)")
    for words in found.dropbears:
        if "-s" not in words.split():
            return Findings("accepted", f"dropbear runs without -s, so passwords are accepted ({words})")
    line = f"no account can log in with a password on {_servers(found)}"
    return _settled("refused", line, found, asked, PASSWORD_KEYWORDS)


def key_login(found: Servers, asked: Sequence[Answers], users: Collection[str], proof: str) -> Findings:
    """Whether the users can use keys. proof: this session in words when a key opened it."""
    for each, connection, settings in _cases(asked):
        account = connection.account
        if account.name not in users or account.uid == 0 or settings.uses_keys:
            continue
        if _admitted(each, connection, settings):
            line = (
                f"{each.daemon.label}: public keys are refused for {account.name}{_source(each, connection)}"
            )
            return Findings("refused", f"{line} (expected: PubkeyAuthentication yes)")
    if proof:
        return Findings("enabled", proof)
    line = f"public keys are accepted on {_servers(found)}"
    return _settled("enabled", line, found, asked, frozenset())


def _settled(
    value: str, line: str, found: Servers, asked: Sequence[Answers], keywords: frozenset[str]
) -> Findings:
    """The good value, if every server was asked and none has changed files that it has not loaded."""
    stale = [each.daemon for each in asked if each.daemon.changed]
    for daemon in stale:
        if keywords & daemon.changed_keywords:
            return Findings("not-loaded", daemon.changed)
    missing = [*found.missing, *(each.missing for each in asked if each.missing is not None)]
    missing += [Missing(Cause.STALE, daemon.changed) for daemon in stale]
    missing += [
        Missing(Cause.UNSUPPORTED, f"dropbear's options were not verified ({words})")
        for words in found.dropbears
        if keywords
    ]
    if missing:
        return Findings(missing[0], missing[0].reason)
    return Findings(value, line)


def _cases(asked: Sequence[Answers]) -> Iterator[tuple[Answers, Connection, Settings]]:
    """Every answer for every account that the same Match lines apply to."""
    for each in asked:
        situation = each.daemon.situation
        if isinstance(situation, Missing):
            continue
        for connection, settings in each.settings:
            for account in _accounts_like(connection, situation):
                yield each, replace(connection, account=account), settings


def _accounts_like(connection: Connection, situation: Situation) -> list[Account]:
    users = [each.patterns for each in situation.criteria if each.keyword == "user"]
    groups = [each.patterns for each in situation.criteria if each.keyword == "group"]
    wanted = account_signature(connection.account, users, groups)
    like = [account for account in situation.accounts if account_signature(account, users, groups) == wanted]
    return like if connection.account in like else [connection.account, *like]


def _admitted(each: Answers, connection: Connection, settings: Settings) -> bool:
    """Whether the lists admit the account from some address that the same Match lines apply to."""
    situation = each.daemon.situation
    assert not isinstance(situation, Missing)
    for similar in addresses_like(connection, situation, host_parts(settings)):
        if admitted(similar, settings, names=situation.names):
            return True
    return False


def _source(each: Answers, connection: Connection) -> str:
    """Where the connection comes from, when the answer depends on it."""
    situation = each.daemon.situation
    if isinstance(situation, Missing):
        return ""
    keywords = {criterion.keyword for criterion in situation.criteria}
    parts = []
    if keywords & {"address", "host"}:
        parts.append(f"from {connection.address}")
    if keywords & {"localport", "localaddress"}:
        parts.append(f"to port {connection.local_port}")
    return "".join(f" {part}" for part in parts)


def _servers(found: Servers) -> str:
    daemons: list[Daemon] = list(found.daemons)
    if len(daemons) == 1:
        return daemons[0].label
    return f"all {len(daemons)} SSH servers" if daemons else "dropbear"
