"""Which location of a server serves a path, and which values are in force there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from readiness_tui.probes.kinds.webconf.nginx_servers import Server
from readiness_tui.probes.kinds.webconf.patterns import matches
from readiness_tui.probes.kinds.webconf.statements import Statement

PASSES = ("proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass")
_LISTS = {"=": "exact", "^~": "prefix", "~": "pattern", "~*": "pattern"}
_JUMPS = 10
"""Internal redirects that nginx follows."""


@dataclass(frozen=True, slots=True)
class Location:
    """A location block. modifier: `=`, `^~`, `~`, `~*`, `@` or none; name: the path or expression."""

    block: Statement
    modifier: str
    name: str


@dataclass(frozen=True, slots=True)
class Route:
    """What serves a path. chain: http, server and the locations around it, outermost first.

    handler: the statement that answers (`return`, a *_pass), None for files on disk. redirect: nginx
    adds a slash to the path instead of serving it.
    """

    chain: tuple[Statement, ...]
    handler: Statement | None
    redirect: bool = False

    def value(self, name: str) -> Statement | None:
        """The statement of a single value in force: that of the innermost block that has one."""
        return next(self.values(name), None)

    def values(self, name: str) -> Iterator[Statement]:
        """The statements of a list in force: all of the innermost block that has any."""
        for block in reversed(self.chain):
            found = list(block.each(name))
            if found:
                yield from found
                return


def normalized(path: str, *, merge_slashes: bool = True) -> str:
    """The path that locations are compared with: decoded, slashes merged, dots resolved, no query."""
    text = unquote(path.partition("#")[0].partition("?")[0])
    parts: list[str] = []
    pieces = text.split("/")[1:]
    for index, piece in enumerate(pieces):
        last = index == len(pieces) - 1
        if piece == "." or (piece == "" and not last and merge_slashes):
            if last:
                parts.append("")
        elif piece == "..":
            del parts[-1:]
            if last:
                parts.append("")
        else:
            parts.append(piece)
    return "/" + "/".join(parts)


def route(server: Server, path: str) -> Route:
    """What serves a path of a server. Raises PatternError."""
    top = (server.http, server.block)
    merge = Route(top, None).value("merge_slashes")
    wanted = normalized(path, merge_slashes=merge is None or merge.words != ("off",))
    answered = server.block.first("return")
    if answered is not None:
        return Route(top, answered)
    for _ in range(_JUMPS):
        found, redirect = _find(server.block, wanted)
        chain = (*top, *(location.block for location in found))
        if redirect:
            return Route(chain, None, redirect=True)
        jump = _fallback(chain[-1])
        if jump is None:
            return Route(chain, _handler(chain[-1]))
        if jump.startswith("@"):
            named = next((one for one in _locations(server.block) if one.name == jump), None)
            return Route((*top, named.block), _handler(named.block)) if named else Route(chain, None)
        wanted = normalized(jump)
    return Route(top, None)


def _find(block: Statement, path: str) -> tuple[tuple[Location, ...], bool]:
    """The locations that the path leads through, and whether nginx redirects to the path with a slash."""
    found = _search(block, path)
    redirects = [
        one
        for one in _locations(block)
        if one.modifier in ("", "^~") and one.name == path + "/" and _handler(one.block, only_passes=True)
    ]
    exact = any(one.modifier == "=" and one.name == path for one in _locations(block))
    if redirects and not exact and not any(one.name == path for one in _locations(block)):
        return (redirects[0],), True
    return found[0], False


def _search(block: Statement, path: str) -> tuple[tuple[Location, ...], bool]:
    """The way through the locations of a block; True when it ended at `=` or an expression."""
    locations = _locations(block)
    for one in locations:
        if one.modifier == "=" and one.name == path:
            return (one,), True
    prefixes = [one for one in locations if one.modifier in ("", "^~") and path.startswith(one.name)]
    best = max(prefixes, key=lambda one: len(one.name), default=None)
    way: tuple[Location, ...] = ()
    if best is not None:
        inside, final = _search(best.block, path)
        way = (best, *inside)
        if final:
            return way, True
    if best is None or best.modifier != "^~":
        for one in locations:
            if one.modifier in ("~", "~*") and matches(one.name, path, ignore_case=one.modifier == "~*"):
                return (one, *_search(one.block, path)[0]), True
    return way, False


def _locations(block: Statement) -> list[Location]:
    return [_location(statement) for statement in block.each("location") if statement.words]


def _location(statement: Statement) -> Location:
    """A modifier may stand alone or straight before the path."""
    words = statement.words
    if len(words) > 1:
        return Location(statement, words[0], words[1])
    text = words[0]
    for modifier in ("=", "^~", "~*", "~"):
        if text.startswith(modifier):
            return Location(statement, modifier, text[len(modifier) :])
    return Location(statement, "@" if text.startswith("@") else "", text)


def _handler(block: Statement, *, only_passes: bool = False) -> Statement | None:
    """What answers in a block itself; handlers are not inherited by locations inside."""
    names: Sequence[str] = PASSES if only_passes else ("return", *PASSES)
    return next((found for name in names if (found := block.first(name)) is not None), None)


def _fallback(block: Statement) -> str | None:
    """Where try_files leads when no file is there; None where it does not decide."""
    tried = block.first("try_files")
    if tried is None or block.first("return") is not None or not tried.words:
        return None
    last = tried.words[-1]
    return last if last.startswith(("@", "/")) and "$" not in last.partition("?")[0] else None
