"""Kind `env-file`: the environment that systemd gives a unit, compared with its process's, and logins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from posixpath import normpath
from typing import Annotated

from pydantic import AfterValidator, Field

from readiness_tui import bounded_regex
from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, CollectorAsk, Reply
from readiness_tui.probes import logins
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.environment import Environment, environment
from readiness_tui.probes.facts import ParsedReply, settle
from readiness_tui.probes.kinds.env_file import passwords, rules
from readiness_tui.probes.kinds.service.kind import UNIT_NAME

FILE: dict[str, str] = {
    "file_problems": "What is wrong with the file itself: absent, empty, not text, or not read by the unit.",
    "exists": "Whether the file is there.",
    "file": "Its path.",
    "variables": "How many variables it sets.",
    "unit_note": "Which unit reads it, as a clause for the evidence.",
}
VARIABLES: dict[str, str] = {
    "required_problems": "Required variables that are not set, empty, a placeholder, or set twice.",
    "set_vars": "How many of the required variables are set, in words.",
    "restart_note": "Variables of which the running process has another value, as a clause.",
    "key_problems": "Keys that are not set, placeholders, test keys, too short, or in the wrong variable.",
    "keys": "Each key's shape.",
    "stellar_problems": "Stellar variables that do not name the public network.",
    "stellar_setting": "The network variable and its value.",
    "stellar_note": "The passphrase in words.",
    "log_problems": "Why the level of everything that has none of its own is not one of `levels`.",
    "log_setting": "The variable that sets it, and its value.",
    "log_note": "Targets with a verbose level of their own, as a clause for the evidence.",
}
LOGIN: dict[str, str] = {
    "database_problems": "Why the application cannot log in to PostgreSQL with the URL, or should not.",
    "redis_problems": "Why the application cannot log in to Redis with the URL, or should not.",
    "process_note": "Whether the running process has another URL, as a clause.",
    "password_problems": "Why the URL's password is weak, or is not what lets the application in.",
    "password_length": "Characters of the password that count.",
    "password_classes": "How many of lower case, upper case, digits and others the password has.",
    "login_note": "Whether a login with it was possible, as a clause.",
}


class EnvFileParams(Frozen):
    """path: the file. unit: who reads it. required: names that must be set.

    api_keys: variables with the prefix of a live key. url: the variable to log in with. stellar:
    pattern of names that concern Stellar; network: the one that names it. levels: log levels that
    are allowed. db_driver: whose grammar a database URL has: any, sqlx, libpq, tokio-postgres,
    sqlalchemy. password_min: characters a database password has at least.
    """

    path: str = Field(pattern="^/")
    unit: str = Field(default="", pattern=f"^$|{UNIT_NAME}")
    required: tuple[str, ...] = ()
    api_keys: Mapping[str, rules.Prefix] = {}
    url: str = Field(default="", pattern=r"^([A-Za-z_]\w*)?$")
    stellar: Annotated[str, AfterValidator(bounded_regex.check)] = "STELLAR_|HORIZON|SOROBAN"
    network: str = Field(default="STELLAR_NETWORK", pattern=r"^[A-Za-z_]\w*$")
    levels: tuple[str, ...] = ("info", "warn")
    db_driver: str = Field(
        default="any", pattern="^(any|sqlx|libpq|tokio-postgres|sqlalchemy|node-postgres)$"
    )
    password_min: int = Field(default=32, ge=8)


class EnvFile(Kind[EnvFileParams]):
    """Values stay on the host; asks only what the conditions speak of."""

    name = "env-file"
    Params = EnvFileParams
    facts = FILE | VARIABLES | LOGIN | logins.URL | logins.POSTGRES | logins.REDIS

    def asks(self) -> tuple[Ask, ...]:
        """env.scan, or env.url with the login that is spoken of."""
        params = self.params
        if self.named & {"database_problems", "password_problems"}:
            return (self._url("env.dblogin"),)
        if "redis_problems" in self.named:
            return (self._url("env.redislogin"),)
        names = dict.fromkeys(
            (
                *params.required,
                *params.api_keys,
                params.network,
                "RUST_LOG",
                "LOG_LEVEL",
                "DATABASE_URL",
                "REDIS_URL",
            )
        )
        more = f"({params.stellar})|FRIENDBOT|NETWORK_PASSPHRASE"
        args = (params.unit, normpath(params.path), ",".join(sorted(names)), more)
        return (collect("env.reader+env.scan", *args, spec=self.spec),)

    def _url(self, login: str) -> CollectorAsk:
        args = (self.params.unit, normpath(self.params.path), self.params.url)
        return collect(f"env.reader+env.url+{login}", *args, spec=self.spec)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The facts of the file, of its variables or of the login, whichever was asked."""
        params = self.params
        reply = ParsedReply(replies[0])
        env = environment(reply, normpath(params.path), params.unit)
        if "password_problems" in self.named:
            return passwords.judged(reply, env, params.url, params.password_min)
        if "database_problems" in self.named:
            return _login(reply, env, params, "postgres", "database_problems")
        if "redis_problems" in self.named:
            return _login(reply, env, params, "redis", "redis_problems")
        return {
            **_file(env, normpath(params.path), params.unit),
            **rules.required(env, params.required),
            **rules.api_keys(env, params.api_keys),
            **rules.stellar(env, params.stellar, params.network),
            **rules.log_level(env, params.levels),
        }


