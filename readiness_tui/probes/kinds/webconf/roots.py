"""The directories that nginx and Apache serve files from."""

from __future__ import annotations

from collections.abc import Iterator

from readiness_tui.model.facts import Missing
from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.webconf.statements import RowError, tree


def document_roots(told: ParsedReply) -> tuple[str, ...]:
    """Every directory that is served, without a trailing slash; one with a variable in it is left out."""
    found = (root.rstrip("/") for root in (*_roots(told, "ngx"), *_roots(told, "apc")))
    return tuple(dict.fromkeys(root for root in found if root.startswith("/") and "$" not in root))


def unread(told: ParsedReply) -> Missing | None:
    """Why some directory may be missing: a configuration file that was not read."""
    return told.refusal("ngx") or told.refusal("apc")


def _roots(told: ParsedReply, name: str) -> Iterator[str]:
    try:
        top = tree(told.known(name))
    except RowError:
        return
    for statement in top.walk():
        if statement.name in ("root", "documentroot"):
            yield from statement.words[:1]
        elif statement.name == "alias":
            yield from statement.words[-1:]
