"""Kind `prometheus`: whether Prometheus has series of the application, of every host, of the exporters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.monitoring_asks import PrometheusAsk
from readiness_tui.model.network_asks import Pattern
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.facts import ParsedReply, fields, number, unseen
from readiness_tui.probes.kinds.prometheus.addresses import ApiUrl, bare
from readiness_tui.probes.sentences import SentenceKind, settle
from readiness_tui.rules.parameters import via

FACTS: dict[str, str] = {
    "coverage_problems": "The hosts of `hosts` without a series of `metric`, a sentence each.",
    "coverage": "How many of the hosts have one, in words.",
    "presence_problems": "Why `metric` has no series, or its exporter cannot look, a sentence each.",
    "presence": "How many series it has, in words.",
    "job_problems": "Why the application's own figures do not arrive, a sentence each.",
    "job": "The job's targets and the request metric, in words.",
    "value_problems": "Series of `query` whose value is below `least` or above `most`, a sentence each.",
    "value": "The values of `query`, in words.",
}

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})


class PrometheusParams(Frozen):
    """url: of Prometheus, perhaps `URL via HOST`. metric: names of metrics, a regular expression.

    exporter_up: the metric that is 0 while the exporter cannot look. hosts: `NAME=ADDRESS` each;
    labels: the instance label of a host, where it is another. job: the application's job.
    query, least, most, what: one instant query, its limits, and what its values are.
    """

    url: ApiUrl
    metric: Pattern = ""
    exporter_up: str = Field(default="", pattern=r"^[a-zA-Z_:]?[\w:]*$")
    hosts: tuple[str, ...] = ()
    labels: Mapping[str, str] = {}
    job: Pattern = ""
    query: str = ""
    least: float | None = None
    most: float | None = None
    what: str = "the value"


@dataclass(frozen=True, slots=True)
class Series:
    """One series of an answer."""

    labels: Mapping[str, str]
    value: float

    @property
    def instance(self) -> str:
        """The host part of its instance label."""
        text = self.labels.get("instance", "")
        return (text.rpartition(":")[0] if text.count(":") == 1 or "]" in text else text).strip("[]").lower()


class PrometheusKind(SentenceKind[PrometheusParams]):
    """Asks for series that exist now: Prometheus forgets a series five minutes after its last sample."""

    name = "prometheus"
    Params = PrometheusParams
    facts = FACTS
    moving = frozenset({"value", "presence"})

    def asks(self) -> tuple[Ask, ...]:
        """One ask with the queries that the conditions need."""
        timeout = self.spec.timeout.total_seconds() if self.spec.timeout is not None else 15.0
        return (PrometheusAsk(url=bare(self.params.url), queries=self._queries, timeout_s=timeout),)

    @property
    def _queries(self) -> tuple[str, ...]:
        p = self.params
        name = _quoted(p.metric)
        if p.job:
            job = _quoted(p.job)
            return (
                f"up{{job=~{job}}}",
                f"count by (job, __name__) ({{__name__=~{name},job=~{job}}})",
                f"count by (job) ({{__name__=~{name}}})",
            )
        if p.query:
            return (p.query,)
        queries = [f"count by (instance) ({{__name__=~{name}}})"]
        return (*queries, p.exporter_up) if p.exporter_up else tuple(queries)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """What the queries tell; all of it missing when Prometheus was not reached or refused one."""
        told = ParsedReply(replies[0])
        refused = told.trouble or told.refusal("query")
        if refused is not None:
            return unseen(FACTS, refused)
        answers = [_series(told, index) for index in range(len(self._queries))]
        none = Missing(Cause.NOT_CONFIGURED, "that was not asked for")
        facts: dict[str, Fact | Missing] = dict.fromkeys(FACTS, none)
        p = self.params
        if p.job:
            return facts | _job(answers[0], answers[1], answers[2], p.job, p.metric)
        if p.query:
            return facts | self._values(answers[0])
        return facts | self._covered(answers[0]) | self._present(answers)

    def _covered(self, found: Sequence[Series]) -> dict[str, Fact | Missing]:
        """Which hosts have a series; a loopback address is the host through which Prometheus is asked."""
        p = self.params
        near = via(p.url) or (p.hosts[0].partition("=")[0] if len(p.hosts) == 1 else "")
        lacking, doubts = [], []
        instances = {one.instance for one in found}
        whole = {one.labels.get("instance", "").lower() for one in found}
        for host in p.hosts:
            name, _, address = host.partition("=")
            label = p.labels.get(name, "").lower()
            names = {name.lower(), address.lower(), label} - {""}
            short = {instance.partition(".")[0] for instance in instances if not instance[:1].isdigit()}
            if names & (instances | whole | short) or (name == near and instances & LOOPBACK):
                continue
            lacking.append(name)
            if instances & LOOPBACK and not near:
                doubts.append(name)
        if lacking and doubts and len(instances) >= len(p.hosts):
            words = (
                f"which of {', '.join(lacking)} is {', '.join(sorted(instances & LOOPBACK))} cannot be told"
            )
            settled: Fact | Missing = Missing(Cause.UNSUPPORTED, words, "set host_label_map")
        else:
            seen = f" (it has: {', '.join(sorted(whole)[:3]) or 'none'})"
            settled = tuple(f"Prometheus has no {self._named} of {name}{seen}" for name in lacking)
        count = len(p.hosts) - len(lacking)
        words = f"{count} of {len(p.hosts)} hosts have {self._named} ({', '.join(sorted(whole)[:3])})"
        return {"coverage_problems": settled, "coverage": words}

    @property
    def _named(self) -> str:
        return self.params.metric.partition("|")[0]

    def _present(self, answers: Sequence[Sequence[Series]]) -> dict[str, Fact | Missing]:
        p = self.params
        problems = [] if answers[0] else [f"Prometheus has no series of {self._named}"]
        if len(answers) > 1 and any(one.value == 0 for one in answers[1]):
            problems.append(f"{p.exporter_up} is 0: the exporter runs and cannot look")
        where = ", ".join(one.labels.get("instance", "?") for one in answers[0][:3])
        return {"presence_problems": tuple(problems), "presence": f"{self._named} arrives from {where}"}

    def _values(self, found: Sequence[Series]) -> dict[str, Fact | Missing]:
        p = self.params
        if not found:
            nothing = Missing(Cause.UNSUPPORTED, f"Prometheus has no figures for {p.what}")
            return {"value_problems": nothing, "value": nothing}
        problems = []
        for one in found:
            place = " ".join(filter(None, (one.labels.get("instance"), one.labels.get("mountpoint"))))
            words = f"{p.what} {f'of {place} ' if place else ''}is {one.value:.4g}"
            if p.least is not None and one.value < p.least:
                problems.append(f"{words} (expected: at least {p.least:g})")
            if p.most is not None and one.value > p.most:
                problems.append(f"{words} (expected: at most {p.most:g})")
        values = ", ".join(f"{one.value:.4g}" for one in found[:4])
        return {"value_problems": settle(problems), "value": f"{p.what}: {values}"}


def _job(
    up: Sequence[Series], own: Sequence[Series], anywhere: Sequence[Series], job: str, metric: str
) -> dict[str, Fact | Missing]:
    down = [one for one in up if one.value == 0]
    named = metric.partition("|")[0]
    jobs = ", ".join(sorted({one.labels.get("job", "?") for one in anywhere}))
    found = own[0].labels.get("__name__", named) if own else "no request metric"
    shown = f"job {job}: {len(up) - len(down)} of {len(up)} targets up, {found}"
    if down:
        places = ", ".join(one.labels.get("instance", "?") for one in down[:3])
        settled: Fact | Missing = (f"Prometheus cannot scrape {places} of the job {job}",)
    elif not own and jobs:
        words = f"no job matches {job}, but {jobs} has a request metric"
        settled = Missing(Cause.UNSUPPORTED, words, "set app_job_re")
    elif not own:
        settled = (f"Prometheus has no request metric of the job {job} (expected: {named})",)
    else:
        settled = ()
    return {"job_problems": settled, "job": shown}


def _series(told: ParsedReply, index: int) -> list[Series]:
    found = []
    for row in told.known("series"):
        place, value, labels = fields(row, 3)
        amount = number("value", value)
        if place != str(index):
            continue
        try:
            pairs = json.loads(labels)
        except ValueError:
            pairs = {}
        if isinstance(pairs, dict):
            count = float("nan") if isinstance(amount, Missing) else float(amount)
            found.append(Series({str(k): str(v) for k, v in pairs.items()}, count))
    return found


def _quoted(pattern: str) -> str:
    """The pattern as a string of PromQL."""
    return json.dumps(pattern)
