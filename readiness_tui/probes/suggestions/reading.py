"""What a host's replies tell: ports with their units, nginx's servers, backup jobs, the database's URL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from readiness_tui.probes.facts import ParsedReply, fields
from readiness_tui.probes.kinds.webconf import nginx_servers, nginx_targets
from readiness_tui.probes.kinds.webconf.nginx_locations import route
from readiness_tui.probes.kinds.webconf.patterns import PatternError
from readiness_tui.probes.kinds.webconf.statements import RowError, tree

DISTRIBUTION = re.compile(
    r"^(ssh|sshd|nginx|apache2|httpd|haproxy|caddy|postgresql|redis|valkey|cron|chrony|exim4|postfix|rpcbind|"
    r"systemd-|prometheus|alertmanager|grafana|docker|containerd|memcached|mysql|mariadb|named|bind9|dbus)"
)
"""Units that are not the application."""

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0", "*")
_PORT = re.compile(r":(\d{1,5})$")


@dataclass(frozen=True, slots=True)
class Listener:
    """A listening TCP port. unit, process: empty where they are hidden."""

    port: int
    address: str
    unit: str
    process: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A service. program: the path it starts. how: why it is taken for the application's."""

    name: str
    program: str
    env_files: tuple[str, ...]
    how: str = ""


@dataclass(frozen=True, slots=True)
class Database:
    """Where DATABASE_URL leads. host: a name, an address or a socket's directory."""

    host: str
    port: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Host:
    """What was seen on one host. proxied: `domain, port` of each proxied server. jobs: where, program."""

    listeners: tuple[Listener, ...]
    domains: tuple[str, ...]
    proxied: tuple[tuple[str, int], ...]
    unit: Unit | None
    jobs: tuple[tuple[str, str], ...]
    database: Database | None


def read_host(units: ParsedReply, proxy: ParsedReply | None, url: ParsedReply | None) -> Host:
    """All of it; what could not be seen is left out."""
    listeners = tuple(_listeners(units.known("listen")))
    domains, proxied = _proxied(proxy)
    unit = _application(units, listeners, proxied)
    return Host(
        listeners=listeners,
        domains=domains,
        proxied=proxied,
        unit=unit,
        jobs=tuple(_jobs(units)),
        database=_database(url, unit.name if unit else ""),
    )


def _listeners(rows: Iterable[str]) -> Iterator[Listener]:
    for row in rows:
        port, address, unit, process = fields(row, 4)
        if port.isdecimal():
            yield Listener(int(port), address, unit, process)


def _proxied(told: ParsedReply | None) -> tuple[tuple[str, ...], tuple[tuple[str, int], ...]]:
    """The domains that nginx's servers name, those with TLS first, and ports on this host behind them."""
    if told is None or not (rows := told.known("ngx")) or told.refusal("ngx") is not None:
        return (), ()
    try:
        found = nginx_servers.servers(tree(rows))
    except (RowError, nginx_servers.ListenError):
        return (), ()
    domains: dict[str, None] = {}
    ports: dict[tuple[str, int], None] = {}
    for server in sorted(found, key=lambda one: not any(listen.ssl for listen in one.listens)):
        names = [name for name in server.names if _is_domain(name)]
        domains |= dict.fromkeys(names)
        try:
            places = nginx_targets.places(route(server, "/"), names[0] if names else "localhost") or ()
        except PatternError:
            places = ()
        for place in places:
            match = _PORT.search(place)
            if match and place.startswith(LOOPBACK):
                ports[names[0] if names else "", int(match[1])] = None
    return tuple(domains), tuple(ports)


def _is_domain(name: str) -> bool:
    return re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", name) is not None


def _application(
    told: ParsedReply, listeners: Iterable[Listener], proxied: Iterable[tuple[str, int]]
) -> Unit | None:
    """The unit that listens behind the proxied port; else the only one an administrator made that runs."""
    known = {}
    for row in told.known("unit"):
        name, program, files, _ = fields(row, 4)
        known[name] = Unit(name, program, tuple(files.split()))
    ports = {port for _, port in proxied}
    behind = {one.unit: one.port for one in listeners if one.port in ports and one.unit in known}
    if len(behind) == 1:
        ((name, port),) = behind.items()
        return _with(known[name], f"it listens on port {port}, to which nginx passes requests")
    own = [name for name, state in (fields(row, 2) for row in told.known("own")) if state == "active"]
    candidates = [name for name in own if name in known and not DISTRIBUTION.match(name)]
    if len(candidates) == 1 and not behind:
        return _with(known[candidates[0]], "the only active unit in /etc/systemd/system")
    return None


def _with(unit: Unit, how: str) -> Unit:
    return Unit(unit.name, unit.program, unit.env_files, how)


def _jobs(told: ParsedReply) -> Iterator[tuple[str, str]]:
    for row in told.known("timer"):
        timer, _, program = fields(row, 3)
        yield timer, program
    for row in told.known("cron"):
        file, program = fields(row, 2)
        yield file, program


def _database(told: ParsedReply | None, unit: str) -> Database | None:
    if told is None or not (rows := told.known("url")):
        return None
    state, scheme, _, host, port, name, *_ = fields(rows[-1], 9)
    if state != "set" or not scheme.lower().startswith("postgres") or "(not shown)" in (host, name):
        return None
    return Database(host, port, name, unit)
