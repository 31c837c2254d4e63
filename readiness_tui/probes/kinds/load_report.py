"""Kind `load-report`: what the report of a load test says; k6, vegeta and oha are understood."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.sentences import SentenceKind

FACTS: dict[str, str] = {
    "load_problems": "Why the load test did not succeed, a sentence each.",
    "figures": "The tool, its figures, and how much was asked, in words.",
}


class LoadReportParams(Frozen):
    """file: the report. latency_ms, max_errors_pct: what 95 of 100 requests and all of them must keep."""

    file: str = Field(min_length=1)
    latency_ms: float = Field(default=200, gt=0)
    max_errors_pct: float = Field(default=1, ge=0, le=100)


@dataclass(frozen=True, slots=True)
class Load:
    """p95: milliseconds. errors: per cent of the requests. crossed: limits of the tool itself that broke."""

    tool: str
    requests: int
    p95: float
    errors: float
    crossed: tuple[str, ...] = ()
    when: str = ""


class LoadReport(SentenceKind[LoadReportParams]):
    """Reads a file on the operator's machine; the scenario is for a person to judge."""

    name = "load-report"
    Params = LoadReportParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """The file."""
        return (collect("report.read", self.params.file, spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The figures, or why the file has none."""
        told = ParsedReply(replies[0])
        refused = told.trouble or told.refusal("report")
        load = refused or _load("".join(told.known("part")))
        if isinstance(load, Missing):
            return unseen(FACTS, load)
        p = self.params
        problems = [f"{load.tool} reports the limit {name} as broken" for name in load.crossed]
        if load.p95 > p.latency_ms:
            problems.append(f"95 of 100 requests took up to {load.p95:.0f} ms (expected: {p.latency_ms:g})")
        if load.errors > p.max_errors_pct:
            problems.append(f"{load.errors:.2f} % of the requests failed (expected: {p.max_errors_pct:g} %)")
        when = f", {load.when}" if load.when else ""
        words = (
            f"{load.tool}: p95 {load.p95:.0f} ms, {load.errors:.2f} % errors, {load.requests} requests{when}"
        )
        return {"load_problems": tuple(problems), "figures": words}


def _load(encoded: str) -> Load | Missing:
    try:
        tree = json.loads(base64.b64decode(encoded))
    except (ValueError, RecursionError):
        return Missing(Cause.GARBLED, "the report is no JSON; give the summary that k6, vegeta or oha writes")
    for reader in _READERS:
        try:
            load = reader(tree)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
        if load is None:
            continue
        if load.requests <= 0:
            return Missing(Cause.ERROR, f"the report of {load.tool} has no request in it")
        return load
    return Missing(Cause.UNSUPPORTED, "the report is not one of k6, vegeta or oha")


def _k6(tree: Any) -> Load | None:
    """`handleSummary`: values apart from thresholds, whose `ok` is false when broken."""
    metrics = tree["metrics"]
    if "values" not in metrics["http_req_duration"]:
        return None
    crossed = [
        f"{name}: {limit}"
        for name, metric in metrics.items()
        for limit, state in (metric.get("thresholds") or {}).items()
        if state["ok"] is False
    ]
    rate = metrics.get("http_req_failed", {}).get("values", {}).get("rate", 0)
    p95 = float(metrics["http_req_duration"]["values"]["p(95)"])
    return Load("k6", int(metrics["http_reqs"]["values"]["count"]), p95, 100 * float(rate), tuple(crossed))


def _k6_export(tree: Any) -> Load | None:
    """`--summary-export`: a threshold that is `true` was crossed (k6 issue 1498)."""
    metrics = tree["metrics"]
    crossed = [
        f"{name}: {limit}"
        for name, metric in metrics.items()
        for limit, state in (metric.get("thresholds") or {}).items()
        if state is True
    ]
    p95 = float(metrics["http_req_duration"]["p(95)"])
    failed = metrics.get("http_req_failed", {})
    rate = failed.get("value", 0)
    count = metrics.get("http_reqs", {}).get("count", failed.get("passes", 0) + failed.get("fails", 0))
    return Load("k6", int(count), p95, 100 * float(rate), tuple(crossed))


def _vegeta(tree: Any) -> Load | None:
    """Latencies in nanoseconds, `success` a share."""
    p95 = float(tree["latencies"]["95th"]) / 1e6
    when = str(tree.get("latest", ""))[:16].replace("T", " ")
    return Load("vegeta", int(tree["requests"]), p95, 100 * (1 - float(tree["success"])), when=when)


def _oha(tree: Any) -> Load | None:
    """Latencies in seconds; `successRate` counts answers of any status, so the statuses are counted."""
    statuses: Mapping[str, int] = tree["statusCodeDistribution"]
    broken = sum((tree.get("errorDistribution") or {}).values())
    bad = broken + sum(count for status, count in statuses.items() if int(status) >= 400)
    whole = broken + sum(statuses.values())
    p95 = 1000 * float(tree["latencyPercentiles"]["p95"])
    return Load("oha", whole, p95, 100 * bad / whole if whole else 0.0)


_READERS: tuple[Callable[[Any], Load | None], ...] = (_k6, _k6_export, _vegeta, _oha)
