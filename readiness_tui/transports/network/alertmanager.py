"""Alertmanager: whether it runs, where it sends alerts, what it keeps silent, and what it has sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from readiness_tui.errors import TransportError
from readiness_tui.transports.network.api import Api
from readiness_tui.transports.network.contract import Lines

_EXAMPLE = re.compile(r"@example\.|//([a-z0-9.-]+\.)?example\.(com|org|net)\b|\.invalid\b")
_SENT = re.compile(
    r'^alertmanager_(notifications_total|notifications_failed_total)\{[^}]*integration="(\w+)"[^}]*\} (\S+)'
)


async def look(api: Api) -> Lines:
    """Its facts; `am_down` when it does not answer as ready."""
    try:
        ready = await api.get("/-/ready")
        if ready.status != 200:
            return [("am_down", f"{api.base}|answers {ready.status}")]
        status = (await api.get("/api/v2/status")).json(api.base)
        silences = (await api.get("/api/v2/silences")).json(api.base)
        metrics = (await api.get("/metrics")).body.decode("utf-8", "replace")
    except TransportError as error:
        refused = "refused" in error.message
        return [
            ("am_down" if refused else "!am", f"{api.base}|{error.message}" if refused else error.message)
        ]
    lines = [("am_ready", api.base)]
    try:
        config = yaml.safe_load(str(status["config"]["original"]))
        lines += _routes(config["route"], 0)
        lines += _receivers(config)
    except (KeyError, TypeError, yaml.YAMLError, RecursionError) as error:
        lines.append(("!am", f"the configuration of {api.base} is not understood: {type(error).__name__}"))
    for one in silences if isinstance(silences, list) else []:
        if isinstance(one, dict) and one.get("status", {}).get("state") == "active":
            matchers = "; ".join(map(_silenced, one.get("matchers", [])))
            lines.append(("silence", f"{str(one.get('endsAt', ''))[:16]}|{matchers}"))
    return [*lines, *_sent(metrics)]


def _routes(route: dict[str, Any], depth: int) -> Iterator[tuple[str, str]]:
    """The tree in order, parents first; a matcher as `name=value`, `name=~regex`, `name!=value`."""
    matchers = [f"{name}={value}" for name, value in (route.get("match") or {}).items()]
    matchers += [f"{name}=~{value}" for name, value in (route.get("match_re") or {}).items()]
    matchers += [str(one) for one in route.get("matchers") or []]
    further = "yes" if route.get("continue") else "no"
    yield "route", f"{depth}|{route.get('receiver', '')}|{further}|{'; '.join(matchers)}"
    for inner in route.get("routes") or []:
        yield from _routes(inner, depth + 1)


def _receivers(config: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each configuration of each receiver, `none` for a receiver without any."""
    for receiver in config.get("receivers") or []:
        name = str(receiver.get("name", ""))
        found = [
            (key.removesuffix("_configs"), one)
            for key, several in receiver.items()
            if key.endswith("_configs")
            for one in several or []
        ]
        for kind, one in found:
            example = _EXAMPLE.search(str(one))
            yield "receiver", f"{name}|{kind}|{'an example address' if example else ''}"
        if not found:
            yield "receiver", f"{name}|none|nothing is configured for it"


def _silenced(matcher: dict[str, Any]) -> str:
    sign = ("=~" if matcher.get("isRegex") else "=") if matcher.get("isEqual", True) else "!="
    return f"{matcher.get('name')}{sign}{matcher.get('value')}"


def _sent(metrics: str) -> Iterator[tuple[str, str]]:
    counts: dict[tuple[str, str], float] = {}
    for line in metrics.splitlines():
        if match := _SENT.match(line):
            name = "sent" if match[1] == "notifications_total" else "failed"
            try:
                counts[name, match[2]] = counts.get((name, match[2]), 0.0) + float(match[3])
            except ValueError:
                continue
    for (name, integration), count in counts.items():
        yield name, f"{integration}|{count:.0f}"
