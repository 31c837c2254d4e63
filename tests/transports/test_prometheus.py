"""A real Prometheus and Alertmanager, asked straight and through a real sshd."""

from __future__ import annotations

import asyncio
import json
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from readiness_tui.model.monitoring_asks import PrometheusAsk
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Reply
from readiness_tui.transports.contract import Transport
from readiness_tui.transports.network.transport import NetworkTransport
from tests.probes.conftest import stop, wait_for
from tests.sshd import free_port
from tests.transports.conftest import Servers, Ways, ssh_to

pytestmark = [pytest.mark.needs("prometheus"), pytest.mark.needs("alertmanager")]

SCRAPES = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [rules.yml]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ['127.0.0.1:{manager}']}}]}}]}}
scrape_configs: [{{job_name: app, static_configs: [{{targets: ['127.0.0.1:{own}']}}]}}]
"""
RULES = """
groups: [{name: base, rules: [
  {alert: Down, expr: 'up{job="app"} == 0', labels: {severity: critical}},
  {alert: Blind, expr: 'nosuch_metric > 1'}]}]
"""
ROUTES = """
route: {receiver: mails, routes: [{matchers: [severity="critical"], receiver: pager}]}
receivers:
- {name: pager, webhook_configs: [{url: 'http://hooks.test/x'}]}
- {name: mails, email_configs: [{to: ops@example.org, smarthost: 'localhost:25', from: a@example.org}]}
- {name: nobody}
"""


@dataclass(frozen=True)
class Monitoring:
    """A running pair; url is Prometheus'."""

    url: str
    manager: subprocess.Popen[bytes]


@pytest.fixture
def monitoring(tmp_path: Path) -> Iterator[Monitoring]:
    own, manager = free_port(), free_port()
    (tmp_path / "prometheus.yml").write_text(SCRAPES.format(own=own, manager=manager))
    (tmp_path / "rules.yml").write_text(RULES)
    (tmp_path / "manager.yml").write_text(ROUTES)

    def run(*words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            words,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    prometheus = run(
        *("prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data"),
        f"--web.listen-address=127.0.0.1:{own}",
    )
    alertmanager = run(
        *("prometheus-alertmanager", "--config.file=manager.yml", "--storage.path=alerts"),
        *(f"--web.listen-address=127.0.0.1:{manager}", "--cluster.listen-address="),
    )
    try:
        wait_for(own, prometheus)
        wait_for(manager, alertmanager)
        url = f"http://127.0.0.1:{own}"
        evaluated(url)
        yield Monitoring(url, alertmanager)
    finally:
        stop(prometheus)
        if alertmanager.poll() is None:
            stop(alertmanager)


def evaluated(url: str) -> None:
    """Until every rule was evaluated and the target was scraped."""
    for _ in range(600):
        if _all_evaluated(url):
            return
        subprocess.run(["sleep", "0.1"], check=True)
    pytest.fail("Prometheus evaluates no rule")


def _all_evaluated(url: str) -> bool:
    """False also while Prometheus starts: it listens and answers 503 until its storage is open."""
    try:
        with urllib.request.urlopen(f"{url}/api/v1/rules") as answer:
            groups = json.load(answer)["data"]["groups"]
        with urllib.request.urlopen(f"{url}/api/v1/query?query=up") as answer:
            up = json.load(answer)["data"]["result"]
    except urllib.error.HTTPError:
        return False
    return bool(up and groups and all(rule["health"] == "ok" for rule in groups[0]["rules"]))


async def asked(transport: Transport, ask: PrometheusAsk) -> Reply:
    await transport.open()
    (reply,) = [reply async for reply in transport.ask([ask])]
    await transport.close()
    return reply


def rows(reply: Reply, name: str) -> Sequence[str]:
    assert reply.cause is None, reply.detail
    return [line.partition("=")[2] for line in reply.stdout.splitlines() if line.startswith(f"{name}=")]


@pytest.mark.parametrize("way", ["network", "local", pytest.param("ssh", marks=pytest.mark.needs("sshd"))])
async def test_rules_routes_and_series_are_told_alike(way: str, monitoring: Monitoring, ways: Ways) -> None:
    transport: Transport = NetworkTransport() if way == "network" else ways(way)
    reply = await asked(transport, PrometheusAsk(url=monitoring.url, queries=("up", "nonsense("), rules=True))
    port = monitoring.url.rpartition(":")[2]
    labels = f'{{"__name__":"up","instance":"127.0.0.1:{port}","job":"app"}}'
    assert rows(reply, "series") == [f"0|1|{labels}"]
    assert [row[:2] for row in rows(reply, "!query")] == ["1 "]
    told = [row.split("|") for row in rows(reply, "rule")]
    assert [(name, health, query) for name, health, _, _, _, query in told] == [
        ("Down", "ok", 'up{job="app"} == 0'),
        ("Blind", "ok", "nosuch_metric > 1"),
    ]
    assert rows(reply, "metric") == ["up"]
    assert rows(reply, "route") == ["0|mails|no|", '1|pager|no|severity="critical"']
    assert rows(reply, "receiver") == [
        "pager|webhook|",
        "mails|email|an example address",
        "nobody|none|nothing is configured for it",
    ]
    assert "email|0" in rows(reply, "sent")


async def test_an_alertmanager_that_is_down_is_told_as_down(monitoring: Monitoring) -> None:
    await asyncio.to_thread(stop, monitoring.manager)
    reply = await asked(NetworkTransport(), PrometheusAsk(url=monitoring.url, rules=True))
    assert "connection refused" in rows(reply, "am_down")[0]
    assert rows(reply, "am_ready") == []


@pytest.mark.needs("sshd")
async def test_a_host_that_forwards_nothing_and_one_where_nothing_listens(sshds: Servers) -> None:
    ask = PrometheusAsk(url=f"http://127.0.0.1:{free_port()}", queries=("up",))
    closed = await asked(ssh_to(sshds("AllowTcpForwarding no")), ask)
    assert (closed.cause, "AllowTcpForwarding" in closed.hint) == (Cause.DENIED, True)
    nothing = await asked(ssh_to(sshds()), ask)
    assert (nothing.cause, "as the host sees it" in nothing.detail) == (Cause.UNREACHABLE, True)
