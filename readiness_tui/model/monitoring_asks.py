"""Asks that read a monitoring system over HTTP, from the operator's machine or through a host."""

from __future__ import annotations

import shlex
from typing import Literal
from urllib.parse import quote

from pydantic import Field

from readiness_tui.model.base import Frozen, digest
from readiness_tui.model.network_asks import PublicUrl


class PrometheusAsk(Frozen):
    """Instant queries to Prometheus, and its alerting rules with the Alertmanagers behind them.

    rules: also tell rules and Alertmanagers. alertmanager: instead of those that Prometheus names.
    Facts: count (`INDEX|SERIES`), series (`INDEX|VALUE|LABELS`, the labels as JSON), `!query` for
    one that was refused (`INDEX why`); rule (`NAME|HEALTH|SECONDS SINCE EVALUATED|STATE|LABELS|QUERY`),
    metric (a name in some rule that has series); am_ready, am_down (`URL|why`), route
    (`DEPTH|RECEIVER|CONTINUE|MATCHERS`), receiver (`NAME|TYPE|WHAT IS WRONG`), silence (`UNTIL|MATCHERS`),
    sent and failed (`INTEGRATION|COUNT`).
    """

    kind: Literal["prometheus"] = "prometheus"
    url: PublicUrl
    queries: tuple[str, ...] = ()
    rules: bool = False
    alertmanager: str = ""
    timeout_s: float = Field(default=15.0, gt=0)

    @property
    def digest(self) -> str:
        """Identifies the ask."""
        return digest("\0".join(("prometheus", self.url, str(self.rules), self.alertmanager, *self.queries)))

    @property
    def command(self) -> str:
        """What an operator can type to see the same."""
        base = self.url.rstrip("/")
        paths = [f"/api/v1/query?query={quote(query)}" for query in self.queries]
        paths += ["/api/v1/rules?type=alert", "/api/v1/alertmanagers"] if self.rules else []
        return "curl -sS " + " ".join(shlex.quote(base + path) for path in paths)
