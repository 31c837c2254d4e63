"""Where nginx passes a request on: upstreams, variables and maps resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator

from readiness_tui.probes.kinds.webconf.nginx_locations import Route
from readiness_tui.probes.kinds.webconf.patterns import PatternError, matches
from readiness_tui.probes.kinds.webconf.statements import Statement

_PORTS = {"http": 80, "https": 443, "grpc": 80, "grpcs": 443, "fastcgi": 9000, "uwsgi": 80, "scgi": 80}
_TARGET = re.compile(r"^(?:([a-z]+)://)?(\[[^\]]*\]|[^:/\s]+)(?::(\d+))?(?:[/$].*)?$")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_URI = frozenset({"request_uri", "uri", "document_uri", "is_args", "args", "query_string"})


def places(route: Route, domain: str) -> tuple[str, ...] | None:
    """`host:port` or `unix:PATH` of every server behind the route; None when that cannot be told."""
    if route.handler is None or not route.handler.words or route.handler.name == "return":
        return ()
    http = route.chain[0]
    target = _filled(route.handler.words[0], route, http, domain)
    if target is None:
        return None
    return _resolved(target, http, _scheme(route.handler.name))


def _scheme(handler: str) -> str:
    return {"proxy_pass": "http", "grpc_pass": "grpc"}.get(handler, handler.removesuffix("_pass"))


def _filled(text: str, route: Route, http: Statement, domain: str) -> str | None:
    """The target with its variables replaced; those of the path only are cut off."""
    for _ in range(10):
        match = _VARIABLE.search(text)
        if match is None:
            return text
        name = match[1] or match[2]
        if name in _URI:
            text = text[: match.start()]
            continue
        value = _variable(name, route, http, domain)
        if value is None:
            return None
        text = text[: match.start()] + value + text[match.end() :]
    return None


def _variable(name: str, route: Route, http: Statement, domain: str) -> str | None:
    """The last `set` of the server and locations around, or a map of the host name."""
    if name in ("host", "http_host", "ssl_server_name"):
        return domain
    found = [
        statement
        for block in route.chain
        for statement in block.each("set")
        if statement.words[:1] == (f"${name}",)
    ]
    if found:
        conditional = any(
            inner.words[:1] == (f"${name}",)
            for block in route.chain
            for condition in block.each("if")
            for inner in condition.each("set")
        )
        return found[-1].words[1] if len(found[-1].words) > 1 and not conditional else None
    for mapping in http.each("map"):
        if mapping.words[1:] == (f"${name}",):
            return _mapped(mapping, domain.lower())
    return None


def _mapped(mapping: Statement, domain: str) -> str | None:
    """What a map of the host name gives for the domain (nginx.org: ngx_http_map_module)."""
    entries = {entry.name.lower(): entry.words[0] for entry in mapping.inner if entry.words}
    if domain in entries:
        return entries[domain]
    if mapping.first("hostnames") is not None:
        for key in _wildcards(domain):
            if key in entries:
                return entries[key]
    for entry in mapping.inner:
        if entry.name.startswith("~") and entry.words:
            pattern = entry.name.removeprefix("~*") if entry.name.startswith("~*") else entry.name[1:]
            try:
                if matches(pattern, domain, ignore_case=entry.name.startswith("~*")):
                    return entry.words[0]
            except PatternError:
                return None
    return entries.get("default")


def _wildcards(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    yield f".{domain}"
    for count in range(1, len(labels)):
        yield "*." + ".".join(labels[count:])
        yield "." + ".".join(labels[count:])
    for count in range(len(labels) - 1, 0, -1):
        yield ".".join(labels[:count]) + ".*"


def _resolved(target: str, http: Statement, scheme: str) -> tuple[str, ...] | None:
    """The servers of an upstream, or the target itself."""
    bare = target.partition("://")[2] if "://" in target else target
    if bare.startswith("unix:"):
        return (":".join(bare.split(":")[:2]),)
    match = _TARGET.match(target)
    if match is None:
        return None
    upstream = next((one for one in http.each("upstream") if one.words[:1] == (match[2],)), None)
    if match[3] is None and upstream is not None:
        servers = [one.words[0] for one in upstream.each("server") if one.words and "down" not in one.words]
        found = [_resolved(server, Statement("http"), scheme) or () for server in servers]
        return tuple(place for each in found for place in each)
    port = match[3] or _PORTS.get(match[1] or scheme, 80)
    return (f"{match[2]}:{port}",)
