"""Kind `database`: roles, access, settings and contents of a PostgreSQL database, by its own answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from ipaddress import ip_network
from posixpath import normpath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from readiness_tui.model.base import Frozen
from readiness_tui.model.checklist import ProbeSpec
from readiness_tui.model.facts import Fact, Facts, Missing, plain
from readiness_tui.model.probe import Ask, CollectorAsk, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.kinds.database import contents, hba, listening, load, roles, tuning
from readiness_tui.probes.kinds.database.answers import Answers, Told
from readiness_tui.probes.kinds.service.kind import UNIT_NAME
from readiness_tui.probes.sentences import SentenceKind, settle

COLLECTORS = "env.reader+env.url+env.dblogin+pg.statements+pg.facts"
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*$")]


def _network(text: str) -> str:
    ip_network(text, strict=False)
    return text


Network = Annotated[str, AfterValidator(_network)]
SQL_NAME = r"^[^\x00-\x1f\x7f]{0,63}$"
"""PostgreSQL's names have 63 bytes; no control characters."""

RULES: dict[str, tuple[str, ...]] = {
    "created": ("created_problems", "db", "encoding", "owner", "db_note"),
    "dedicated": ("user_problems", "role", "password_length", "password_classes"),
    "privileges": (
        "privilege_problems",
        "public_note",
        "readable",
        "tables",
        "default_privileges",
    ),
    "minimal": ("minimal_problems", "owned_note"),
    "superusers": ("superuser_problems", "superusers"),
    "hba": ("hba_problems", "hba_rules", "remote_methods", "local_methods", "md5_note"),
    "listening": ("listen_problems", "listeners"),
    "extensions": ("extension_problems", "extensions"),
    "tracked": ("tracking_problems", "statements", "tracked_for"),
    "migrations": ("migration_problems", "migrations", "newest_migration"),
    "indexes": ("index_problems", "index_count", "index_note"),
    "statistics": ("statistics_problems", "large_tables"),
    "audit": ("audit_problems", "audit_note"),
    "tuned": ("tuning_problems", "buffers", "tuning", "restart_note"),
    "slow_log": ("slow_log_problems", "slow_log"),
    "log_target": ("log_target_problems", "log_target"),
    "vacuum": ("vacuum_problems", "xid_share"),
    "pooling": ("pooling_problems", "pooling"),
    "limits": ("limit_problems", "limit_note"),
    "optimized": ("pool_problems", "pool_note"),
    "slow_statements": ("slow_problems", "slow_note"),
    "heaviest": ("heavy_share", "heavy_ids"),
    "replication": ("replication_problems", "replication"),
    "archiving": ("archive_problems", "archive_note"),
}
"""The facts of each rule: a rule is asked only when the item speaks of one of its facts."""

