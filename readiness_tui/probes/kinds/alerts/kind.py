"""Kind `alerts`: whether some rule of Prometheus would fire, and its alert would reach somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from readiness_tui import bounded_regex
from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.monitoring_asks import PrometheusAsk
from readiness_tui.model.network_asks import Pattern
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, fields, settle, unseen
from readiness_tui.probes.kinds.alerts import expressions, routing
from readiness_tui.probes.kinds.alerts.expressions import Expression
from readiness_tui.probes.kinds.alerts.rules import Rule, labels_of
from readiness_tui.probes.kinds.alerts.rules import rules as read_rules
from readiness_tui.probes.kinds.prometheus.addresses import ApiUrl, bare

FACTS: dict[str, str] = {
    "rule_problems": "Why no rule watches `what` and reaches somebody, a sentence each.",
    "rule": "The rules that do, and whom they reach, in words.",
    "firing_problems": "The alerts of `severity` that fire now, a sentence each.",
    "firing": "How many fire, over how many rules, in words.",
    "sent_problems": "Why it is not shown that notifications arrive, a sentence each.",
    "sent": "How many notifications were sent and failed, in words.",
}

FRESH_S = 300
"""Seconds within which a rule must have been evaluated (catalogue, section 8)."""

AT_MOST = 12
"""Selectors of rules that are looked at."""

SENT = "sum by (integration) (max_over_time(alertmanager_notifications_total[30d]))"


class AlertsParams(Frozen):
    """url: of Prometheus, perhaps `URL via HOST`. alertmanager: `auto`, or its URL.

    matching: a regular expression for the expression of a rule. what: what such a rule watches.
    covers: a regular expression for the job or target that a rule must cover. severity: of alerts that count.
    """

    url: ApiUrl
    alertmanager: str = "auto"
    matching: Pattern = ""
    what: str = ""
    covers: Pattern = ""
    severity: Pattern = "critical|page"


class Alerts(Kind[AlertsParams]):
    """A rule counts when it evaluates, reads series that exist, and its route ends at somebody."""

    name = "alerts"
    Params = AlertsParams
    facts = FACTS
    moving = frozenset({"firing", "sent"})

    def asks(self) -> tuple[Ask, ...]:
        """The rules and the Alertmanagers; how much was sent in 30 days only where that is spoken of."""
        return (self._ask((SENT,) if self._counts else (), rules=True),)

    def announced(self) -> tuple[Ask, ...]:
        """The selectors of the rules that match."""
        return (self._ask(("count by (job) (SELECTOR)",)),) if self.params.matching else ()

    def follow_up(self, replies: Sequence[Reply]) -> tuple[Ask, ...]:
        """How many series each selector of the matching rules has."""
        try:
            wanted = self._selectors(ParsedReply(replies[0]))
        except bounded_regex.PatternError:
            return ()  # `read` says why
        return (self._ask(tuple(f"count by (job) ({one})" for one in wanted)),) if wanted else ()

    def read(self, replies: Sequence[Reply]) -> Facts:
        """What is known of the rules, and of the way of an alert."""
        told = ParsedReply(replies[0])
        if told.trouble is not None:
            return unseen(FACTS, told.trouble)
        try:
            return self._read(told, replies)
        except bounded_regex.PatternError as error:
            return unseen(FACTS, Missing(Cause.UNSUPPORTED, str(error)))

    def _read(self, told: ParsedReply, replies: Sequence[Reply]) -> Facts:
        rules = read_rules(told)
        if self.params.matching:
            series = ParsedReply(replies[1]) if len(replies) > 1 else None
            problems, shown = self._watched(rules, told, series)
            return {**unseen(FACTS, _NOT_ASKED), "rule_problems": problems, "rule": shown}
        if self._counts:
            return {**unseen(FACTS, _NOT_ASKED), **_sent(told)}
        return {**unseen(FACTS, _NOT_ASKED), **self._firing(rules)}

    @property
    def _counts(self) -> bool:
        return bool(self.named & {"sent", "sent_problems"})

    def _ask(self, queries: tuple[str, ...], *, rules: bool = False) -> PrometheusAsk:
        p = self.params
        manager = "" if p.alertmanager == "auto" or not rules else bare(p.alertmanager)
        timeout = self.spec.timeout.total_seconds() if self.spec.timeout is not None else 15.0
        return PrometheusAsk(
            url=bare(p.url), queries=queries, rules=rules, alertmanager=manager, timeout_s=timeout
        )

    def _matching(self, rules: Sequence[Rule]) -> list[Rule]:
        return [rule for rule in rules if _holds(self.params.matching, rule.query)]

    def _selectors(self, told: ParsedReply) -> tuple[str, ...]:
        if not self.params.matching:
            return ()
        found = (
            one for rule in self._matching(read_rules(told)) for one in expressions.read(rule.query).selectors
        )
        return tuple(dict.fromkeys(found))[:AT_MOST]

    def _watched(
        self, rules: Sequence[Rule], told: ParsedReply, series: ParsedReply | None
    ) -> tuple[Fact | Missing, Fact | Missing]:
        found = self._matching(rules)
        if not found:
            words = f"no alerting rule of Prometheus watches {self.params.what} ({len(rules)} rules in all)"
            return (words,), words
        if series is not None and series.trouble is not None:
            return series.trouble, series.trouble
        counts = self._counted(told, series)
        judged = [(rule, self._blind(rule, told, counts)) for rule in found]
        able = [rule for rule, why in judged if why == ""]
        if not able:
            doubts = [why for _, why in judged if isinstance(why, Missing)]
            problems = [why for _, why in judged if isinstance(why, str)]
            settled = doubts[0] if doubts else settle(problems[:2])
            return settled, settled if isinstance(settled, Missing) else problems[0]
        return _arriving(able, told)

    def _counted(self, told: ParsedReply, series: ParsedReply | None) -> dict[str, set[str]]:
        """The jobs of each selector's series; a selector without an entry was not looked at."""
        wanted = self._selectors(told)
        jobs: dict[str, set[str]] = {}
        for row in series.known("count") if series is not None else ():
            index, _ = fields(row, 2)
            if index.isdecimal() and int(index) < len(wanted):
                jobs[wanted[int(index)]] = set()
        for row in series.known("series") if series is not None else ():
            index, _, labels = fields(row, 3)
            if index.isdecimal() and int(index) < len(wanted):
                jobs.setdefault(wanted[int(index)], set()).add(labels_of(labels).get("job", ""))
        return jobs

    def _blind(self, rule: Rule, told: ParsedReply, counts: Mapping[str, set[str]]) -> str | Missing:
        """Why a rule would never fire, or not for what must be covered; empty when it would."""
        if rule.health == "unknown" or rule.age_s < 0:
            return Missing(Cause.STALE, f"the rule {rule.name} has not been evaluated yet")
        if rule.health != "ok":
            return f"the rule {rule.name} does not evaluate (health {rule.health})"
        if rule.age_s > FRESH_S:
            return f"the rule {rule.name} was evaluated {rule.age_s} s ago (expected: {FRESH_S} or less)"
        expression = expressions.read(rule.query)
        read = expression.selectors
        names = {*told.known("metric"), "ALERTS", ""}
        absent = [one for one in read if expressions.name(one) not in names]
        enough = expression.alternatives and len(absent) < len(read)
        if absent and not enough:
            missing = expressions.name(absent[0])
            return f"the rule {rule.name} reads {missing}, which has no series: it never fires"
        empty = [one for one in read if one in counts and not counts[one]]
        if empty and not (expression.alternatives and len(empty) < len(read)):
            return Missing(
                Cause.UNSUPPORTED,
                f"the rule {rule.name} selects no series now: {expressions.shown(empty[0])}",
            )
        return self._uncovered(rule, expression, counts)

    def _uncovered(self, rule: Rule, read: Expression, counts: Mapping[str, set[str]]) -> str:
        covers = self.params.covers
        if not covers:
            return ""
        jobs = {job for one in read.selectors for job in counts.get(one, set())}
        texts = [*jobs, *read.absences]
        if any(_holds(covers, text) for text in texts) or any(
            "probe_success" in one for one in read.selectors
        ):
            return ""
        return f"the rule {rule.name} does not cover {covers}, only {', '.join(sorted(jobs)) or 'no job'}"

    def _firing(self, rules: Sequence[Rule]) -> dict[str, Fact | Missing]:
        old = [rule for rule in rules if rule.age_s < 0 or rule.age_s > FRESH_S]
        doubt: Missing | None = None
        if not rules:
            doubt = Missing(Cause.NOT_CONFIGURED, "Prometheus has no alerting rules, so nothing can fire")
        elif old:
            doubt = Missing(Cause.STALE, f"the rule {old[0].name} is not being evaluated")
        fires = [
            f"the alert {rule.name} fires ({rule.labels.get('severity', 'no severity')})"
            for rule in rules
            if rule.state == "firing" and _holds(self.params.severity, rule.labels.get("severity", ""))
        ]
        words = f"0 of {len(rules)} rules fire with severity {self.params.severity}, all evaluated just now"
        return {"firing_problems": settle(fires, [doubt] if doubt else []), "firing": doubt or words}


