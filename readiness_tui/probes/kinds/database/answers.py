"""What `pg.facts` answered: one row of columns for each statement, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Reply
from readiness_tui.probes import logins
from readiness_tui.probes.facts import ParsedReply, fields

SETTING_COLUMNS = 6

GRANTS = {
    "hba": "in this database: grant select on pg_hba_file_rules to ROLE;"
    " grant execute on function pg_hba_file_rules() to ROLE",
    "mig": "grant select on the migrations table to ROLE",
    "audit": "grant select on the audit table to ROLE",
}
"""Statements that the role pg_monitor does not see, and what would show them to the login user's role."""

MONITOR = "create role ROLE login; grant pg_monitor to ROLE (ROLE is the name of the login user)"

CANCELLED, NOT_LOADED = "57014", "55000"
"""SQLSTATE of a statement that took too long, and of a library that is not loaded (PostgreSQL manual, A)."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of pg_settings. boot: it is the built-in default. pending: it waits for a restart."""

    value: str
    unit: str
    boot: bool
    pending: bool
    source: str


class Answers:
    """The statements' answers, and where they came from.

    db, role: the application's, `none` when not known. port: the server's own. here: no URL names another
    host. has_url: the environment file's URL was read.
    """

    def __init__(self, reply: Reply) -> None:
        self.reply = ParsedReply(reply)
        target = "".join(self.reply.known("target")[-1:])
        self.db, self.role, self.port, url, self.login, here = fields(target, 6)
        self.has_url, self.here = url == "1", here == "1"
        sessions = [fields(row, 11) for row in self.reply.known("session")]
        self.sessions = {row[0]: row[1:] for row in sessions}

    @property
    def doubt(self) -> Missing | None:
        """Why no statement was answered at all."""
        if self.reply.trouble is not None:
            return self.reply.trouble
        if self.sessions:
            return None
        refused = "".join(self.reply.refused("session")[:1])
        if refused == "no-psql":
            return Missing(Cause.NO_TOOL, "psql is not installed on this host, so the database was not asked")
        if refused.startswith("unsupported"):
            return Missing(Cause.NO_TOOL, "psql on this host is older than 11")
        if (unread := self.reply.refusal("env")) is not None and not self.has_url:
            return Missing(
                unread.cause, "this user may not read the environment file that names the database"
            )
        if refused == "not-configured" or not self.reply.known("target"):
            return Missing(
                Cause.NOT_CONFIGURED,
                "no DATABASE_URL on this host names the database: set expected_db and expected_user",
            )
        return self._no_session(refused.removeprefix("no-session").strip())

    def _no_session(self, word: str) -> Missing:
        named = f"database {self.db} on port {self.port}"
        if word in logins.PG_FAILS:
            cause = (
                Cause.AUTH if word in ("password-refused", "no-role", "host-refused") else Cause.UNREACHABLE
            )
            return Missing(cause, f"no login to {named}: {logins.PG_FAILS[word]}", MONITOR)
        if word in logins.PG_DOUBTS:
            cause, why = logins.PG_DOUBTS[word]
            return Missing(cause, f"no login to {named}: {why}", MONITOR)
        return Missing(Cause.AUTH, f"no login to {named} succeeded", MONITOR)

    def missing(self, name: str) -> Missing:
        """Why a statement was not answered."""
        if (doubt := self.doubt) is not None:
            return doubt
        if self.reply.refused(name):
            grant = GRANTS.get(name, MONITOR)
            return Missing(
                Cause.DENIED, f"no role that could be used may see {SUBJECTS.get(name, name)}", grant
            )
        if self.error(name) == CANCELLED:
            return Missing(
                Cause.TIMEOUT, f"the server took longer than 5 s to tell {SUBJECTS.get(name, name)}"
            )
        if state := self.error(name):
            return Missing(
                Cause.UNSUPPORTED, f"the server did not tell {SUBJECTS.get(name, name)} (SQLSTATE {state})"
            )
        return Missing(Cause.GARBLED, f"{SUBJECTS.get(name, name)}: not told")

    def error(self, name: str) -> str:
        """The SQLSTATE with which a statement ended; empty when it did not fail."""
        return "".join(self.reply.known(f"{name}_error")[-1:])

    def rows(self, name: str, columns: int) -> list[tuple[str, ...]] | Missing:
        """Every row of a statement; an empty list only when the server told that there is none."""
        if self.doubt is not None:
            return self.doubt
        if rows := self.reply.known(name):
            return [fields(row, columns) for row in rows]
        return [] if self.reply.known(f"{name}_rows") else self.missing(name)

    def row(self, name: str, columns: int) -> tuple[str, ...] | Missing:
        """The one row of a statement that always has one."""
        rows = self.rows(name, columns)
        if isinstance(rows, Missing):
            return rows
        return rows[0] if rows else Missing(Cause.GARBLED, f"{SUBJECTS.get(name, name)}: no row")

    def numbers(
        self, name: str, columns: int, text: int = 0
    ) -> tuple[tuple[float, ...], tuple[str, ...]] | Missing:
        """The one row as numbers, its last `text` columns as they are; missing when a number is none."""
        row = self.row(name, columns + text)
        if isinstance(row, Missing):
            return row
        try:
            return tuple(float(cell) for cell in row[:columns]), row[columns:]
        except ValueError:
            return Missing(Cause.GARBLED, f"{SUBJECTS.get(name, name)}: {row[0][:20]} is not a number")

    def settings(self) -> dict[str, Setting] | Missing:
        """The settings that were asked for and exist on this server."""
        rows = self.rows("settings", SETTING_COLUMNS)
        if isinstance(rows, Missing):
            return rows
        return {
            name: Setting(value, unit, boot == "t", pending == "t", source)
            for name, value, unit, boot, pending, source in rows
        }

    def role_doubt(self) -> Missing | None:
        """Why the application's role is not known."""
        if self.doubt is not None:
            return self.doubt
        if self.role in ("none", ""):
            return Missing(
                Cause.NOT_CONFIGURED, "the application's database role is not known: set expected_user"
            )
        return None


SUBJECTS = {
    "dbexists": "the list of databases",
    "role": "the application's role",
    "owns": "what the role owns",
    "tabpriv": "the privileges on tables",
    "public": "the privileges of PUBLIC",
    "supers": "the superusers",
    "superpw": "which superusers have a password",
    "hba": "the rules of pg_hba.conf",
    "files": "the server's file names and preloaded libraries",
    "settings": "the settings",
    "ext": "the extensions",
    "pss": "pg_stat_statements",
    "slowstmt": "pg_stat_statements",
    "topstmt": "pg_stat_statements",
    "mig": "the migrations table",
    "conns": "the connections",
    "activity": "the sessions of other roles",
    "stats": "the statistics of tables",
    "vac": "the state of vacuum",
    "repl": "the replication",
    "slots": "the replication slots",
    "arch": "the WAL archiver",
    "fk": "the foreign keys",
    "idx": "the indexes",
    "audit": "the audit table",
}
"""What each statement tells, for the reasons why it could not."""

Told = dict[str, "str | int | float | bool | tuple[str, ...] | Missing"]
Rule = Callable[[Answers], Told]
