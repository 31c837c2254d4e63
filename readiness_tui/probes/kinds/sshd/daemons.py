"""The SSH servers of a host as `sshd.daemons` describes them: arguments, files, ports, when loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from readiness_tui.collectors import catalog
from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, cause_of, fields
from readiness_tui.probes.hints import sudoers_hint
from readiness_tui.probes.kinds.sshd.combinations import Account, Situation
from readiness_tui.probes.kinds.sshd.patterns import Criterion, match_criteria

HIDDEN = "other users' processes are not visible (/proc is mounted with hidepid)"

START_SLACK_S = 1.5
"""Seconds by which a process's start time, computed from the uptime, may be wrong."""


@dataclass(frozen=True, slots=True)
class Daemon:
    """One SSH server.

    name: its process id or socket unit. program, words: what to ask. label: for evidence.
    as_root: whether its files can be read by root alone. changed: what was edited after it loaded
    its configuration, as a sentence. changed_keywords: what the edited files set, in lower case.
    """

    name: str
    program: str
    words: tuple[str, ...]
    label: str
    ports: tuple[int, ...]
    as_root: bool
    situation: Situation | Missing
    changed: str = ""
    changed_keywords: frozenset[str] = frozenset()
    log_file: str = ""


@dataclass(frozen=True, slots=True)
class Servers:
    """All SSH servers of a host. missing: why some could not be looked at."""

    daemons: tuple[Daemon, ...]
    dropbears: tuple[str, ...]
    missing: tuple[Missing, ...]
    user: str


def servers(reply: ParsedReply) -> Servers:
    """What one reply of sshd.daemons tells."""
    if reply.trouble is not None:
        return Servers((), (), (reply.trouble,), "")
    missing = [_trouble(row) for row in reply.refused("daemon")]
    if reply.refused("processes"):
        missing.append(Missing(Cause.DENIED, HIDDEN, sudoers_hint(*catalog.get("sshd.daemons").root)))
    accounts = _accounts(reply)
    daemons = tuple(_daemon(reply, row, accounts) for row in reply.known("daemon") if not _failed(reply, row))
    dropbears = tuple(fields(row, 2)[1] for row in reply.known("dropbear"))
    if not daemons and not dropbears and not missing:
        missing.append(
            Missing(Cause.UNSUPPORTED, "no SSH server was found among the host's processes and sockets")
        )
    user = reply.text("user", default="")
    return Servers(daemons, dropbears, tuple(missing), user if isinstance(user, str) else "")


def _failed(reply: ParsedReply, row: str) -> bool:
    name = fields(row, 2)[0]
    return any(fields(refused, 2)[0] == name for refused in reply.refused("daemon"))


def _trouble(row: str) -> Missing:
    name, reason = fields(row, 2)
    who = f"sshd (process {name})" if name.isdigit() else f"sshd ({name})"
    kind, _, rest = reason.partition(" ")
    if kind == "denied":
        reason = f"the configuration of {who} cannot be read by this user: {rest}"
        return Missing(
            Cause.DENIED,
            reason,
            sudoers_hint(*catalog.get("sshd.daemons").root, *catalog.get("sshd.answers").root),
        )
    if kind == "program":
        return Missing(
            Cause.UNSUPPORTED, f"{who} runs {rest}, which is not a root-owned program that can be run"
        )
    if kind == "root":
        return Missing(
            Cause.UNSUPPORTED, f"{who} runs in another root directory; its configuration was not read"
        )
    if kind == "arguments":
        return Missing(Cause.UNSUPPORTED, f"the arguments of {who} contain a variable: {rest}")
    return Missing(cause_of(reason), f"sshd -T fails for {who}: {rest}")


def _daemon(reply: ParsedReply, row: str, accounts: Sequence[Account]) -> Daemon:
    name, _, program, _ = fields(row, 4)
    mine = _of(reply, name)
    settings = [fields(value, 2) for value in mine("eff")]
    ports = _ports(reply, name, settings)
    shown = " ".join(mine("word"))
    label = f"sshd on port {', '.join(map(str, ports))}" + (f" ({shown})" if shown else "")
    changed, keywords = _changed(reply, name)
    return Daemon(
        name=name,
        program=program,
        words=mine("word"),
        label=label,
        ports=ports,
        as_root="yes" in mine("asked_as"),
        situation=_situation(reply, mine("match"), settings, ports, accounts, label),
        changed=changed,
        changed_keywords=keywords,
        log_file=next(iter(mine("logfile")), ""),
    )


def _of(reply: ParsedReply, name: str) -> Callable[[str], tuple[str, ...]]:
    """A function from a fact to the values of one daemon: the rows that begin with its name, without it."""

    def values(fact: str) -> tuple[str, ...]:
        rows = (row.partition("|") for row in reply.known(fact))
        return tuple(value for owner, _, value in rows if owner == name)

    return values