_NOT_ASKED = Missing(Cause.NOT_CONFIGURED, "that was not asked for")


def _holds(pattern: str, text: str) -> bool:
    """Whether the pattern occurs. Raises PatternError for one that takes too long."""
    return bounded_regex.found(pattern, [text])[0]


def _arriving(able: Sequence[Rule], told: ParsedReply) -> tuple[Fact | Missing, Fact | Missing]:
    """Whether an alert of one of these rules would reach somebody."""
    broken = routing.chain(told)
    if isinstance(broken, Missing):
        return broken, broken
    names = ", ".join(rule.name for rule in able[:2])
    if broken:
        return (f"{broken}; the rule {names} alerts nobody",), broken
    known = routing.receivers(told)
    if known.root is None:
        doubt = told.refusal("am") or Missing(Cause.GARBLED, "the routes of Alertmanager are not known")
        return doubt, doubt
    problems: list[str] = []
    for rule in able:
        found = routing.reached(known.root, rule.all_labels)
        dead = [one for one in found if one in known.wrong or one not in known.types]
        if until := routing.silenced(known, rule.all_labels):
            problems.append(f"the alert {rule.name} is silenced until {until}")
        elif not dead:
            ways = ", ".join(dict.fromkeys(kind for one in found for kind in known.types[one]))
            words = f"the rule {rule.name} evaluates and reaches {', '.join(found)} by {ways}"
            return (), words
        elif len(dead) < len(found):
            words = f"whether {rule.name} reaches {found[0]} or {dead[0]} depends on its series"
            doubt = Missing(Cause.UNSUPPORTED, words)
            return doubt, doubt
        else:
            why = known.wrong.get(dead[0], "it does not exist")
            problems.append(
                f"alerts of {rule.name} go to the receiver {dead[0]}, which reaches nobody: {why}"
            )
    return tuple(problems[:2]), problems[0]