FACTS: dict[str, str] = {
    "created_problems": "Why the application's database is not there or takes no connections.",
    "db": "Its name.",
    "encoding": "Its encoding.",
    "owner": "The role that owns it.",
    "db_note": "What is odd about its name or encoding, as a clause.",
    "user_problems": "Why the application's role is not its own, or its password is weak.",
    "role": "The application's role.",
    "password_length": "Characters of its password that count.",
    "password_classes": "How many of lower case, upper case, digits and others the password has.",
    "privilege_problems": "What PUBLIC may create, and tables that the role cannot use.",
    "public_note": "What PUBLIC may do, in words.",
    "readable": "Tables that the role can read.",
    "tables": "Tables of the application.",
    "default_privileges": "Entries of default privileges for objects made later.",
    "minimal_problems": "Attributes and memberships of the role that reach beyond its data.",
    "owned_note": "What the role owns, in words.",
    "superuser_problems": "Superusers that are not allowed, and rules that let one in from elsewhere.",
    "superusers": "Roles that can log in and are, or can become, a superuser.",
    "hba_problems": "Rules of pg_hba.conf that let somebody in without proof, or a file that is not loaded.",
    "hba_rules": "Rules in the file.",
    "remote_methods": "Methods of the rules for TCP.",
    "local_methods": "Methods of the rules for the socket.",
    "md5_note": "How many rules use md5, as a clause.",
    "listen_problems": "Addresses on which the database listens for others.",
    "listeners": "Addresses on which it listens.",
    "extension_problems": "Required extensions that are not created, or not loaded.",
    "extensions": "The required ones with their versions.",
    "tracking_problems": "Why pg_stat_statements records nothing.",
    "statements": "Statements it holds.",
    "tracked_for": "For how long.",
    "migration_problems": "Migrations that failed, or the release's newest that is not applied.",
    "migrations": "Which tool, and how many are applied.",
    "newest_migration": "The version of the newest applied.",
    "index_problems": "Invalid indexes, and large tables without one.",
    "index_count": "Indexes of the application.",
    "index_note": "Foreign keys without an index and sequential scans, in words.",
    "statistics_problems": "Large tables whose planner statistics are missing or old.",
    "large_tables": "Tables of 1000 rows or more.",
    "audit_problems": "Why the audit table is absent or not written to.",
    "audit_note": "Its newest row's age, or pgaudit.",
    "tuning_problems": "Settings that lose data, or do not fit the memory.",
    "buffers": "shared_buffers, beside what pgtune would set.",
    "tuning": "The other main settings in words.",
    "restart_note": "Settings that wait for a restart, as a clause.",
    "slow_log_problems": "Why slow queries of the application's role are not logged.",
    "slow_log": "The setting that logs them.",
    "log_target_problems": "Why the server's log is lost.",
    "log_target": "Where the server's log goes.",
    "vacuum_problems": "What keeps vacuum from its work.",
    "xid_share": "Per cent of autovacuum_freeze_max_age that the oldest transaction id has reached.",
    "pooling_problems": "Why the pools of all instances do not fit the server.",
    "pooling": "The pool in words.",
    "limit_problems": "Why the server's connections do not suffice.",
    "limit_note": "Connections needed and in use, in words.",
    "pool_problems": "Why the pool is too small or too large now.",
    "pool_note": "The application's connections now, in words.",
    "slow_problems": "Statements that are slow on average.",
    "slow_note": "Over which time none was slow.",
    "heavy_share": "Per cent of the time that the five heaviest statements take.",
    "heavy_ids": "Their query ids; never their texts.",
    "replication_problems": "What of the declared replication is not there, or is behind.",
    "replication": "Standbys and lag in words.",
    "archive_problems": "Why archiving WAL fails.",
    "archive_note": "Standbys, slots and archiving in words.",
}


class Source(Frozen):
    """Which database is asked, and what: equal for every item, so that a host is asked once.

    env_file, unit, variable: where the application's URL is. db, role: the names where no URL is. port: the
    server's. audit_table: name, or schema.name. pool_vars: variables with the pool's size. slow_mean_ms,
    min_calls: which statement counts as slow.
    """

    env_file: str = Field(pattern="^/")
    unit: str = Field(default="", pattern=f"^$|{UNIT_NAME}")
    variable: str = Field(default="DATABASE_URL", pattern=r"^[A-Za-z_]\w*$")
    db: str = Field(default="", pattern=SQL_NAME)
    role: str = Field(default="", pattern=SQL_NAME)
    port: int = Field(default=5432, ge=1, le=65535)
    audit_table: str = Field(default="", pattern=SQL_NAME)
    pool_vars: tuple[Variable, ...] = ()
    slow_mean_ms: int = Field(default=200, ge=0)
    min_calls: int = Field(default=20, ge=1)