def _ports(reply: ParsedReply, name: str, settings: Sequence[tuple[str, ...]]) -> tuple[int, ...]:
    """The configured ports that something listens on; all configured ones when none of them is."""
    listening = {int(row.rpartition(":")[2], 16) for row in reply.known("listen") if _HEX.fullmatch(row)}
    wanted: list[int] = []
    for socket in reply.known("socket"):
        if fields(socket, 3)[0] == name:
            wanted += [int(port) for port in re.findall(r":(\d+) \(Stream\)", fields(socket, 3)[2])]
    if not wanted:
        wanted = [int(value) for key, value in settings if key == "port" and value.isdigit()]
        wanted += [
            int(value.rpartition(":")[2])
            for key, value in settings
            if key == "listenaddress" and _PORT.search(value)
        ]
    chosen = dict.fromkeys(port for port in wanted if port in listening) or dict.fromkeys(wanted)
    return tuple(chosen)


_HEX = re.compile(r"[0-9A-F]{8,32}:[0-9A-F]{4}")
_PORT = re.compile(r":\d{1,5}$")


def _situation(
    reply: ParsedReply,
    matches: Sequence[str],
    settings: Sequence[tuple[str, ...]],
    ports: tuple[int, ...],
    accounts: Sequence[Account],
    label: str,
) -> Situation | Missing:
    criteria: list[Criterion] = []
    for line in matches:
        found = match_criteria(line)
        if found is None or any(criterion.keyword == "rdomain" for criterion in found):
            return Missing(Cause.UNSUPPORTED, f"{label}: cannot ask about the block {line}")
        criteria += found
    names = ("usedns", "yes") in [tuple(pair) for pair in settings]
    client = reply.text("client", default="")
    server = reply.text("server", default="")
    listens = [value.rpartition(":")[0].strip("[]") for key, value in settings if key == "listenaddress"]
    local = [address for address in listens if address not in ("0.0.0.0", "::")]
    if len(local) < len(listens) or not listens:
        local += [
            *([server] if isinstance(server, str) and server else []),
            *reply.known("local"),
            "192.0.2.1",
        ]
    return Situation(
        criteria=tuple(dict.fromkeys(criteria)),
        accounts=tuple(accounts),
        local_addresses=tuple(dict.fromkeys(local)),
        local_ports=ports or (22,),
        operator=client if isinstance(client, str) else "",
        names=names,
    )


def _accounts(reply: ParsedReply) -> tuple[Account, ...]:
    groups = [fields(row, 3) for row in reply.known("group")]
    found: list[Account] = []
    for row in reply.known("account"):
        name, uid, primary = fields(row, 3)
        if re.fullmatch(r"[^\s,|]+", name) and uid.isdigit():
            member = [group for group, gid, users in groups if gid == primary or name in users.split(",")]
            found.append(Account(name, int(uid), tuple(member)))
    return tuple(sorted(found, key=lambda account: not 1000 <= account.uid < 60000))  # people first


UNKNOWN_LOAD = "when sshd loaded its configuration is not known"


def _changed(reply: ParsedReply, name: str) -> tuple[str, frozenset[str]]:
    """What was edited after the daemon loaded its configuration, and the keywords that it sets."""
    if not name.isdigit():  # a socket unit: every connection, or the first one, reads the files
        return "", frozenset()
    mine = _of(reply, name)
    loads = [fields(row, 2) for row in mine("loaded")]
    loaded = _moment(loads[-1][1]) if loads else None
    if loaded is None:
        return UNKNOWN_LOAD, frozenset()
    refused = [fields(row, 2) for row in reply.refused("conf")]
    if denied := [reason for owner, reason in refused if owner == name]:
        return f"the age of a configuration file cannot be read: {denied[0]}", frozenset()
    slack = START_SLACK_S if loads[-1][0] == "start" else 0.0
    later: dict[str, float] = {}
    files = {path for kind, path in (fields(row, 3)[:2] for row in mine("conf")) if kind == "file"}
    edited: set[str] = set()
    for row in mine("conf"):
        _, path, *texts = fields(row, 4)
        modified, changed = map(_moment, texts)
        if modified is None or changed is None:
            return f"the age of {path} is not known", frozenset()
        seconds = max(modified, changed) - loaded
        if seconds >= -slack:
            later[path] = seconds
        if modified - loaded > slack:  # a new mode, owner or name moves the other time only
            edited.add(path)
    if not later:
        return "", frozenset()
    pairs = [fields(row, 2) for row in mine("set")]
    keywords = frozenset(keyword.lower() for path, keyword in pairs if path in edited)
    newest = max(later, key=lambda path: (path in files, later[path]))
    what = "edited" if newest in edited else "changed"
    return f"{newest} was {what} after sshd loaded its configuration; reload sshd", keywords


def _moment(text: str) -> float | None:
    """Seconds since 1970 of `stat`'s or `journalctl`'s notation."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(\.\d+)? ([+-]\d{4})", text)
    if match is None:
        return None
    whole = datetime.strptime(f"{match[1]} {match[3]}", "%Y-%m-%d %H:%M:%S %z").timestamp()
    return whole + float(match[2] or 0)
