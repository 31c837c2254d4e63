"""Which virtual host of Apache answers a request and where it passes it (httpd.apache.org: vhosts)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from readiness_tui.probes.kinds.webconf.patterns import matches
from readiness_tui.probes.kinds.webconf.statements import Statement

_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "fcgi": 8000, "ajp": 8009}
_TARGET = re.compile(r"^(?:([a-z0-9]+)://)?(\[[^\]]*\]|[^:/\s|]+)(?::(\d+))?(?:/.*)?$")


@dataclass(frozen=True, slots=True)
class Host:
    """The virtual host that answers. how: by name, or because it is the first; None: the main server."""

    block: Statement
    how: Literal["name", "first"]
    names: tuple[str, ...]


def names(block: Statement) -> tuple[str, ...]:
    """ServerName and ServerAlias, lower case, without scheme and port."""
    words = [word for each in block.each("servername", "serveralias") for word in each.words]
    return tuple(re.sub(r":\d+$", "", word.partition("://")[2] or word).lower() for word in words)


def choose(top: Statement, address: str, port: int, domain: str) -> Host | None:
    """The host for a connection to address:port; None when no virtual host has that port."""
    exact = [block for block in top.each("virtualhost") if _on(block, address, port, exact=True)]
    found = exact or [block for block in top.each("virtualhost") if _on(block, address, port, exact=False)]
    for block in found:
        if any(_named(name, domain.lower()) for name in names(block)):
            return Host(block, "name", names(block))
    return Host(found[0], "first", names(found[0])) if found else None


def named_anywhere(top: Statement, domain: str) -> bool:
    """Whether any virtual host is named like the domain."""
    return any(_named(name, domain.lower()) for block in top.each("virtualhost") for name in names(block))


def places(top: Statement, block: Statement, path: str) -> tuple[str, ...] | None:
    """`host:port` of the servers a path is passed to; none for files; None when that cannot be told."""
    rewritten = [rule for rule in block.walk() if rule.name == "rewriterule" and rule.words[2:3] == ("P",)]
    target = _location_target(block, path) or _prefix_target(block, path) or _prefix_target(top, path)
    if not target:
        found = [place for rule in rewritten for place in _resolved(top, rule.words[1])]
        return tuple(found) if found else (None if rewritten else ())
    return () if target == "!" else tuple(_resolved(top, target)) or None


def _on(block: Statement, address: str, port: int, *, exact: bool) -> bool:
    for word in block.words:
        host, colon, number = word.rpartition(":")
        if not colon or word.endswith("]"):
            host, number = word, "*"
        host = host.strip("[]")
        if number not in ("*", str(port)):
            continue
        if (host == address) if exact else host in ("*", "_default_"):
            return True
    return False


def _named(name: str, domain: str) -> bool:
    return fnmatchcase(domain, name.replace("[", "[[]"))


def _location_target(block: Statement, path: str) -> str:
    """The ProxyPass of the last Location that holds the path."""
    target = ""
    for location in block.each("location", "locationmatch"):
        words: Sequence[str] = location.words
        pattern = location.name == "locationmatch" or words[:1] == ("~",)
        text = words[-1] if words else ""
        holds = matches(text, path) if pattern else _within(path, text)
        passes = location.first("proxypass") or location.first("proxypassmatch")
        if holds and passes is not None and passes.words:
            target = passes.words[0]
    return target


def _prefix_target(block: Statement, path: str) -> str:
    """The first ProxyPass in file order whose prefix holds the path."""
    for each in block.each("proxypass", "proxypassmatch"):
        if len(each.words) < 2:
            continue
        prefix = each.words[0]
        if _within(path, prefix) if each.name == "proxypass" else matches(prefix, path):
            return each.words[1]
    return ""


def _within(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix if prefix.endswith("/") else prefix + "/")


def _resolved(top: Statement, target: str) -> list[str]:
    if target.startswith("balancer://"):
        name = target.removeprefix("balancer://").partition("/")[0]
        members = [
            member.words[0]
            for proxy in top.walk()
            if proxy.name == "proxy" and proxy.words[:1] == (f"balancer://{name}",)
            for member in proxy.each("balancermember")
            if member.words
        ]
        return [place for member in members for place in _resolved(top, member)]
    if target.startswith("unix:"):
        return [target.partition("|")[0]]
    match = _TARGET.match(target)
    if match is None or "$" in match[2]:
        return []
    return [f"{match[2]}:{match[3] or _PORTS.get(match[1] or 'http', 80)}"]
