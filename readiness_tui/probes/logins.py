"""A URL in an environment file, and a login with it as the application would."""

from __future__ import annotations

import re
from collections.abc import Mapping

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import TIMED_OUT, ParsedReply, cause_of, fields, number, unseen

LOOPBACK = re.compile(r"^(localhost|127\.[\d.]+|::1|none|/.*)$", re.IGNORECASE)

URL: dict[str, str] = {
    "url_state": "set, unset, absent (no file) or malformed (it does not split cleanly).",
    "url_scheme": "Its scheme.",
    "url_user": "Its user; `none` without one.",
    "url_host": "Its host; `none` without one.",
    "url_port": "Its port, or `default`.",
    "url_db": "Its database; for Redis the number.",
    "url_loopback": "Whether its host is this machine.",
    "sslmode": "Its sslmode; empty when it says none.",
    "pass_len": "Characters of its password after decoding; 0 without one.",
    "pass_classes": "Classes of characters in it: lower, upper, digits, others.",
}

POSTGRES: dict[str, str] = {
    "login": "ok or failed, with the URL's own credentials, read-only.",
    "login_error": "What the server said to a failed login.",
    "login_db": "The database the login reached.",
    "login_user": "The role it became.",
    "login_as_told": "Whether these are the URL's own.",
    "in_recovery": "Whether the server is a standby: t or f.",
    "tables": "Tables in schema public.",
}

REDIS: dict[str, str] = {
    "ping": "PONG, NOAUTH, WRONGPASS or refused.",
    "unneeded_password": "Whether the URL has a password and the server takes none.",
    "auth": "authenticated, or without a password.",
    "redis_version": "Redis's version; a Valkey server tells the one it is compatible with.",
    "redis_mode": "standalone, sentinel or cluster.",
    "role": "master or slave.",
    "server_name": "redis or valkey.",
}


def url(told: ParsedReply) -> dict[str, Fact | Missing]:
    """The URL's parts, from what env.url told; only `url_state` when it has none."""
    row = told.text("url")
    if isinstance(row, Missing):
        return unseen(URL, row)
    if row in ("unset", "absent", "malformed"):
        facts = unseen(URL, Missing(Cause.NOT_CONFIGURED, f"the URL is {row}"))
        facts["url_state"] = row
        return facts
    scheme, user, host, port, db, ssl = fields(row, 6)
    address = host.removeprefix("host ")
    return {
        "url_state": "set",
        "url_scheme": scheme,
        "url_user": user.removeprefix("user "),
        "url_host": address,
        "url_port": port.removeprefix("port "),
        "url_db": db.removeprefix("db "),
        "url_loopback": bool(LOOPBACK.match(address)),
        "sslmode": ssl.removeprefix("sslmode").strip(),
        "pass_len": told.number("pass_len"),
        "pass_classes": told.number("pass_classes"),
    }


def postgres_login(told: ParsedReply, parts: dict[str, Fact | Missing]) -> dict[str, Fact | Missing]:
    """What the login came to, from what env.dblogin told. parts: `url`'s facts."""
    facts = unseen(POSTGRES, _untried(told, parts))
    if (refusal := told.refusal("dblogin")) is not None:
        facts = unseen(POSTGRES, refusal)
    elif error := "".join(told.known("dblogin_error")[-1:]):
        elsewhere = parts["pass_len"] == 0 and re.search(r"(?i)password|authentication|\brole\b", error)
        missing = Missing(Cause.AUTH, f"the URL has no password, and the login failed: {error}")
        facts = unseen(POSTGRES, missing)
        if not elsewhere:
            facts |= {"login": "failed", "login_error": _after_fatal(error)}
    elif row := "".join(told.known("dblogin")[-1:]):
        db, user, _, recovery, tables = fields(row, 5)
        facts = {
            "login": "ok",
            "login_error": "",
            "login_db": db,
            "login_user": user,
            "login_as_told": (db, user) == (parts["url_db"], parts["url_user"]),
            "in_recovery": recovery,
            "tables": number("tables", tables),
        }
    return facts


def redis_login(told: ParsedReply, parts: dict[str, Fact | Missing]) -> dict[str, Fact | Missing]:
    """What PING and INFO came to, from what env.redislogin told. Exit statuses prove nothing."""
    facts = unseen(REDIS, _untried(told, parts))
    if (refusal := told.refusal("ping")) is not None:
        return unseen(REDIS, refusal)
    if error := "".join(told.known("ping_error")[-1:]):
        facts = unseen(REDIS, Missing(_redis_cause(error), f"Redis: {error.rpartition(' rc=')[0] or error}"))
        facts |= {"ping": word} if (word := _refusal(error)) else {}
    elif told.known("ping"):
        unneeded = bool(told.known("auth"))
        password = parts["pass_len"] not in (0, "") and not isinstance(parts["pass_len"], Missing)
        facts |= {"ping": "PONG", "unneeded_password": unneeded}
        facts["auth"] = "authenticated" if password and not unneeded else "without a password"
    for name in ("version", "mode", "role", "server_name"):
        if rows := told.known(f"redis_{name}"):
            facts[name if name in REDIS else f"redis_{name}"] = rows[-1]
    if not isinstance(facts["redis_version"], Missing) and not told.known("redis_server_name"):
        facts["server_name"] = "redis"
    return facts


def _untried(told: ParsedReply, parts: Mapping[str, Fact | Missing]) -> Missing:
    """Why there was no login, until one is found: the URL itself was not there to read."""
    state = parts["url_state"]
    no_url = state if isinstance(state, Missing) else Missing(Cause.UNSUPPORTED, "no login was tried")
    return told.trouble or no_url


def _refusal(error: str) -> str:
    words = (("NOAUTH", "NOAUTH"), ("WRONGPASS", "WRONGPASS"), ("refused", "refused"))
    return next((word for text, word in words if text in error), "")


def _redis_cause(error: str) -> Cause:
    if re.search(r"NOAUTH|WRONGPASS|NOPERM", error):
        return Cause.AUTH
    if match := re.search(r"rc=(\d+)$", error):
        if int(match[1]) in TIMED_OUT:
            return Cause.TIMEOUT
        if "connect" in error.lower():
            return Cause.UNREACHABLE
    return cause_of(error)


def _after_fatal(error: str) -> str:
    """The telling half of psql's line: what follows FATAL, or the last clause."""
    return error.rpartition("FATAL:")[2].strip() or error
