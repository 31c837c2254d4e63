"""Kind `redis`: the version of the server that answers, Redis or Valkey."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes import logins
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply

FACTS: dict[str, str] = {
    "ping": logins.REDIS["ping"],
    "redis_version": logins.REDIS["redis_version"],
    "redis_mode": logins.REDIS["redis_mode"],
    "role": logins.REDIS["role"],
    "server_name": logins.REDIS["server_name"],
    "absent": "Whether nothing listens on the port and no server's program is installed.",
}


class RedisParams(Frozen):
    """env_file, variable: where the URL with the password is. port: when there is no URL."""

    env_file: str = Field(pattern="^/")
    variable: str = Field(default="REDIS_URL", pattern=r"^[A-Za-z_]\w*$")
    port: int = Field(default=6379, ge=1, le=65535)


class Redis(Kind[RedisParams]):
    """The process that answers decides, not the file on disk; without a URL, loopback is asked."""

    name = "redis"
    Params = RedisParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """A login with the URL or the default, and redis.server."""
        params = self.params
        login = "env.url+redis.default+env.redislogin"
        return (
            collect(login, params.env_file, params.variable, str(params.port), spec=self.spec),
            collect("redis.server", str(params.port), spec=self.spec),
        )

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The login's facts, and whether there is a server at all."""
        login, server = (ParsedReply(reply) for reply in replies)
        found = logins.redis_login(login, logins.url(login))
        facts: dict[str, Fact | Missing] = {name: found[name] for name in FACTS if name in found}
        if found["ping"] == "PONG" and isinstance(found["redis_version"], Missing):
            facts["redis_version"] = Missing(Cause.DENIED, "Redis answers PING, but not INFO")
        answers = not isinstance(found["ping"], Missing) and found["ping"] != "refused"
        return facts | {"absent": False if answers else _absent(server)}


def _absent(server: ParsedReply) -> bool | Missing:
    listening = server.number("listening")
    if server.known("running") or server.known("installed"):
        return False
    return listening if isinstance(listening, Missing) else listening == 0
