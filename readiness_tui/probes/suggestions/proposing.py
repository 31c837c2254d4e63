"""From what was seen on a host to values for parameters, each with where it was seen."""

from __future__ import annotations

from collections.abc import Iterator

from readiness_tui.probes.suggestions.proposal import Proposal
from readiness_tui.probes.suggestions.reading import LOOPBACK, Host, Unit

WRAPPERS = frozenset(
    {"sh", "bash", "dash", "env", "su", "runuser", "setpriv", "sudo", "gosu", "tini", "nice"}
)
PROGRAMS = {
    "prometheus": "prometheus_url",
    "alertmanager": "alertmanager_url",
    "prometheus-aler": "alertmanager_url",
    "grafana": "grafana_url",
    "grafana-server": "grafana_url",
}
"""Monitoring programs by their process's name, as the kernel cuts it at 15 characters."""

CLUSTER = 9094
"""The port on which Alertmanagers talk to each other."""

SHELLS = ("/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/")
"""Where a job's program is the system's own, not a script of the launch."""


def proposals(host: str, seen: Host) -> Iterator[Proposal]:
    """Every proposal that this host gives rise to."""

    def one(parameter: str, value: str | int | list[str], where: str) -> Proposal:
        return Proposal(parameter, list(value) if isinstance(value, list) else value, where, host)

    if seen.domains:
        yield one("domains", list(seen.domains), "server_name of nginx")
    if seen.unit is not None:
        yield from _unit(host, seen.unit)
    for domain, port in dict.fromkeys(seen.proxied):
        yield one("app_port", port, f"proxy_pass of nginx for {domain or 'any name'}")
    if seen.database is not None:
        yield from _database(host, seen)
    for place, program in seen.jobs:
        if program.startswith("/") and not program.startswith(SHELLS):
            yield one("backup_script", program, place)
    for listener in seen.listeners:
        name = PROGRAMS.get(listener.process, "")
        if name and listener.port != CLUSTER:
            at = "127.0.0.1" if listener.address.startswith((*LOOPBACK, "::")) else listener.address
            where = f"{listener.process} listens on port {listener.port}"
            yield one(name, f"http://{at}:{listener.port}", where)


def _unit(host: str, unit: Unit) -> Iterator[Proposal]:
    yield Proposal(
        "app_name", unit.name.removesuffix(".service").partition("@")[0], f"the name of {unit.name}", host
    )
    yield Proposal("service_unit", unit.name, unit.how, host)
    if unit.program.startswith("/") and unit.program.rpartition("/")[2] not in WRAPPERS:
        yield Proposal("binary_path", unit.program, f"ExecStart= of {unit.name}", host)
    for file in unit.env_files:
        if file.startswith("/") and "*" not in file:
            yield Proposal("env_file", file, f"EnvironmentFile= of {unit.name}", host)


def _database(host: str, seen: Host) -> Iterator[Proposal]:
    database = seen.database
    assert database is not None
    where = f"DATABASE_URL of {database.unit or 'the application'}"
    if database.port.isdecimal():
        yield Proposal("db_port", int(database.port), where, host)
    if "," not in database.host:
        local = database.host in ("none", "") or database.host.startswith((*LOOPBACK, "/"))
        leads = "this host" if local else database.host
        yield Proposal("db_topology", "local" if local else "private", f"{where} leads to {leads}", host)
    if database.name not in ("none", ""):
        yield Proposal("expected_db", database.name, where, host)
