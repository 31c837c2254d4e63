"""Kind `redis`: the version of the server that answers, Redis or Valkey."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import normpath

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing, version_key
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes import logins
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, fields, unseen
from readiness_tui.probes.kinds.service.kind import UNIT_NAME

FACTS: dict[str, str] = {
    "version_problems": "Why the server is absent or older than `min_version`.",
    "redis_version": logins.REDIS["redis_version"],
    "redis_mode": logins.REDIS["redis_mode"],
    "role": logins.REDIS["role"],
    "server_name": logins.REDIS["server_name"],
}


class RedisParams(Frozen):
    """env_file, unit, variable: where the URL with the password is. port: when there is no URL.

    min_version: text such as `6.0`.
    """

    env_file: str = Field(pattern="^/")
    unit: str = Field(default="", pattern=f"^$|{UNIT_NAME}")
    variable: str = Field(default="REDIS_URL", pattern=r"^[A-Za-z_]\w*$")
    port: int = Field(default=6379, ge=1, le=65535)
    min_version: str = "6.0"


class Redis(Kind[RedisParams]):
    """The process that answers decides, not the file on disk; without a URL, loopback is asked."""

    name = "redis"
    Params = RedisParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """A login with the URL or without one, and redis.server."""
        params = self.params
        args = (params.unit, normpath(params.env_file), params.variable, str(params.port))
        return (
            collect("env.reader+env.url+env.redislogin", *args, spec=self.spec),
            collect("redis.server", str(params.port), spec=self.spec),
        )

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The login's facts; where it told no version, the running binary's."""
        login, server = (ParsedReply(reply) for reply in replies)
        facts: dict[str, Fact | Missing] = {}
        facts |= logins.server(login) if login.trouble is None else unseen(logins.REDIS, login.trouble)
        version = facts["redis_version"]
        if isinstance(version, Missing):
            version = facts["redis_version"] = _by_binary(server, login.trouble)
            name = next((fields(row, 3)[0] for row in server.known("running")), "")
            facts["server_name"] = name.removesuffix("-server") if name else facts["server_name"]
        facts["version_problems"] = _judged(version, server, _nobody(login), self.params.min_version)
        return {name: facts[name] for name in FACTS}


def _by_binary(server: ParsedReply, trouble: Missing | None) -> str | Missing:
    """The version of the binary behind the process on the port, or of the only one."""
    if server.trouble is not None:
        return server.trouble
    rows = [fields(row, 3) for row in server.known("running")]
    ours = [row for row in rows if row[1] == "on port"] or rows
    if len(ours) == 1 and version_key(ours[0][2]):
        return ours[0][2]
    if (refusal := server.refusal("running")) is not None:
        return refusal
    return trouble or Missing(Cause.AUTH, "Redis did not tell its version: no login succeeded")


def _nobody(login: ParsedReply) -> bool:
    """Whether something was asked and nothing listens where the URL, or without one loopback, leads."""
    pings = [ping for name in ("ping", "process_ping", "default_ping") for ping in login.known(name)]
    return bool(pings) and set(pings) <= {"refused", "no-socket"}


def _judged(version: Fact | Missing, server: ParsedReply, nobody: bool, wanted: str) -> Fact | Missing:
    if isinstance(version, Missing):
        listening = server.number("listening")
        silent = server.trouble is None and server.refusal("running") is None and listening == 0
        if silent and not server.known("running"):
            if not server.known("installed"):
                return ("no Redis server runs and none is installed",)
            if nobody:
                return (f"no Redis server runs ({server.known('installed')[0]} is installed)",)
        return version
    key = version_key(str(version))
    if not key:
        return Missing(Cause.GARBLED, f"Redis told the version {version}")
    if key < version_key(wanted):
        return (f"Redis {version} runs (expected: {wanted} or newer)",)
    return ()