class DatabaseParams(Frozen):
    """source: which database. password_min: characters. superusers: roles that may be one.

    extensions: required. topology, networks: where the server may listen. migration: the release's newest.
    instances: of the application. ram_share: of the host's memory that is PostgreSQL's. slow_ms: from when a
    query must be logged. replication: `none` or `physical`; max_lag_s: seconds.
    """

    source: Source
    password_min: int = Field(default=32, ge=8)
    superusers: tuple[str, ...] = ("postgres",)
    extensions: tuple[str, ...] = ()
    topology: Literal["local", "private", "managed"] = "local"
    networks: tuple[Network, ...] = ()
    migration: str = Field(default="", pattern=r"^[\w.-]*$")
    instances: int = Field(default=1, ge=1)
    ram_share: float = Field(default=1.0, gt=0, le=1)
    slow_ms: float = Field(default=1000, ge=0)
    replication: Literal["none", "physical"] = "none"
    max_lag_s: float = Field(default=30, ge=0)


def facts_ask(source: Source, spec: ProbeSpec) -> CollectorAsk:
    """The one ask of every item about the database."""
    args = (
        source.unit,
        normpath(source.env_file),
        source.variable,
        source.db,
        source.role,
        str(source.port),
        source.audit_table,
        ",".join(source.pool_vars),
        str(source.min_calls),
        str(source.slow_mean_ms),
    )
    return collect(COLLECTORS, *args, spec=spec)


class Database(SentenceKind[DatabaseParams]):
    """One look at the server answers every item; each item names the facts that it is judged by."""

    name = "database"
    Params = DatabaseParams
    facts = FACTS
    moving = frozenset(
        {"statements", "tracked_for", "limit_note", "pool_note", "slow_note", "heavy_ids", "heavy_share"}
        | {"replication", "archive_note", "audit_note", "index_note"}
    )

    def asks(self) -> tuple[Ask, ...]:
        """pg.facts."""
        return (facts_ask(self.params.source, self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The facts of the rules that the item speaks of."""
        answers = Answers(replies[0])
        told: dict[str, Fact | Missing] = {"db": answers.db, "role": answers.role}
        for name, rule in self._rules().items():
            if self.named.intersection(RULES[name]):
                told |= rule(answers)
        return told

    def evidence(self, facts: Facts) -> str:
        """What the server told, where the item's own line could not be filled."""
        return ", ".join(plain(fact) for fact in self._cited(facts).values() if fact != "nothing")

    def _rules(self) -> dict[str, Callable[[Answers], Told]]:
        p = self.params
        return {
            "created": roles.created,
            "dedicated": partial(roles.dedicated, minimum=p.password_min),
            "privileges": roles.privileges,
            "minimal": roles.minimal,
            "superusers": self._superusers,
            "hba": hba.rules,
            "listening": partial(
                listening.listening, topology=p.topology, networks=p.networks, port=p.source.port
            ),
            "extensions": partial(contents.extensions, required=p.extensions),
            "tracked": contents.tracked,
            "migrations": partial(contents.migrations, expected=p.migration),
            "indexes": contents.indexes,
            "statistics": contents.statistics,
            "audit": partial(contents.audit, table=p.source.audit_table),
            "tuned": partial(tuning.tuned, ram_share=p.ram_share),
            "slow_log": partial(tuning.slow_log, slow_ms=p.slow_ms),
            "log_target": tuning.log_target,
            "vacuum": tuning.vacuum,
            "pooling": partial(load.pooling, instances=p.instances),
            "limits": partial(load.limits, instances=p.instances),
            "optimized": load.optimized,
            "slow_statements": partial(
                load.slow_statements, mean_ms=p.source.slow_mean_ms, calls=p.source.min_calls
            ),
            "heaviest": load.heaviest,
            "replication": partial(load.replication, kind=p.replication, max_lag_s=p.max_lag_s),
            "archiving": load.archiving,
        }

    def _superusers(self, answers: Answers) -> Told:
        """Superusers by name, and the rules of pg_hba.conf that let one in from another machine."""
        told = roles.superusers(answers, self.params.superusers)
        problems = told["superuser_problems"]
        if isinstance(problems, Missing):
            return told
        assert isinstance(problems, tuple)
        names = str(told["superusers"]).split(", ")
        let_in, doubts = hba.exposed(answers, names)
        return {**told, "superuser_problems": settle([*problems, *let_in], doubts)}
