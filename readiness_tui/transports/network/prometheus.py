"""Prometheus: instant queries, alerting rules with how they evaluate, and the Alertmanagers behind them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from readiness_tui.errors import TransportError
from readiness_tui.model.monitoring_asks import PrometheusAsk
from readiness_tui.transports.network import alertmanager
from readiness_tui.transports.network.api import Api
from readiness_tui.transports.network.contract import Lines, Trust
from readiness_tui.transports.network.through import Way, straight

SERIES = 50
"""Most series of one query that are reported; their number is always reported."""

RULES = 500
LABELS = 400
"""Most characters of the labels of a series or rule."""

_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


async def look(ask: PrometheusAsk, trust: Trust, way: Way = straight) -> Lines:
    """Everything asked for. Raises TransportError when Prometheus itself cannot be reached."""
    api = Api(ask.url, trust, way)
    lines: list[tuple[str, str]] = []
    for index, query in enumerate(ask.queries):
        lines += await _query(api, index, query)
    if ask.rules:
        lines += await _rules(api)
        bases = [ask.alertmanager] if ask.alertmanager else await _alertmanagers(api)
        lines += (("am", base) for base in bases)
        for base in bases:
            lines += await alertmanager.look(Api(base, trust, way))
    return lines


async def _query(api: Api, index: int, query: str) -> Lines:
    try:
        data, _ = await api.data("/api/v1/query", {"query": query})
    except TransportError as error:
        if "refuses" not in error.message:
            raise
        return [("!query", f"{index} {error.message}")]
    result = data.get("result", []) if isinstance(data, dict) else []
    if isinstance(data, dict) and data.get("resultType") == "scalar":
        result = [{"metric": {}, "value": result}]
    rows = [row for row in result if isinstance(row, dict)]
    lines = [("count", f"{index}|{len(rows)}")]
    for row in rows[:SERIES]:
        value = str((row.get("value") or ["", ""])[1])
        lines.append(("series", f"{index}|{value}|{_labels(row.get('metric'))}"))
    return lines


async def _rules(api: Api) -> Lines:
    data, now = await api.data("/api/v1/rules", {"type": "alert"})
    rules = list(_alerts(data))[:RULES]
    names, _ = await api.data("/api/v1/label/__name__/values")
    known = set(map(str, names or []))
    spoken = {name for rule in rules for name in _NAME.findall(str(rule.get("query", "")))}
    lines = [("rules", str(len(rules)))]
    for rule in rules:
        fields = (
            str(rule.get("name", "")).replace("|", "/"),
            str(rule.get("health", "")),
            _age(rule.get("lastEvaluation"), now),
            str(rule.get("state", "")),
            _labels(rule.get("labels")).replace("|", "/"),
            str(rule.get("query", "")),
        )
        lines.append(("rule", "|".join(fields)))
    return [*lines, *(("metric", name) for name in sorted(spoken & known))]


def _alerts(data: Any) -> Iterator[dict[str, Any]]:
    for group in data.get("groups", []) if isinstance(data, dict) else []:
        for rule in group.get("rules", []):
            if rule.get("type", "alerting") == "alerting":
                yield rule


async def _alertmanagers(api: Api) -> Sequence[str]:
    """The addresses that Prometheus sends alerts to, without the path of its API."""
    data, _ = await api.data("/api/v1/alertmanagers")
    found = data.get("activeAlertmanagers", []) if isinstance(data, dict) else []
    urls = [str(one.get("url", "")) for one in found if isinstance(one, dict)]
    return tuple(dict.fromkeys(re.sub(r"/api/v[12]/alerts$", "", url) for url in urls if url))


def _age(moment: object, now: datetime) -> str:
    """Seconds since a moment; -1 when it never came."""
    text = re.sub(r"\.(\d{1,6})\d*", r".\1", str(moment)).replace("Z", "+00:00")
    try:
        seconds = (now - datetime.fromisoformat(text)).total_seconds()
    except (ValueError, TypeError):
        return "-1"
    return str(max(0, int(seconds))) if seconds < 10**9 else "-1"


def _labels(labels: object) -> str:
    return json.dumps(labels if isinstance(labels, dict) else {}, separators=(",", ":"))[:LABELS]
