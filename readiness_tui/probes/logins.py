"""A URL in the environment, and the result of a login with it as the application."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields, number

LOOPBACK = re.compile(r"^(localhost|127\.[\d.]+|::1|none|/.*)$", re.IGNORECASE)

KEYWORDS = "keywords"
"""Stands for a scheme where the text is a list of keywords, `host=... dbname=...` (libpq)."""

READS_KEYWORDS = frozenset({"libpq", "tokio-postgres"})
"""Drivers that take such a list."""

TEST_NAMES = frozenset(
    ["test", "testing", "tests", "staging", "stage", "dev", "devel", "development", "sandbox", "demo", "qa"]
)
"""Whole words in a database name that indicate a test database."""

MALFORMED = {
    "scheme": "has no scheme such as postgres://",
    "hash": "contains an unescaped # (write %23 in a password)",
    "at": "contains an unescaped @, / or ? (write %40, %2F or %3F in a password)",
    "query": "contains an unescaped ? or a parameter without a value",
    "percent": "contains a % that is not followed by two hexadecimal digits (write %25)",
    "port": "has a port that is not a number from 1 to 65535 (or an unescaped / ? # in the password)",
    "host": "has a host name that is not valid",
    "path": "is a socket URL without an absolute path",
    "database": "has a database that is not a number",
    "fragment": "has a fragment that the driver refuses",
    "sslmode": "has an sslmode that does not exist",
    "control": "contains control characters",
    "keyword": "has keywords that libpq does not know",
}

PG_FAILS = {
    "password-refused": "the server refuses the password",
    "host-refused": "pg_hba.conf has no entry that lets this user in from this host",
    "no-role": "the role does not exist",
    "login-refused": "the role may not log in (NOLOGIN)",
    "no-database": "the database does not exist",
    "database-refused": "the role may not connect to the database",
    "refused": "nothing listens at its address (connection refused)",
    "no-such-host": "its host name does not resolve",
    "no-socket": "its socket does not exist",
    "no-tls": "the server does not offer the TLS it asks for",
    "no-root-certificate": "its root certificate file does not exist",
    "certificate-refused": "the server's certificate does not verify",
    "password-asked": "the server asks for a password and the URL has none",
    "wrong-server": "no server with the demanded target_session_attrs answers",
    "unreachable": "its host cannot be reached",
}
PG_DOUBTS = {
    "peer": (Cause.DENIED, "the server wants the service's own operating-system user (peer)"),
    "timeout": (Cause.TIMEOUT, "the database did not answer within 12 s"),
    "busy": (Cause.UNREACHABLE, "the database accepts no more connections now"),
    "denied": (Cause.DENIED, "this user may not read the certificate files or the socket that the URL names"),
}

REDIS_FAILS = {
    "refused": "nothing listens at its address (connection refused)",
    "no-such-host": "its host name does not resolve",
    "no-socket": "its socket does not exist",
    "plain-port": "it asks for TLS, and the server speaks plain text",
    "reset": "the server closes the connection (does it speak TLS?)",
}
REDIS_DOUBTS = {
    "timeout": (Cause.TIMEOUT, "Redis did not answer within 6 s"),
    "busy": (Cause.UNREACHABLE, "Redis is loading, or accepts no more connections"),
    "denied": (Cause.DENIED, "this user may not open the socket that the URL names"),
    "certificate-refused": (
        Cause.UNSUPPORTED,
        "the server's certificate does not verify with this host's authorities",
    ),
    "no-tls-client": (Cause.NO_TOOL, "redis-cli on this host cannot speak TLS"),
}

URL: dict[str, str] = {
    "url_scheme": "Its scheme.",
    "url_user": "Its user; `none` without one.",
    "url_host": "Its hosts; `none` without one.",
    "url_port": "Its ports, or `default`.",
    "url_db": "Its database; for Redis the number.",
    "sslmode": "Its sslmode; empty when it says none.",
    "pass_len": "Bytes of its password after decoding; 0 without one.",
}
POSTGRES: dict[str, str] = {
    "tables": "Tables in schema public.",
    "server_version_num": "The server's version.",
}
REDIS: dict[str, str] = {
    "redis_version": "Redis's version; a Valkey server tells the one it is compatible with.",
    "redis_mode": "standalone, sentinel or cluster.",
    "role": "master or slave.",
    "server_name": "redis or valkey.",
    "auth": "authenticated, or without a password.",
}


@dataclass(frozen=True, slots=True)
class Login:
    """Problems of a URL and its login, and what is not known; facts for the evidence."""

    problems: tuple[str, ...] = ()
    doubts: tuple[Missing, ...] = ()
    facts: Mapping[str, Fact | Missing] | None = None


def login(reply: ParsedReply, prefix: str, driver: str, schemes: str) -> Login:
    """Judge the URL whose facts start with the prefix. schemes: `postgres` or `redis`."""
    row = reply.text(f"{prefix}url", "")
    if isinstance(row, Missing):
        return Login(doubts=(row,))
    state, _, rest = row.partition("|")
    if state == "malformed":
        return Login((MALFORMED.get(rest, "is malformed"),))
    if state != "set":
        return Login(doubts=(Missing(Cause.GARBLED, "the URL is missing from the output"),))
    scheme, user, host, port, db, ssl, length = fields(rest, 8)[:7]
    facts: dict[str, Fact | Missing] = {
        "url_scheme": scheme,
        "url_user": user,
        "url_host": host,
        "url_port": port,
        "url_db": db,
        "sslmode": ssl,
        "pass_len": number("pass_len", length),
    }
    if schemes == "postgres":
        return _postgres(reply, prefix, driver, facts)
    return _redis(reply, prefix, facts)


def _named(scheme: str) -> str:
    return scheme if " " in scheme else f"{scheme}://"


def _postgres(reply: ParsedReply, prefix: str, driver: str, facts: dict[str, Fact | Missing]) -> Login:
    scheme, host, db = str(facts["url_scheme"]), str(facts["url_host"]), str(facts["url_db"])
    problems: list[str] = []
    doubts: list[Missing] = []
    if scheme == KEYWORDS:
        if driver not in ("any", *READS_KEYWORDS):
            return Login((f"is in libpq's keyword form, which {driver} does not read",), (), facts)
        if driver == "any":
            reason = "it is in libpq's keyword form, which not every driver reads: set db_driver"
            doubts.append(Missing(Cause.UNSUPPORTED, reason))
    elif not re.match(r"postgres(ql)?([+]|$)", scheme, re.I):
        return Login((f"begins with {_named(scheme)} (expected: postgres://)",), (), facts)
    elif "+" in scheme and driver != "sqlalchemy":
        doubts.append(Missing(Cause.UNSUPPORTED, f"{scheme}:// is read by SQLAlchemy only: set db_driver"))
    elif scheme not in ("postgres", "postgresql") and "+" not in scheme:
        doubts.append(
            Missing(Cause.UNSUPPORTED, "the scheme is not in lower case, which libpq does not take")
        )
    if TEST_NAMES & set(re.split(r"[^a-z]+", db.lower())):
        problems.append(f"names the database {db}, a test database by its name")
    if facts["sslmode"] == "disable" and not all(LOOPBACK.match(name) for name in host.split(",")):
        problems.append(f"sends its password to {host} without TLS (sslmode=disable)")
    if driver == "sqlx" and "," in host:
        problems.append("lists several hosts, which sqlx refuses")
    if reply.text(f"{prefix}password_asked", "") == "no":
        problems.append("has a password, but the server lets this user in without one (trust)")
    wrong, unsure = _pg_login(reply, prefix, facts)
    return Login((*problems, *wrong), (*doubts, *unsure), facts)


def _pg_login(
    reply: ParsedReply, prefix: str, facts: dict[str, Fact | Missing]
) -> tuple[list[str], list[Missing]]:
    if (refusal := reply.refusal(f"{prefix}dblogin")) is not None:
        reason = refusal.reason
        if "psql" in reason:
            reason = "psql is not installed here: no login was tried"
        elif "service" in reason:
            reason = "it names a service of pg_service.conf, which is not read here"
        return [], [Missing(refusal.cause, reason)]
    if error := "".join(reply.known(f"{prefix}dblogin_error")[-1:]):
        if error in PG_FAILS:
            return [f"does not log in: {PG_FAILS[error]}"], []
        cause, reason = PG_DOUBTS.get(
            error, (Cause.ERROR, "the login failed for a reason that is not known here")
        )
        return [], [Missing(cause, reason)]
    row = "".join(reply.known(f"{prefix}dblogin")[-1:])
    if not row:
        return [], [Missing(Cause.GARBLED, "the login's result is missing from the output")]
    db, user, version, recovery, tables, as_told = fields(row, 6)
    facts |= {"tables": number("tables", tables), "server_version_num": number("server_version_num", version)}
    problems = []
    if as_told != "yes":
        problems.append(f"reaches the database {db} as {user}, which is not what it names")
    if recovery != "f":
        problems.append("reaches a standby, which takes no writes")
    return problems, []


def _redis(reply: ParsedReply, prefix: str, facts: dict[str, Fact | Missing]) -> Login:
    scheme = str(facts["url_scheme"])
    facts |= server(reply)
    if not re.match(r"(redis|rediss|valkey|valkeys|unix)([+-]|$)", scheme):
        return Login((f"begins with {_named(scheme)} (expected: redis:// or rediss://)",), (), facts)
    if (refusal := reply.refusal(f"{prefix}ping")) is not None:
        return Login(
            (), (Missing(refusal.cause, "redis-cli is not installed here: no login was tried"),), facts
        )
    ping, first, auth, select = (
        "".join(reply.known(f"{prefix}{name}")[-1:]) for name in ("ping", "first", "auth", "select")
    )
    if ping in REDIS_FAILS:
        return Login((f"does not log in: {REDIS_FAILS[ping]}",), (), facts)
    problems = []
    if auth == "WRONGPASS":
        problems.append("does not log in: the server refuses the password")
    elif auth == "not-asked":
        problems.append("has a password, but the server asks for none")
    elif ping == "NOAUTH":
        problems.append("does not log in: the server asks for a password and the URL has none")
    if select in ("no-such-database", "cluster"):
        problems.append(f"names the database {facts['url_db']}, which the server does not have")
    if problems:
        return Login(tuple(problems), (), facts)
    known = auth in ("OK", "none") and select in ("OK", "NOPERM") and ping in ("PONG", "NOPERM")
    if not known:
        word = next((word for word in (ping, first, auth, select) if word in REDIS_DOUBTS), "")
        cause, reason = REDIS_DOUBTS.get(word, (Cause.ERROR, "Redis gave an answer that is not known here"))
        return Login((), (Missing(cause, reason),), facts)
    facts["auth"] = "authenticated" if auth == "OK" else "without a password"
    return Login((), (), facts)


def server(reply: ParsedReply) -> dict[str, Fact | Missing]:
    """Version, mode and role, from INFO or else from HELLO."""
    unknown = Missing(Cause.UNSUPPORTED, "the server did not tell its version")
    told: dict[str, Fact | Missing] = {}
    for fact, names in (
        ("redis_version", ("redis_version", "hello_version")),
        ("redis_mode", ("redis_mode", "hello_mode")),
        ("role", ("redis_role", "hello_role")),
        ("server_name", ("redis_server_name", "hello_server")),
    ):
        rows = [row for name in names for row in reply.known(name)[-1:]]
        told[fact] = rows[0] if rows else unknown
    if not isinstance(told["redis_version"], Missing) and isinstance(told["server_name"], Missing):
        told["server_name"] = "redis"
    return told
