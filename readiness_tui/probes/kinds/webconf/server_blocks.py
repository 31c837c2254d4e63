"""Server blocks of nginx and Apache: which names they answer to, where they pass requests on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from readiness_tui.probes.facts import ParsedReply

_SCHEME_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "grpc": 80, "grpcs": 443, "fcgi": 9000}
_TARGET = re.compile(r"^(?:([a-z+]+)://)?(\[[^\]]*\]|[^:/\s]+)(?::(\d+))?(?:/.*)?$")


@dataclass(slots=True)
class Block:
    """One server block. names: as written. targets: what it passes requests to, as written.

    places: the same resolved to `host:port`; a target that could not be resolved is in none.
    """

    names: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    roots: list[str] = field(default_factory=list)


def blocks(told: ParsedReply) -> list[Block]:
    """Every server block that proxy.conf told, nginx's and Apache's."""
    return [*_nginx(told), *_apache(told)]


def document_roots(told: ParsedReply) -> tuple[str, ...]:
    """Every directory that is served, without a trailing slash; one with a variable in it is left out."""
    roots = [root.strip("\"'").rstrip("/") for block in blocks(told) for root in block.roots]
    return tuple(dict.fromkeys(root for root in roots if root.startswith("/") and "$" not in root))


def names(block: Block, domain: str) -> bool:
    """Whether the block answers to the domain: by name, wildcard or regular expression."""
    return any(_named(name.strip("\"'").lower(), domain.lower()) for name in block.names)


def port_of(place: str) -> int:
    """The port of a `host:port`."""
    return int(place.rpartition(":")[2])


def _named(name: str, domain: str) -> bool:
    if name.startswith("~"):
        try:
            return bool(re.search(name[1:], domain))
        except re.error:
            return False
    if name.startswith("."):
        return domain == name[1:] or domain.endswith(name)
    return domain == name or ("*" in name and fnmatchcase(domain, name))


def _rows(told: ParsedReply, name: str) -> Iterator[tuple[str, int, str, str]]:
    """(context, block number, directive, the rest) of each row; rows that are none are skipped."""
    for row in told.known(name):
        place, bar, text = row.partition("|")
        context, sharp, number = place.rpartition("#")
        directive, _, rest = text.partition(" ")
        if bar and sharp and number.isdecimal():
            yield context, int(number), directive, rest.strip()


def _nginx(told: ParsedReply) -> list[Block]:
    found: dict[int, Block] = {}
    upstreams: dict[str, list[str]] = {}
    variables: dict[str, str] = {}
    for context, number, directive, rest in _rows(told, "ngx"):
        if context.startswith("upstream:") and directive == "server":
            upstreams.setdefault(context[9:], []).append(rest.split(" ")[0])
            continue
        block = found.setdefault(number, Block())
        if directive == "server_name":
            block.names += rest.split()
        elif directive in ("proxy_pass", "grpc_pass"):
            block.targets.append(rest)
        elif directive in ("root", "alias"):
            block.roots.append(rest)
        elif directive == "set":
            variable, _, value = rest.partition(" ")
            variables[variable] = value.strip("\"'")
    for block in found.values():
        for target in block.targets:
            for variable, value in variables.items():
                target = target.replace(variable, value)
            block.places += _resolved(target, upstreams)
    return list(found.values())


def _apache(told: ParsedReply) -> list[Block]:
    found: dict[str, Block] = {}
    members = [
        rest.split(" ")[0] for _, _, word, rest in _rows(told, "apache_conf") if word == "BalancerMember"
    ]
    for context, number, directive, rest in _rows(told, "apache_conf"):
        block = found.setdefault(f"{context}#{number}" if number else "", Block())
        words = [word.strip("\"'") for word in rest.split()]
        match directive.lower():
            case "servername" | "serveralias":
                block.names += [re.sub(r":\d+$", "", word.partition("://")[2] or word) for word in words]
            case "proxypass" | "proxypassmatch":
                block.targets += words[1:2] if words[0:1] != words[-1:] else words[0:1]
            case "rewriterule" if re.search(r"\[([^\]]*,)?P(,|\])", rest):
                block.targets += words[1:2]
            case "documentroot":
                block.roots += words[0:1]
            case "alias":
                block.roots += words[1:2]
    everywhere = found.get("", Block())
    for key, block in found.items():
        if key:
            block.targets += everywhere.targets
        for target in block.targets:
            balanced = members if target.startswith("balancer://") else [target]
            block.places += [place for one in balanced for place in _resolved(one, {})]
    return list(found.values())


def _resolved(target: str, upstreams: dict[str, list[str]]) -> list[str]:
    """`host:port` of each server behind a target; none for a Unix socket, a variable or `!`."""
    match = _TARGET.match(target)
    if match is None or "$" in match[2] or target.startswith(("unix:", "!")):
        return []
    scheme, host, port = match.groups()
    if port is None and host in upstreams:
        return [place for server in upstreams[host] for place in _resolved(server, {})]
    return [f"{host}:{port or _SCHEME_PORTS.get(scheme or 'http', 80)}"]
