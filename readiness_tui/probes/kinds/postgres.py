"""Kind `postgres`: the server's own version by SQL, else that of the binary that runs."""

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
    "server_version_num": "The server's version as a number: 150020 is 15.20.",
    "version": "The same as people write it.",
    "source": "Who said so: the server, or the binary that runs.",
    "absent": "Whether neither a client nor a server is installed.",
    "support": "Until when the major version is supported, as a clause for the evidence.",
}


class PostgresParams(Frozen):
    """port: of the server on the host itself."""

    port: int = Field(default=5432, ge=1, le=65535)


class Postgres(Kind[PostgresParams]):
    """`psql --version` is the client and proves nothing; a binary counts only while it runs."""

    name = "postgres"
    Params = PostgresParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """pg with one statement, and postgres.server."""
        target = f"dbname=postgres port={self.params.port}"
        return (
            collect("pg", target, VERSION_SQL, spec=self.spec),
            collect("postgres.server", spec=self.spec),
        )

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The version, from the better of the two sources."""
        sql, server = (ParsedReply(reply) for reply in replies)
        facts: dict[str, Fact | Missing] = {"absent": _absent(sql, server)}
        told = sql.text("sql")
        version = told if isinstance(told, Missing) else number("server_version_num", told)
        if not isinstance(version, Missing):
            return facts | _named(int(version), "server", replies[0].asked_at.date())
        running = [fields(row, 2)[1] for row in server.known("running")]
        versions = [version_key(text) for text in running]
        if not versions or () in versions:
            nothing = version if version.cause is not Cause.GARBLED else _sql_error(sql, version)
            return facts | unseen(("server_version_num", "version", "source", "support"), nothing)
        major, minor = (*min(versions), 0)[:2]
        return facts | _named(major * 10000 + minor, "the binary that runs", replies[1].asked_at.date())


def _absent(sql: ParsedReply, server: ParsedReply) -> bool | Missing:
    """Neither client nor server; a process that could not be looked for leaves it open."""
    if (trouble := sql.trouble or server.trouble) is not None:
        return trouble
    refusal = sql.refusal("sql")
    if refusal is None or "no-psql" not in refusal.reason:
        return False
    if server.known("running") or server.known("installed"):
        return False
    return server.refusal("running") or True


def _sql_error(sql: ParsedReply, missing: Missing) -> Missing:
    error = "".join((*sql.known("sql_error"), *sql.known("sql_missing")))
    return Missing(Cause.ERROR, f"PostgreSQL: {error}") if error else missing


def _named(version: int, source: str, today: date) -> dict[str, Fact | Missing]:
    major = version // 10000
    ends = END_OF_LIFE.get(major)
    if ends is None:
        support = ", no longer supported" if major < min(END_OF_LIFE) else ""
    else:
        support = f", {'supported until' if today <= ends else 'unsupported since'} {ends}"
    return {
        "server_version_num": version,
        "version": f"{major}.{version % 10000}",
        "source": source,
        "support": support,
    }
