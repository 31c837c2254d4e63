"""Kind `file`: a file's mode and owner, its copies, and whether a web server serves it."""

from __future__ import annotations

from collections.abc import Sequence
from posixpath import normpath

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, CollectorAsk, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, fields, unseen
from readiness_tui.probes.kinds.service.kind import UNIT_NAME
from readiness_tui.probes.kinds.service.unit import unit
from readiness_tui.probes.kinds.webconf.roots import document_roots, unread

STAT: dict[str, str] = {
    "exists": "Whether it is there.",
    "type": "regular file, directory ..., a link followed.",
    "mode": "Octal, such as 600; a link's own mode says nothing, so it is followed.",
    "owner": "Its owner.",
    "group": "Its group.",
    "size": "Bytes.",
    "acl": "Whether an access control list opens it further.",
    "link": "Where it points to, when it is a link.",
}
OWNER: dict[str, str] = {"owner_allowed": "Whether root or the service's own user owns it."}
COPIES: dict[str, str] = {
    "loose_copies": "Files beside it whose names start with its own, readable by others than their owner."
}
SERVED: dict[str, str] = {
    "served_under": "The document root of a web server that it lies under; empty outside."
}

PROXY = "proxy.nginx+proxy.apache"

OTHERS = 0o077
"""The bits of a mode that open a file to its group or to everyone."""


class FileParams(Frozen):
    """path: the file. unit: the service whose user may own it. modes: modes that are allowed."""

    path: str = Field(pattern="^/")
    unit: str = Field(default="", pattern=f"^$|{UNIT_NAME}")
    modes: tuple[str, ...] = ()


class File(Kind[FileParams]):
    """Asks only what the conditions speak of."""

    name = "file"
    Params = FileParams
    facts = STAT | OWNER | COPIES | SERVED

    def asks(self) -> tuple[Ask, ...]:
        """file.stat; service.show, file.copies and the proxy's files as far as needed."""
        params, named = self.params, self.named
        asks = [collect("file.stat", params.path, spec=self.spec)]
        if named & OWNER.keys() and params.unit:
            asks.append(collect("service.show", params.unit, spec=self.spec))
        if named & (COPIES.keys() | SERVED.keys()):
            asks.append(collect("file.copies", params.path, spec=self.spec))
        if named & SERVED.keys():
            asks.append(collect(PROXY, spec=self.spec))
        return tuple(asks)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The file's facts, then those of its surroundings."""
        told = {r.ask.collector: ParsedReply(r) for r in replies if isinstance(r.ask, CollectorAsk)}
        facts = _stat(told["file.stat"], self.params.path)
        facts["owner_allowed"] = _owner_allowed(facts["owner"], told.get("service.show"))
        if "file.copies" in told:
            facts["loose_copies"] = _loose(told["file.copies"], self.params.modes)
            if PROXY in told:
                facts["served_under"] = _served(self.params.path, told["file.copies"], told[PROXY])
        return facts


def _stat(told: ParsedReply, path: str) -> dict[str, Fact | Missing]:
    rows = told.rows("file")
    if isinstance(rows, Missing):
        return unseen(STAT, rows)
    row = next((row for row in rows if row.startswith(path + "|")), None)
    if row is None:
        return unseen(STAT, Missing(Cause.GARBLED, f"{path} was not told"))
    kind, mode, owner, group, size, _, more = fields(row[len(path) + 1 :], 7)
    if kind == "absent":
        facts = unseen(STAT, Missing(Cause.UNSUPPORTED, f"{path} is absent"))
        return facts | {"exists": False}
    marks = more.split("|")
    return {
        "exists": True,
        "type": kind,
        "mode": mode,
        "owner": owner,
        "group": group,
        "size": size,
        "acl": told.refusal("acl") or "acl" in marks,
        "link": "".join(mark[5:] for mark in marks if mark.startswith("link:")),
    }


def _owner_allowed(owner: Fact | Missing, told: ParsedReply | None) -> bool | Missing:
    """Root always; else the unit's user, or the one its process runs as."""
    if isinstance(owner, Missing):
        return owner
    if owner == "root" or told is None:
        return owner == "root"
    service = unit(told)
    users = [service["User"], service["pid_user"]]
    if owner in users:
        return True
    return next((user for user in users[:1] if isinstance(user, Missing)), False)


def _loose(told: ParsedReply, allowed: tuple[str, ...]) -> tuple[str, ...] | Missing:
    rows = told.rows("copy")
    if isinstance(rows, Missing):
        return rows
    loose: list[str] = []
    for row in rows:
        name, bar, owner = row.rpartition("|")
        name, bar, mode = name.rpartition("|")
        if not bar or not mode.isdecimal() or set(mode) & set("89"):
            return Missing(Cause.GARBLED, f"copy={row[:60]}")
        if int(mode, 8) & OTHERS and mode not in allowed:
            loose.append(f"{name} {mode} {owner}")
    return tuple(loose)


def _served(path: str, copies: ParsedReply, proxy: ParsedReply) -> str | Missing:
    """The document root above the path, or above the place a link leads to."""
    if (refusal := unread(proxy)) is not None:
        return refusal
    if copies.trouble is not None:
        return copies.trouble
    places = [normpath(place) for place in (path, *copies.known("real"))]
    roots = [root for root in map(normpath, document_roots(proxy)) if root != "/"]
    return next((root for root in roots if any(place.startswith(root + "/") for place in places)), "")