def _file(env: Environment, path: str, unit: str) -> dict[str, Fact | Missing]:
    optional, state, count = env.files.get(path, ("", "", 0))
    if env.reads == "listed" and not state:  # it is read under another name, by a link or a pattern
        count = sum(number for _, _, number in env.files.values())
        state = "read" if count else state
    problems = list(env.problems)
    doubts = [doubt for doubt in (env.doubt, env.unread) if doubt is not None]
    if state == "read" and not count:
        problems.append(f"{path} sets no variable")
    if env.reads == "other":
        others = ", ".join(one for one, row in env.files.items() if row[0] != "d")
        problems.append(f"{unit} reads {others or 'other files'}, not {path}")
    elif env.reads == "unseen":
        doubts.append(Missing(Cause.DENIED, f"this user may not see whether {unit} reads {path}"))
    elif env.reads == "none" and env.unit == "loaded":
        doubts.append(
            Missing(Cause.UNSUPPORTED, f"{unit} reads no environment file: only the program itself could")
        )
    elif state == "too-large":
        doubts.append(Missing(Cause.UNSUPPORTED, f"{path} is larger than 1 MiB"))
    note = f", read by {unit}" if env.reads == "listed" and env.unit == "loaded" else ""
    if optional == "1":
        note += " (which starts without it, too)"
    gone = Missing(Cause.ERROR, f"{path} was not looked at") if not state else None
    return {
        "file_problems": settle(problems, doubts),
        "exists": env.doubt or gone or state != "absent",
        "file": path,
        "variables": env.doubt or gone or count,
        "unit_note": note,
    }


def _login(
    reply: ParsedReply, env: Environment, params: EnvFileParams, scheme: str, name: str
) -> dict[str, Fact | Missing]:
    if (blocked := rules.gate(env)) is not None:
        return {name: blocked, "process_note": ""}
    state = reply.text("url", "")
    if state in ("unset", "only-in-file"):
        if state == "unset":
            return {name: (f"{params.url} is not set",), "process_note": ""}
        why = Missing(Cause.UNSUPPORTED, f"{params.url} is only in a file that the unit does not read")
        return {name: why, "process_note": ""}
    file = logins.login(reply, "", params.db_driver, scheme)
    problems = [f"{params.url} {problem}" for problem in file.problems]
    doubts = list(file.doubts)
    live = reply.text("process_url", "")
    note = ""
    if live == "missing":
        problems.append(f"{params.url} is missing from the running process: restart the service")
    elif isinstance(live, str) and live and live != "same":
        note = "; the running process still has another URL"
        wrong, unsure = _live(logins.login(reply, "process_", params.db_driver, scheme), params.url)
        problems += wrong
        doubts += unsure
    doubts += rules.doubts_of(env)
    return {name: settle(problems, doubts), "process_note": note, **(file.facts or {})}


def _live(process: logins.Login, url: str) -> tuple[list[str], list[Missing]]:
    """The process's own URL: wrong in itself fails; a password changed since then is only in doubt."""
    password = [problem for problem in process.problems if "refuses the password" in problem]
    wrong = [
        f"the running process's {url} {problem}" for problem in process.problems if problem not in password
    ]
    doubt = f"the running process has another {url}, whose password the server refuses: restart the service"
    return wrong, [Missing(Cause.AUTH, doubt)] if password else []
