"""Rules about pg_hba.conf: which rows can be reached, and whom they let in how (PostgreSQL manual, 21.1)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import fields
from readiness_tui.probes.kinds.database.answers import Answers, Told
from readiness_tui.probes.sentences import settle

GOOD_REMOTE = frozenset({"scram-sha-256", "md5", "cert", "gss", "reject"})
GOOD_LOCAL = frozenset({"peer", "scram-sha-256", "md5", "reject"})
OPEN = {"trust": "without a password", "password": "with a password in plain text", "ident": "by ident"}
"""Methods that fail, in words; ident believes the client's machine."""

PASSWORD = frozenset({"scram-sha-256", "md5", "password"})
ROWS = 500
"""As many rows as pg.facts prints."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Row:
    """One rule. networks: the addresses it is for, empty when not understood. certificate: clientcert."""

    line: str
    type: str
    databases: frozenset[str]
    users: frozenset[str]
    networks: tuple[Network, ...]
    method: str
    certificate: str
    address: str = ""

    @property
    def local(self) -> bool:
        """It is for the Unix socket."""
        return self.type == "local"

    @property
    def loopback(self) -> bool:
        """Only this host itself is meant."""
        return self.address in ("samehost", "localhost") or (
            bool(self.networks) and all(network.is_loopback for network in self.networks)
        )

    def covers(self, other: Row) -> bool:
        """Every connection that the other row is for meets this one, which stands before it."""
        types = self.type == other.type or (self.type == "host" and not other.local)
        databases = self.databases == {"all"} and not other.databases & {"replication"}
        users = self.users == {"all"} or (self.users == other.users and _plain(self.users))
        return types and (databases or self.databases == other.databases) and users and self._addresses(other)

    def _addresses(self, other: Row) -> bool:
        if self.local or other.local:
            return self.local and other.local
        if self.address and self.address == other.address:
            return True
        return bool(other.networks) and all(
            any(_inside(network, mine) for mine in self.networks) for network in other.networks
        )


def rows(answers: Answers) -> list[Row] | Missing:
    """The rules in the file, in order; missing when they are denied, too many, or one is not valid."""
    told = answers.rows("hba", 9)
    if isinstance(told, Missing):
        return told
    if len(told) >= ROWS:
        return Missing(Cause.UNSUPPORTED, f"pg_hba.conf has {ROWS} rules or more, of which not all were read")
    return [_row(one) for one in told if one[8] != "t"]


def rules(answers: Answers) -> Told:
    """No rule lets anybody in without proof, and the file is what the server has loaded."""
    told = rows(answers)
    if isinstance(told, Missing):
        return {"hba_problems": told, "hba_rules": told}
    problems = [_wrong(row) for row in reachable(told)]
    doubts = [doubt for row in reachable(told) if (doubt := _unclear(row)) is not None]
    errors = [fields(row, 9)[0] for row in answers.reply.known("hba") if fields(row, 9)[8] == "t"]
    if errors:
        problems.append(f"line {errors[0]} of pg_hba.conf is not valid: the server keeps its older rules")
    remote = sorted({row.method for row in told if not row.local})
    local = sorted({row.method for row in told if row.local})
    weak = sum(row.method == "md5" for row in told)
    return {
        "hba_problems": settle((line for line in problems if line), [*doubts, *_loaded(answers)]),
        "hba_rules": len(told),
        "remote_methods": ", ".join(remote) or "no rule",
        "local_methods": ", ".join(local) or "no rule",
        "md5_note": f"; {weak} with md5, weaker than scram-sha-256" if weak else "",
    }


def exposed(answers: Answers, superusers: Iterable[str]) -> tuple[list[str], list[Missing]]:
    """Rules that let a superuser in from another machine, and what keeps that from being known."""
    told = rows(answers)
    if isinstance(told, Missing):
        return [], [told]
    without = {row.split("|")[0] for row in answers.reply.known("superpw") if fields(row, 3)[1] == "f"}
    problems, doubts = [], list(_loaded(answers))
    for name in superusers:
        for row in _for_user(told, name):
            if row.method in PASSWORD and name in without:
                continue
            if row.method == "reject":
                continue
            where = row.address or "another machine"
            problems.append(f"pg_hba.conf line {row.line} lets the superuser {name} in from {where}")
            break
    return problems, doubts


def _for_user(told: Sequence[Row], name: str) -> Iterator[Row]:
    """The rows from other machines that a user can reach: no earlier one takes all its connections."""
    before: list[Row] = []
    for row in told:
        if row.local or row.loopback or not ({"all", name} & row.users or not _plain(row.users)):
            continue
        if row.databases == {"replication"}:
            continue
        mine = Row(
            row.line, row.type, row.databases, frozenset({"all"}), row.networks, row.method, "", row.address
        )
        if not any(one.covers(mine) for one in before):
            yield row
        if {"all", name} & row.users:
            before.append(mine)


def reachable(told: Sequence[Row]) -> list[Row]:
    """The rows that some connection meets: the first row that fits decides (manual, 21.1)."""
    return [row for index, row in enumerate(told) if not any(one.covers(row) for one in told[:index])]


def _wrong(row: Row) -> str:
    if row.certificate == "clientcert=verify-full" and row.method == "trust" and row.type == "hostssl":
        return ""
    if row.local and row.method in ("trust", "password"):
        how = OPEN[row.method]
        return f"pg_hba.conf line {row.line} lets {_who(row)} in through the socket {how}"
    if not row.local and row.method in OPEN:
        where = row.address or "anywhere"
        return f"pg_hba.conf line {row.line} lets {_who(row)} in from {where} {OPEN[row.method]}"
    return ""


def _unclear(row: Row) -> Missing | None:
    good = GOOD_LOCAL if row.local else GOOD_REMOTE
    if row.method in good or row.method in OPEN:
        return None
    return Missing(
        Cause.UNSUPPORTED, f"pg_hba.conf line {row.line} uses {row.method}, which asks a system not seen here"
    )


def _loaded(answers: Answers) -> list[Missing]:
    """Why the file may not be what the server has loaded."""
    row = answers.row("loaded", 1)
    times = "".join(answers.reply.known("hba_times")[-1:]).split()
    if isinstance(row, Missing) or not row[0].isdecimal() or not times:
        return [
            Missing(Cause.DENIED, "it cannot be seen whether pg_hba.conf was changed after the last reload")
        ]
    if any(time.isdecimal() and int(time) > int(row[0]) for time in times):
        return [
            Missing(
                Cause.STALE,
                "pg_hba.conf was changed after the server last loaded it: reload, then look again",
            )
        ]
    return []


def _who(row: Row) -> str:
    users = "everybody" if row.users == {"all"} else ", ".join(sorted(row.users))
    return users if row.databases == {"all"} else f"{users} (to {', '.join(sorted(row.databases))})"


def _plain(users: frozenset[str]) -> bool:
    """Names only: `+group` and `/regex` are for users that are not told."""
    return not any(name.startswith(("+", "/")) for name in users)


def _row(cells: Sequence[str]) -> Row:
    line, kind, databases, users, address, netmask, method, certificate = cells[:8]
    return Row(
        line=line,
        type=kind,
        databases=frozenset(databases.split(",")),
        users=frozenset(users.split(",")),
        networks=_networks(address, netmask),
        method=method,
        certificate=certificate,
        address=_shown(address, netmask),
    )


def _networks(address: str, netmask: str) -> tuple[Network, ...]:
    if address == "all":
        return ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")
    try:
        if not netmask:
            return (ipaddress.ip_network(address),)
        ones = bin(int(ipaddress.ip_address(netmask))).count("1")
        return (ipaddress.ip_network(f"{address}/{ones}", strict=False),)
    except ValueError:
        return ()


def _shown(address: str, netmask: str) -> str:
    networks = _networks(address, netmask)
    return str(networks[0]) if len(networks) == 1 else ("any address" if networks else address)


def _inside(network: Network, other: Network) -> bool:
    if isinstance(network, ipaddress.IPv4Network) and isinstance(other, ipaddress.IPv4Network):
        return network.subnet_of(other)
    if isinstance(network, ipaddress.IPv6Network) and isinstance(other, ipaddress.IPv6Network):
        return network.subnet_of(other)
    return False
