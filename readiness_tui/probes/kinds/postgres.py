"""Kind `postgres`: the version of the server on a port, by SQL, else by the binary that runs there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing, version_key
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, fields, number, unseen

VERSION_SQL = "show server_version_num"

END_OF_LIFE = {
    14: date(2026, 11, 12),
    15: date(2027, 11, 11),
    16: date(2028, 11, 9),
    17: date(2029, 11, 8),
    18: date(2030, 11, 14),
}
"""Last day a major version is supported (postgresql.org, versioning policy)."""

FACTS: dict[str, str] = {
    "version_problems": "Why the server is absent or older than `min_version`.",
    "server_version_num": "The server's version as a number: 150020 is 15.20.",
    "version": "The same as people write it.",
    "source": "Who said so: the server, or the binary that runs.",
    "support": "Until when the major version is supported, as a clause for the evidence.",
}


class PostgresParams(Frozen):
    """port: of the server on the host itself. min_version: as `server_version_num` writes it."""

    port: int = Field(default=5432, ge=1, le=65535)
    min_version: int = Field(default=140000, ge=0)


class Postgres(Kind[PostgresParams]):
    """`psql --version` is the client and proves nothing; a binary counts only while it runs."""

    name = "postgres"
    Params = PostgresParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """pg with one statement, and postgres.server."""
        port = self.params.port
        return (
            collect("pg", f"dbname=postgres port={port}", VERSION_SQL, spec=self.spec),
            collect("postgres.server", str(port), spec=self.spec),
        )

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The version, from the better of the two sources."""
        sql, server = (ParsedReply(reply) for reply in replies)
        said = sql.text("sql")
        version = said if isinstance(said, Missing) else number("server_version_num", said)
        source = "the server"
        if isinstance(version, Missing):
            version, source = _by_binary(server, self.params.port), "the binary that runs"
        if isinstance(version, Missing):
            gone = _absent(server, self.params)
            facts = unseen(FACTS, version)
            return facts | ({"version_problems": gone} if gone else {})
        return _named(int(version), source, replies[0].asked_at.date(), self.params.min_version)


def _by_binary(server: ParsedReply, port: int) -> int | Missing:
    """The binary that has the port; one whose port is not known counts only if it is alone."""
    if server.trouble is not None:
        return server.trouble
    rows = [fields(row, 3) for row in server.known("running")]
    ours = [row for row in rows if row[0] == str(port)] or [row for row in rows if row[0] == "?"]
    refusal = server.refusal("running")
    if len(ours) != 1 or (ours[0][0] == "?" and (len(rows) > 1 or refusal is not None)):
        if refusal is not None:
            return refusal
        return Missing(
            Cause.UNREACHABLE, f"no PostgreSQL server was found on port {port}, and no login was possible"
        )
    key = version_key(ours[0][2])
    if not key:
        return Missing(Cause.GARBLED, f"{ours[0][1]} did not tell its version")
    major, minor = (*key, 0)[:2]
    return major * 10000 + minor


def _absent(server: ParsedReply, params: PostgresParams) -> tuple[str, ...]:
    """Nothing runs, nothing listens, and no server that is new enough is installed."""
    listening = server.number("listening")
    if server.trouble is not None or server.known("running") or server.refusal("running") is not None:
        return ()
    if server.known("socket") or isinstance(listening, Missing) or listening:
        return ()
    versions = [fields(row, 2)[1] for row in server.known("installed")]
    if not versions:
        return ("no PostgreSQL server runs and none is installed",)
    if any(not version_key(text) or version_key(text)[0] * 10000 >= params.min_version for text in versions):
        return ()
    wanted = params.min_version // 10000
    return (f"no PostgreSQL server runs; installed is {', '.join(versions)} (expected: {wanted} or newer)",)


def _named(version: int, source: str, today: date, wanted: int) -> dict[str, Fact | Missing]:
    major = version // 10000
    ends = END_OF_LIFE.get(major)
    if ends is None:
        support = ", no longer supported" if major < min(END_OF_LIFE) else ""
    else:
        support = f", {'supported until' if today <= ends else 'unsupported since'} {ends}"
    name = f"{major}.{version % 10000}"
    old = f"PostgreSQL {name} runs, by {source} (expected: {wanted // 10000} or newer)"
    return {
        "version_problems": (old,) if version < wanted else (),
        "server_version_num": version,
        "version": name,
        "source": source,
        "support": support,
    }
