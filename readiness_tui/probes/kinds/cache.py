"""Kind `cache`: whether Redis keeps within its memory and drops, or keeps, what it is meant to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from posixpath import normpath
from typing import Literal

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes import logins
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, fields
from readiness_tui.probes.kinds.service.kind import UNIT_NAME
from readiness_tui.probes.sentences import SentenceKind, settle

COLLECTORS = "env.reader+env.url+env.redislogin+redis.facts"

MIN_LOOKUPS = 1000
"""Look-ups before a hit ratio says anything."""

SAVE_AGE_S = 86400
"""Seconds for which a store may hold changes that are nowhere on disk."""

FACTS: dict[str, str] = {
    "cache_problems": "Why Redis outgrows its host, or loses what it should keep.",
    "limit": "maxmemory and its policy.",
    "hit_ratio": "Per cent of look-ups that found a key, as a clause; empty with too few.",
    "eviction_note": "What of the policy needs a second look, as a clause.",
}


class CacheParams(Frozen):
    """env_file, unit, variable: where the URL is; port: without one. use: a `cache` may drop keys."""

    env_file: str = Field(pattern="^/")
    unit: str = Field(default="", pattern=f"^$|{UNIT_NAME}")
    variable: str = Field(default="REDIS_URL", pattern=r"^[A-Za-z_]\w*$")
    port: int = Field(default=6379, ge=1, le=65535)
    use: Literal["cache", "store"] = "cache"


class Cache(SentenceKind[CacheParams]):
    """INFO of the server that the application uses, with the application's own login."""

    name = "cache"
    Params = CacheParams
    facts = FACTS
    moving = frozenset({"hit_ratio"})

    def asks(self) -> tuple[Ask, ...]:
        """redis.facts."""
        p = self.params
        args = (p.unit, normpath(p.env_file), p.variable, str(p.port), "facts")
        return (collect(COLLECTORS, *args, spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The limits, judged by what Redis is for."""
        reply = ParsedReply(replies[0])
        told = _info(reply)
        if isinstance(told, Missing):
            return dict.fromkeys(FACTS, told)
        policy, limit = told.get("maxmemory_policy", ""), _number(told, "maxmemory")
        if limit is None or not policy:
            why = Missing(Cause.GARBLED, "Redis did not tell maxmemory and its policy")
            return dict.fromkeys(FACTS, why)
        rule = _cache if self.params.use == "cache" else _store
        problems, doubts = rule(told, limit, policy)
        keys, expires = (int(cell) if cell.isdecimal() else 0 for cell in fields(told.get("keys", ""), 2))
        note = ""
        if policy.startswith("volatile") and keys and not expires:
            note = "; no key has a time to live, so none can be dropped"
        facts: dict[str, Fact | Missing] = {
            "cache_problems": settle(problems, doubts),
            "limit": f"maxmemory {limit / 1048576:.0f} MB, {policy}" if limit else f"no maxmemory, {policy}",
            "hit_ratio": _ratio(told),
            "eviction_note": note,
        }
        return facts


def _info(reply: ParsedReply) -> Mapping[str, str] | Missing:
    """The lines of INFO, or why they could not be read."""
    if reply.trouble is not None:
        return reply.trouble
    if (refusal := reply.refusal("info")) is not None:
        return Missing(refusal.cause, "redis-cli is not installed here, so Redis was not asked")
    state = "".join(reply.known("info_state")[-1:])
    if state == "ok":
        return {name: "".join(reply.known(f"info_{name}")[-1:]) for name in reply.names("info_")}
    denied = reply.refusal("env")
    if denied is not None:
        return Missing(denied.cause, "this user may not read the environment file with Redis's URL")
    if state in ("NOAUTH", "WRONGPASS"):
        return Missing(Cause.AUTH, "no login to Redis succeeded, so INFO was not read")
    if state == "NOPERM":
        return Missing(Cause.DENIED, "the application's Redis user may not run INFO")
    if state in logins.REDIS_FAILS:
        return Missing(Cause.UNREACHABLE, f"Redis was not reached: {logins.REDIS_FAILS[state]}")
    if state in logins.REDIS_DOUBTS:
        return Missing(*logins.REDIS_DOUBTS[state])
    return Missing(Cause.UNREACHABLE, "Redis did not answer INFO")


def _cache(told: Mapping[str, str], limit: int, policy: str) -> tuple[list[str], list[Missing]]:
    """A cache has a limit and drops keys at it."""
    if not limit:
        return ["maxmemory is 0: the cache grows until the host kills it (expected: a limit)"], []
    if policy == "noeviction":
        return ["maxmemory-policy is noeviction: a full cache refuses writes (expected: allkeys-lru)"], []
    return [], []


def _store(told: Mapping[str, str], limit: int, policy: str) -> tuple[list[str], list[Missing]]:
    """A store drops nothing and is on disk."""
    problems: list[str] = []
    doubts: list[Missing] = []
    if limit and policy != "noeviction":
        problems.append(f"maxmemory-policy is {policy}: it drops stored data (expected: noeviction)")
    if told.get("aof_enabled") == "1":
        if told.get("aof_last_write_status") == "err":
            problems.append("the last write to the append-only file failed")
        return problems, doubts
    if told.get("rdb_last_bgsave_status") == "err":
        problems.append("the last snapshot to disk failed")
    changes, saved, now = (
        _number(told, name) for name in ("rdb_changes_since_last_save", "rdb_last_save_time", "now")
    )
    if changes is None or saved is None or now is None:
        doubts.append(Missing(Cause.GARBLED, "Redis did not tell when it was last saved to disk"))
    elif changes and now - saved > SAVE_AGE_S:
        problems.append(
            f"{changes} changes are not on disk, the last snapshot is {(now - saved) // 3600} h old"
        )
    return problems, doubts


def _ratio(told: Mapping[str, str]) -> str:
    hits, misses = (_number(told, name) or 0 for name in ("keyspace_hits", "keyspace_misses"))
    if hits + misses < MIN_LOOKUPS:
        return ""
    return f", {100 * hits / (hits + misses):.0f} % of look-ups hit"


def _number(told: Mapping[str, str], name: str) -> int | None:
    text = told.get(name, "")
    return int(text) if text.isdecimal() else None