def _sent(told: ParsedReply) -> dict[str, Fact | Missing]:
    """Notifications of Alertmanager itself since it started, and of the last 30 days where it is scraped."""
    broken = routing.chain(told)
    if isinstance(broken, Missing):
        return {"sent_problems": broken, "sent": broken}
    if broken:
        return {"sent_problems": (broken,), "sent": broken}
    sent = _amounts(told, "sent")
    failed = _amounts(told, "failed")
    for row in told.known("series"):
        _, value, labels = fields(row, 3)
        integration = labels_of(labels).get("integration", "")
        if integration and value.replace(".", "").isdecimal():
            sent[integration] = max(sent.get(integration, 0), int(float(value)))
    problems = [
        f"{count} of {sent.get(name, count)} notifications by {name} failed"
        for name, count in failed.items()
        if count
    ]
    if not any(sent.values()):
        problems.append("Alertmanager has sent no notification, so nobody knows whether one arrives")
    words = ", ".join(f"{count} by {name}" for name, count in sent.items() if count)
    return {"sent_problems": tuple(problems), "sent": f"notifications sent: {words or 'none'}, none failed"}


def _amounts(told: ParsedReply, name: str) -> dict[str, int]:
    rows = (fields(row, 2) for row in told.known(name))
    return {integration: int(count) for integration, count in rows if count.isdecimal()}
