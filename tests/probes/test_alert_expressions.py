"""Which selectors a PromQL expression reads, and where Alertmanager's routes lead."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from readiness_tui.probes.kinds.alerts.expressions import read
from readiness_tui.probes.kinds.alerts.routing import Route, reached


@pytest.mark.parametrize(
    ("query", "selectors"),
    [
        ('up{job="app"} == 0', ('up{job="app"}',)),
        (
            'sum by (job) (rate(a{s=~"5..",x="}"}[5m])) / sum(rate(b[5m] offset 1h)) > 0.05',
            ('a{s=~"5..",x="}"}', "b"),
        ),
        ('absent(up{job="app"})', ()),
        ('absent(up{job="app"}) or up{job="app"} == 0', ('up{job="app"}',)),
        ('label_replace(up, "dst", "$1", "src", "(.*)") == bool 1', ("up",)),
        ('{__name__=~"a|b"} > 1e9', ('{__name__=~"a|b"}',)),
        ("x / on(instance) group_left(a, b) y @ 1609746000 and z[5m:1m]", ("x", "y", "z")),
        ("time() - backup_last_success > 93600", ("backup_last_success",)),
        ("job:errors:rate5m > 0.1 unless on() maintenance", ("job:errors:rate5m", "maintenance")),
        ("vector(1)", ()),
        ('a{b="not closed', ('a{b="not closed',)),
    ],
)
def test_the_selectors_of_a_query(query: str, selectors: tuple[str, ...]) -> None:
    assert read(query).selectors == selectors


def route(receiver: str, *inner: Route, matchers: tuple[str, ...] = (), further: bool = False) -> Route:
    return Route(receiver, further, matchers, list(inner))


TREE = route(
    "root",
    route("pager", matchers=('severity="critical"',)),
    route("log", matchers=('alertname=~"Disk.*"',), further=True),
    route("team", matchers=('team="web"',)),
)


@pytest.mark.parametrize(
    ("labels", "receivers"),
    [
        ({"severity": "critical", "team": "db"}, ("pager",)),
        ({"severity": "warning", "team": "db", "alertname": "Other"}, ("root",)),
        ({"severity": "warning", "team": "web", "alertname": "DiskFull"}, ("log", "team")),
        ({"severity": "warning", "alertname": "Other"}, ("team", "root")),
        ({"severity": "warning", "team": "{{ $labels.team }}", "alertname": "Other"}, ("team", "root")),
    ],
)
def test_the_receivers_an_alert_may_reach(labels: Mapping[str, str], receivers: tuple[str, ...]) -> None:
    assert reached(TREE, labels) == receivers
