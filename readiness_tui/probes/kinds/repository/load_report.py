"""Kind `load-report`: the figures of a load test's JSON report (k6, vegeta, oha)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds.repository.checkout import commit, document
from readiness_tui.probes.sentences import SentenceKind, settle

FACTS: dict[str, str] = {
    "load_problems": "What is over its limit, and a report older than the commit, a sentence each.",
    "figures": "Tool, 95th percentile, errors and requests, in words.",
}


@dataclass(frozen=True, slots=True)
class Load:
    """p95_ms: milliseconds. error_pct: per cent of requests. requests: None where it is not told."""

    tool: str
    p95_ms: float
    error_pct: float
    requests: int | None


class LoadParams(Frozen):
    """checkout: the repository on the operator's machine. report: the file, relative to it or absolute.
    latency_ms: the most the 95th percentile may be. max_error_pct: per cent of requests that may fail.
    """

    checkout: str = Field(min_length=1)
    report: str = Field(min_length=1)
    latency_ms: float = Field(gt=0)
    max_error_pct: float = Field(default=1, ge=0)


class LoadReport(SentenceKind[LoadParams]):
    """Reads the report; makes no load of its own."""

    name = "load-report"
    Params = LoadParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """repo.git and report.json in one shell."""
        return (collect("repo.git+report.json", self.params.checkout, self.params.report, spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The figures against the limits, and the file's age against the commit's."""
        told = ParsedReply(replies[0])
        at = commit(told)
        if isinstance(at, Missing):
            return unseen(FACTS, at)
        if (why := told.refusal("report")) is not None:
            return unseen(
                FACTS, Missing(why.cause, why.reason.partition(": ")[2].partition(": ")[2] or why.reason)
            )
        try:
            found = load(document(told.known("json")))
        except (KeyError, TypeError, ValueError):
            unknown = f"{self.params.report} is no report of k6, vegeta or oha"
            return unseen(FACTS, Missing(Cause.GARBLED, unknown))
        if found.requests == 0:
            return unseen(FACTS, Missing(Cause.UNSUPPORTED, f"{self.params.report} counts no request"))
        problems = []
        if found.p95_ms > self.params.latency_ms:
            most = f"{self.params.latency_ms:g}"
            problems.append(f"p95 is {found.p95_ms:.0f} ms (expected: at most {most})")
        if found.error_pct > self.params.max_error_pct:
            most = f"{self.params.max_error_pct:g}"
            problems.append(f"{found.error_pct:.2f} % of requests failed (expected: at most {most})")
        modified = told.number("modified")
        doubts = [modified] if isinstance(modified, Missing) else []
        made = ""
        if not isinstance(modified, Missing):
            made = f", {datetime.fromtimestamp(modified, UTC):%Y-%m-%d}"
            if modified < at.at:
                problems.append(f"the report{made} is older than the commit {at.short}")
        requests = f" over {found.requests} requests" if found.requests else ""
        figures = f"{found.tool}{made}: p95 {found.p95_ms:.0f} ms, {found.error_pct:.2f} % errors{requests}"
        facts: dict[str, Fact | Missing] = {"load_problems": settle(problems, doubts)}
        return facts | {"figures": figures}


def load(report: Any) -> Load:
    """A report of k6 (summary export or handleSummary), vegeta or oha.

    Raises KeyError, TypeError or ValueError for anything else. vegeta's times are nanoseconds, oha's
    seconds, k6's milliseconds.
    """
    if "metrics" in report:
        return _k6(report["metrics"])
    if "latencies" in report:
        share = 1 - float(report["success"])
        return Load("vegeta", float(report["latencies"]["95th"]) / 1e6, 100 * share, int(report["requests"]))
    if "latencyPercentiles" in report:
        share = 1 - float(report["summary"]["successRate"])
        codes: Mapping[str, int] = report.get("statusCodeDistribution", {})
        total = sum(codes.values())
        broken = sum(count for code, count in codes.items() if code.startswith("5"))
        failed = max(share, broken / total if total else 0)
        return Load("oha", float(report["latencyPercentiles"]["p95"]) * 1e3, 100 * failed, total or None)
    raise ValueError("no known report")


def _k6(metrics: Any) -> Load:
    """Both shapes: values at the metric itself, or under `values` (handleSummary)."""

    def values(name: str) -> Any:
        metric = metrics[name]
        return metric.get("values", metric)

    failed = values("http_req_failed")
    rate = float(failed["rate"] if "rate" in failed else failed["value"])
    requests = int(failed["passes"]) + int(failed["fails"])
    return Load("k6", float(values("http_req_duration")["p(95)"]), 100 * rate, requests)
