"""The configuration of the web server that answers, whichever it is, as far as it decides a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.webconf import apache, nginx_servers, nginx_targets
from readiness_tui.probes.kinds.webconf.nginx_locations import Route, route
from readiness_tui.probes.kinds.webconf.patterns import PatternError
from readiness_tui.probes.kinds.webconf.statements import RowError, Statement, tree

SAME_S = 2.0
"""Seconds within which a change and a load count as the same moment, where times are whole seconds."""

FINE_S = 0.03
"""The same where both are told to a hundredth of a second, the kernel's tick."""


@dataclass(frozen=True, slots=True)
class Block:
    """What the files say of a domain on a socket.

    named: the block has the domain's name or is meant for any; elsewhere: another block has the
    name. block: how to call it. handler: the directive that answers, or `files`. places: where
    requests go, None when that cannot be told.
    """

    named: bool
    elsewhere: bool
    block: str
    handler: str
    places: tuple[str, ...] | None


def nginx_block(told: ParsedReply, address: str, port: int, domain: str, path: str) -> Block | Missing | None:
    """nginx's block for the domain; None when no server listens there; missing when files were unread."""
    rows = told.rows("ngx")
    if isinstance(rows, Missing):
        return rows
    if any(row.startswith("absent") for row in told.known("ngx_conf")) or not rows:
        return Missing(Cause.UNSUPPORTED, "nginx's configuration files are not on this host")
    machine = "".join(told.known("ngx_hostname")[-1:])
    try:
        top = tree(rows)
        found = nginx_servers.servers(top)
        choice = nginx_servers.choose(found, address, port, domain, machine=machine)
        if choice is None:
            return None
        way = route(choice.server, path)
        return Block(
            named=choice.how in ("name", "wildcard", "pattern", "default") or choice.server.catch_all,
            elsewhere=any(_names(server, domain) for server in found if server is not choice.server),
            block=nginx_servers.names_of(choice.server),
            handler=_handler(way),
            places=nginx_targets.places(way, domain),
        )
    except (RowError, PatternError, nginx_servers.ListenError) as error:
        return Missing(Cause.UNSUPPORTED, f"nginx: {error}")


def _handler(way: Route) -> str:
    """The directive that answers; `rewrite` where a condition or a rewrite may lead elsewhere."""
    if way.handler is not None and way.handler.name != "return":
        return way.handler.name
    if any(block.first("rewrite") or block.first("if") for block in way.chain[1:]):
        return "rewrite"
    return way.handler.name if way.handler is not None else "files"


def apache_block(
    told: ParsedReply, address: str, port: int, domain: str, path: str
) -> Block | Missing | None:
    """Apache's virtual host for the domain; None when none has the port."""
    rows = told.rows("apc")
    if isinstance(rows, Missing):
        return rows
    if not told.known("apache_conf"):
        return Missing(Cause.UNSUPPORTED, "Apache's configuration could not be read")
    try:
        top = tree(rows)
    except RowError as error:
        return Missing(Cause.GARBLED, f"Apache: {error}")
    host = apache.choose(top, address, port, domain)
    block = host.block if host is not None else top
    try:
        where = apache.places(top, block, path)
    except PatternError as error:
        return Missing(Cause.UNSUPPORTED, f"Apache: {error}")
    names = host.names if host is not None else ()
    return Block(
        named=host is None or host.how == "name" or not names,
        elsewhere=apache.named_anywhere(top, domain),
        block=", ".join(names) or "no name",
        handler="files" if where == () else "ProxyPass",
        places=where,
    )


def loaded(told: ParsedReply, prefix: str, server: str) -> str | Missing:
    """Empty when the server has loaded its files as they are now; else what is newer or broken.

    prefix: `ngx` or `apache`. Missing when either time could not be seen.
    """
    broken = told.known(f"{prefix}_broken")
    if broken:
        return f"its files are broken now ({broken[0][:60]})"
    changed = told.rows(f"{prefix}_changed")
    if isinstance(changed, Missing):
        return changed
    if not changed:
        return Missing(Cause.UNSUPPORTED, f"when the files of {server} changed is not known")
    text, _, file = changed[-1].partition("|")
    at = _moment(text)
    if at is None:
        return Missing(Cause.GARBLED, f"when the files of {server} changed is not known")
    moments = _moments(told, prefix)
    if not moments:
        return Missing(Cause.DENIED, f"when {server} loaded its configuration is not visible to this user")
    latest, fine = max(moments)
    if at[0] > latest + (FINE_S if fine and at[1] else SAME_S):
        return f"{file} was changed after {server} loaded its configuration"
    return ""


def runs(told: ParsedReply, prefix: str) -> bool:
    """Whether a process or the service manager shows that the server runs."""
    shown = ("ngx_master", "ngx_unit") if prefix == "ngx" else ("apache_main", "apache_unit")
    return any(told.known(name) for name in shown)


def _moments(told: ParsedReply, prefix: str) -> Sequence[tuple[float, bool]]:
    """When the server loaded: its oldest worker's start, else what the service manager recorded."""
    own = [_moment(text) for text in told.known(f"{prefix}_loaded")]
    unit = [
        _moment(text)
        for name in (f"{prefix}_unit_began", f"{prefix}_unit_reloaded")
        for text in told.known(name)
    ]
    return [one for one in own if one] or [one for one in unit if one]


def _moment(text: str) -> tuple[float, bool] | None:
    """Seconds since 1970, and whether they are finer than whole seconds."""
    try:
        return float(text), "." in text
    except ValueError:
        return None


def _names(server: nginx_servers.Server, domain: str) -> bool:
    probe = nginx_servers.Listen(nginx_servers.ANY_V4, (1, 1))
    alone = nginx_servers.Server(Statement("server"), server.http, (probe,), server.names)
    choice = nginx_servers.choose([alone], nginx_servers.ANY_V4, 1, domain)
    return choice is not None and choice.how in ("name", "wildcard", "pattern")
