"""What a daemon answered for each connection asked: effective settings, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass

from readiness_tui.collectors import catalog
from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, cause_of, fields
from readiness_tui.probes.hints import sudoers_hint
from readiness_tui.probes.kinds.sshd.admission import Settings
from readiness_tui.probes.kinds.sshd.combinations import Connection
from readiness_tui.probes.kinds.sshd.daemons import Daemon

SEVERAL = frozenset({"allowusers", "denyusers", "allowgroups", "denygroups", "authenticationmethods"})
"""Keywords that `sshd -T` may print on several lines; any other one printed twice is not understood."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one daemon. missing: why one or all connections have none."""

    daemon: Daemon
    settings: tuple[tuple[Connection, Settings], ...] = ()
    missing: Missing | None = None


def answers(
    daemon: Daemon, connections: tuple[Connection, ...] | Missing, reply: ParsedReply | None
) -> Answers:
    """The settings for each connection, in the order they were asked."""
    if isinstance(connections, Missing):
        return Answers(daemon, missing=connections)
    if reply is None:
        return Answers(
            daemon, missing=Missing(Cause.GARBLED, f"{daemon.label} was not asked about any connection")
        )
    if reply.trouble is not None:
        return Answers(daemon, missing=reply.trouble)
    by_connection: dict[str, Settings | None] = {}
    for row in reply.known("answer"):
        _, specification, rest = fields(row, 3)
        by_connection[specification] = (
            by_connection.get(rest[1:]) if rest.startswith("=") else _settings(rest)
        )
    found: list[tuple[Connection, Settings]] = []
    missing: Missing | None = None
    for connection in connections:
        settings = by_connection.get(connection.specification)
        if settings is not None:
            found.append((connection, settings))
        else:
            missing = missing or _missing(daemon, reply)
    return Answers(daemon, tuple(found), missing)


def _missing(daemon: Daemon, reply: ParsedReply) -> Missing:
    refused = reply.refused("answer")
    if not refused:
        return Missing(
            Cause.GARBLED, f"{daemon.label} gave no complete answer for one of the connections asked"
        )
    reason = fields(refused[0], 3)[2]
    if reason.startswith("rc=77"):
        hint = sudoers_hint(*catalog.get("sshd.answers").root)
        return Missing(
            Cause.DENIED, f"sshd -T for {daemon.label} needs root, which this user may not use", hint
        )
    return Missing(cause_of(reason), f"sshd -T for {daemon.label}: {reason}")


def _settings(text: str) -> Settings | None:
    values: dict[str, tuple[str, ...]] = {}
    for part in text.split("|"):
        keyword, _, value = part.strip().partition(" ")
        if keyword in values and keyword not in SEVERAL:
            return None
        values[keyword] = (*values.get(keyword, ()), value)
    return Settings(values) if {"permitrootlogin", "passwordauthentication"} <= values.keys() else None
