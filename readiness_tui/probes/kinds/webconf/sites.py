"""A domain's site as the server that answers has it: which blocks hold which values for which paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.webconf import apache, configuration, nginx_servers
from readiness_tui.probes.kinds.webconf.listeners import answering, public_port
from readiness_tui.probes.kinds.webconf.nginx_locations import route
from readiness_tui.probes.kinds.webconf.patterns import PatternError
from readiness_tui.probes.kinds.webconf.statements import RowError, Statement, tree

_NESTED = ("location", "limit_except", "locationmatch", "directory", "directorymatch", "files", "filesmatch")
"""Blocks in which a value can differ from the one around them."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A block with all around it, outermost first. label: how an operator calls it."""

    label: str
    chain: tuple[Statement, ...]
    handler: str = ""

    def value(self, name: str) -> Statement | None:
        """The statement of a single value in force: that of the innermost block that has one."""
        return next(iter(self.values(name)), None)

    def values(self, name: str) -> tuple[Statement, ...]:
        """The statements of a list in force: all of the innermost block that has any."""
        return next((found for block in reversed(self.chain) if (found := tuple(block.each(name)))), ())


@dataclass(frozen=True, slots=True)
class Site:
    """A domain on the server that answers for it.

    kind: `nginx` or `apache`. server: its name and version, for people. stale: why the files are not
    what runs; empty when they are. at: the scope that serves a path. Raises PatternError.
    """

    domain: str
    kind: str
    server: str
    top: Statement
    block: Scope
    stale: str | Missing
    at: Callable[[str], Scope]

    @property
    def doubt(self) -> Missing | None:
        """Why the files do not tell what the server does."""
        if isinstance(self.stale, Missing):
            return self.stale
        return Missing(Cause.STALE, self.stale) if self.stale else None

    def scopes(self) -> Iterator[Scope]:
        """The site itself and every block inside that can have values of its own."""
        yield self.block
        yield from _inside(self.block, self.domain)


def site(files: ParsedReply, got: ParsedReply, domain: str, tls_port: int) -> Site | Missing:
    """The site of a domain, or why it cannot be told."""
    for told in (got, files):
        if told.trouble is not None:
            return told.trouble
    port, listening = public_port(got, tls_port)
    server, prefix = answering(files, got, port)
    if not listening:
        return Missing(Cause.UNSUPPORTED, f"nothing listens on port {tls_port} or 80 of this host")
    if not prefix:
        words = f"{server} answers on port {port}; its configuration is not read"
        return Missing(Cause.UNSUPPORTED, words)
    at = (row.partition("|") for row in got.known("address"))
    address = {name: found for name, _, found in at}.get(domain, "127.0.0.1")
    read = _nginx if prefix == "ngx" else _apache
    try:
        return read(files, domain, server, address, port)
    except (RowError, PatternError, nginx_servers.ListenError) as error:
        return Missing(Cause.UNSUPPORTED, f"{server}: {error}")


def _nginx(files: ParsedReply, domain: str, server: str, address: str, port: int) -> Site | Missing:
    rows = files.rows("ngx")
    if isinstance(rows, Missing):
        return rows
    if not rows or any(row.startswith("absent") for row in files.known("ngx_conf")):
        return Missing(Cause.UNSUPPORTED, "nginx's configuration files are not on this host")
    top = tree(rows)
    machine = "".join(files.known("ngx_hostname")[-1:])
    choice = nginx_servers.choose(nginx_servers.servers(top), address, port, domain, machine=machine)
    if choice is None:
        return Missing(Cause.UNSUPPORTED, f"the files of {server} have no server on port {port}")
    found = choice.server
    around = (top, found.http, found.block)

    def at(path: str) -> Scope:
        way = route(found, path)
        handler = way.handler.name if way.handler is not None else "files"
        return Scope(f"{domain}{path}", (top, *way.chain), handler)

    stale = configuration.loaded(files, "ngx", server)
    return Site(domain, "nginx", server, found.http, Scope(domain, around), stale, at)


def _apache(files: ParsedReply, domain: str, server: str, address: str, port: int) -> Site | Missing:
    rows = files.rows("apc")
    if isinstance(rows, Missing):
        return rows
    if not files.known("apache_conf"):
        return Missing(Cause.UNSUPPORTED, "Apache's configuration could not be read")
    top = tree(rows)
    host = apache.choose(top, address, port, domain)
    around = (top,) if host is None else (top, host.block)

    def at(path: str) -> Scope:
        held = tuple(block for block in around[-1].each("location") if _holds(block, path))
        return Scope(f"{domain}{path}", (*around, *held))

    stale = configuration.loaded(files, "apache", server)
    return Site(domain, "apache", server, top, Scope(domain, around), stale, at)


def _holds(location: Statement, path: str) -> bool:
    prefix = location.words[-1] if location.words else ""
    return path == prefix or path.startswith(prefix if prefix.endswith("/") else f"{prefix}/")


def _inside(scope: Scope, domain: str) -> Iterator[Scope]:
    for statement in _blocks(scope.chain[-1].inner):
        if statement.name in _NESTED and (statement.words or statement.name == "limit_except"):
            label = f"{statement.name} {' '.join(statement.words)} of {domain}"
            inner = Scope(label, (*scope.chain, statement))
            yield inner
            yield from _inside(inner, domain)


def _blocks(inner: Sequence[Statement]) -> Iterator[Statement]:
    """The blocks inside, those within a condition too."""
    for statement in inner:
        if statement.block and statement.name in ("if", "other", "ifmodule", "elseif", "else"):
            yield from _blocks(statement.inner)
        elif statement.block:
            yield statement
