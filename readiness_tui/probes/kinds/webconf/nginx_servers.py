"""Which server block of nginx answers a request (nginx.org: "How nginx processes a request")."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from readiness_tui.probes.kinds.webconf.patterns import matches
from readiness_tui.probes.kinds.webconf.statements import Statement

How = Literal["name", "wildcard", "pattern", "default", "first"]
"""Why a server was chosen: by exact name, wildcard or regular expression, or because no name matched:
it is marked default_server, or it was read first."""

ANY_V4, ANY_V6 = "0.0.0.0", "::"
_PORTS = re.compile(r"^(\d{1,5})(?:-(\d{1,5}))?$")


class ListenError(ValueError):
    """A `listen` whose address is only known when nginx resolves it."""


@dataclass(frozen=True, slots=True)
class Listen:
    """One socket of a server. address: an IP address, `0.0.0.0` or `::` for all, or `unix:PATH`.

    ports: first and last. both: an IPv6 wildcard that takes IPv4 too.
    """

    address: str
    ports: tuple[int, int]
    default: bool = False
    ssl: bool = False
    both: bool = False

    def covers(self, port: int) -> bool:
        """Whether the port is one of its ports."""
        return self.ports[0] <= port <= self.ports[1]


@dataclass(slots=True, eq=False)
class Server:
    """A server block with its sockets and names, as written but in lower case."""

    block: Statement
    http: Statement
    listens: tuple[Listen, ...]
    names: tuple[str, ...]

    @property
    def catch_all(self) -> bool:
        """Its names are none that a client would ask for (`_`, `""`, none, localhost)."""
        return all(name in ("", "_", "localhost") or "." not in name.strip(".") for name in self.names)


@dataclass(frozen=True, slots=True)
class Choice:
    """The server that answers and why. listen: the socket it was chosen on."""

    server: Server
    how: How
    listen: Listen


def servers(top: Statement) -> list[Server]:
    """Every server of every http block, in order of reading. Raises ListenError."""
    found = []
    for http in top.each("http"):
        for block in http.each("server"):
            listens = tuple(_listen(statement.words) for statement in block.each("listen") if statement.words)
            if block.first("ssl") is not None and block.first("ssl").words == ("on",):  # type: ignore[union-attr]
                listens = tuple(
                    Listen(one.address, one.ports, one.default, ssl=True, both=one.both) for one in listens
                )
            names = tuple(name.lower() for each in block.each("server_name") for name in each.words)
            found.append(Server(block, http, listens or (Listen(ANY_V4, (80, 80)),), names))
    return found


def choose(
    found: Sequence[Server], address: str, port: int, name: str, *, machine: str = ""
) -> Choice | None:
    """The server that answers a request for a name on a connection to address:port; None if no socket does.

    machine: what `$hostname` stands for. Raises PatternError where a regular expression that may
    match is not understood.
    """
    on_socket = _on_socket(found, address, port)
    if not on_socket:
        return None
    wanted = name.lower().removesuffix(".")
    for how, rank in (("name", _exact), ("wildcard", _suffix), ("wildcard", _prefix)):
        best: tuple[int, Server, Listen] | None = None
        for server, listen in on_socket:
            score = max((rank(_named(each, machine), wanted) for each in server.names), default=0)
            if score > (best[0] if best else 0):
                best = score, server, listen
        if best is not None:
            return Choice(best[1], how, best[2])  # type: ignore[arg-type]
    for server, listen in on_socket:
        for each in server.names:
            if each.startswith("~") and matches(each[1:], wanted, ignore_case=True):
                return Choice(server, "pattern", listen)
    for server, listen in on_socket:
        if listen.default:
            return Choice(server, "default", listen)
    return Choice(on_socket[0][0], "first", on_socket[0][1])


def names_of(server: Server) -> str:
    """The names as an operator knows them."""
    return ", ".join(server.names) or "no name"


def _on_socket(found: Iterable[Server], address: str, port: int) -> list[tuple[Server, Listen]]:
    """The servers of the socket that takes the connection: of that very address, else of the wildcard."""
    pairs = [(server, listen) for server in found for listen in server.listens if listen.covers(port)]
    if address.startswith("unix:"):
        return _unique((s, ln) for server in found for s, ln in ((server, one) for one in server.listens)
                       if ln.address == address)  # fmt: skip
    exact = _unique(pair for pair in pairs if pair[1].address == address)
    if exact:
        return exact
    v6 = ipaddress.ip_address(address).version == 6
    wildcard = _unique(pair for pair in pairs if pair[1].address == (ANY_V6 if v6 else ANY_V4))
    if wildcard or v6:
        return wildcard
    return _unique(pair for pair in pairs if pair[1].address == ANY_V6 and pair[1].both)


def _unique(pairs: Iterable[tuple[Server, Listen]]) -> list[tuple[Server, Listen]]:
    kept: dict[int, tuple[Server, Listen]] = {}
    for server, listen in pairs:
        old = kept.get(id(server))
        if old is None or (listen.default and not old[1].default):
            kept[id(server)] = server, listen
    return list(kept.values())


def _named(name: str, machine: str) -> str:
    return machine.lower() if name == "$hostname" else name


def _exact(name: str, wanted: str) -> int:
    if name.startswith("~") or not name:
        return 0
    return int(name.removeprefix(".") == wanted) if "*" not in name else 0


def _suffix(name: str, wanted: str) -> int:
    """Length of a matching `*.suffix`; `.suffix` counts as one."""
    if name.startswith("~"):
        return 0
    suffix = name[1:] if name.startswith("*.") else name if name.startswith(".") else ""
    return len(suffix) if suffix and wanted.endswith(suffix) and len(wanted) > len(suffix) else 0


def _prefix(name: str, wanted: str) -> int:
    if name.startswith("~") or not name.endswith(".*"):
        return 0
    return len(name) if wanted.startswith(name[:-1]) and len(wanted) > len(name) - 1 else 0


def _listen(words: Sequence[str]) -> Listen:
    """A `listen` directive's socket. Raises ListenError for a host name."""
    target, options = words[0], words[1:]
    default = "default_server" in options or "default" in options
    ssl = "ssl" in options
    if target.startswith("unix:"):
        return Listen(target, (0, 0), default, ssl)
    address, ports = _split(target)
    both = address == ANY_V6 and "ipv6only=off" in options
    match = _PORTS.match(ports)
    if match is None:
        raise ListenError(f"listen {target} is not understood")
    first = int(match[1])
    return Listen(address, (first, int(match[2] or first)), default, ssl, both)


def _split(target: str) -> tuple[str, str]:
    """Address and ports, defaults filled in."""
    if target.startswith("["):
        inside, _, rest = target[1:].partition("]")
        return _address(inside), rest.removeprefix(":") or "80"
    if _PORTS.match(target):
        return ANY_V4, target
    host, colon, ports = target.partition(":")
    return (ANY_V4 if host == "*" else _address(host)), (ports if colon else "80")


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        if text == "localhost":
            return "127.0.0.1"
        raise ListenError(f"listen {text}: the name is resolved only when nginx starts") from None
