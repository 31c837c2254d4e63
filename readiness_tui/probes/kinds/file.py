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
from readiness_tui.probes.facts import ParsedReply, fields, settle, unseen
from readiness_tui.probes.kinds.service.kind import UNIT_NAME
from readiness_tui.probes.kinds.service.unit import owner, parse
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
JUDGED: dict[str, str] = {
    "mode_problems": "Why others than the owner can read or change it: mode, owner or access control list.",
    "place_problems": "A directory above that others can write to, or a web server that serves it.",
    "copy_problems": "Copies of it that others can read.",
    "acl_note": "Whether it has an access control list, in words.",
}

PROXY = "proxy.nginx+proxy.apache"

OTHERS = 0o077
"""The bits of a mode that open a file to its group or to everyone."""

WRITABLE, STICKY = 0o022, 0o1000
"""Bits that let others put a file in a directory, and the one that lets only owners remove theirs."""


class FileParams(Frozen):
    """path: the file. unit: the service whose user may own it. modes: modes that are allowed."""

    path: str = Field(pattern="^/")
    unit: str = Field(default="", pattern=f"^$|{UNIT_NAME}")
    modes: tuple[str, ...] = ()


class File(Kind[FileParams]):
    """Asks only what the conditions speak of."""

    name = "file"
    Params = FileParams
    facts = STAT | JUDGED

    def asks(self) -> tuple[Ask, ...]:
        """file.stat; service.show, file.copies and the proxy's files as far as needed."""
        params, named = self.params, self.named
        asks = [collect("file.modes+file.stat", params.path, spec=self.spec)]
        if "mode_problems" in named and params.unit:
            asks.append(collect("service.show", params.unit, spec=self.spec))
        if named & {"place_problems", "copy_problems"}:
            asks.append(collect("file.modes+file.copies", params.path, params.unit, spec=self.spec))
        if "place_problems" in named:
            asks.append(collect(PROXY, spec=self.spec))
        return tuple(asks)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The file's facts, then those of its surroundings."""
        params = self.params
        told = {r.ask.collector: ParsedReply(r) for r in replies if isinstance(r.ask, CollectorAsk)}
        facts = _stat(told["file.modes+file.stat"], params.path)
        users = _users(told.get("service.show"), params.unit)
        facts["mode_problems"] = _mode(facts, params, users)
        facts["acl_note"] = (
            facts["acl"] if isinstance(facts["acl"], Missing) else "an ACL" if facts["acl"] else "no ACL"
        )
        copies = told.get("file.modes+file.copies")
        if copies is not None:
            facts["copy_problems"] = _copies(copies, params.modes)
            facts["place_problems"] = _place(params.path, copies, told.get(PROXY), users)
        return facts


def _stat(told: ParsedReply, path: str) -> dict[str, Fact | Missing]:
    rows = told.rows("file")
    if isinstance(rows, Missing):
        why = Missing(rows.cause, f"this user may not see {path}") if rows.cause is Cause.DENIED else rows
        return unseen(STAT, why)
    row = next((row for row in rows if row.startswith(path + "|")), None)
    if row is None:
        return unseen(STAT, Missing(Cause.GARBLED, f"{path} was not told"))
    kind, mode, owner_, group, size, acl, more = fields(row[len(path) + 1 :], 7)
    if kind == "absent":
        facts = unseen(STAT, Missing(Cause.UNSUPPORTED, f"{path} does not exist"))
        return facts | {"exists": False}
    return {
        "exists": True,
        "type": kind,
        "mode": mode,
        "owner": owner_,
        "group": group,
        "size": size,
        "acl": acl == "acl",
        "link": more.removeprefix("link:"),
    }


def _users(told: ParsedReply | None, unit: str) -> tuple[str, ...] | Missing:
    return () if told is None else owner(parse(told, unit))


def _mode(
    facts: dict[str, Fact | Missing], params: FileParams, users: tuple[str, ...] | Missing
) -> Fact | Missing:
    """Root may always own it; else the unit's user, or the one a process of it runs as."""
    if facts["exists"] is False:
        return (f"{params.path} does not exist",)
    mode, holder = facts["mode"], facts["owner"]
    if isinstance(mode, Missing) or isinstance(holder, Missing):
        return mode if isinstance(mode, Missing) else holder
    problems, doubts = [], []
    if mode not in params.modes:
        problems.append(f"{params.path} has mode {mode} (expected: {' or '.join(params.modes)})")
    if holder != "root" and holder not in (users if isinstance(users, tuple) else ()):
        if isinstance(users, Missing):
            doubts.append(users)
        else:
            expected = " or ".join(dict.fromkeys(("root", *users)))
            problems.append(f"{params.path} belongs to {holder} (expected: {expected})")
    if facts["acl"] is True:
        problems.append(f"{params.path} has an access control list that opens it further")
    return settle(problems, doubts)


def _copies(told: ParsedReply, allowed: tuple[str, ...]) -> Fact | Missing:
    loose: list[str] = []
    for row in told.known("copy"):
        rest, _, _ = row.rpartition("|")
        path, bar, mode = rest.rpartition("|")
        if not bar or not _octal(mode):
            return Missing(Cause.GARBLED, "a copy's mode was not told")
        if int(mode, 8) & OTHERS and mode not in allowed:
            loose.append(f"its copy {path} has mode {mode}")
    return settle(loose, [_denied(why)] if (why := told.refusal("copy")) else [])


def _denied(why: Missing) -> Missing:
    where = why.reason.rpartition("denied ")[2]
    return Missing(why.cause, f"this user may not look into {where}") if why.cause is Cause.DENIED else why


def _octal(mode: str) -> bool:
    return mode.isdecimal() and not set(mode) & set("89")


def _place(
    path: str, copies: ParsedReply, proxy: ParsedReply | None, users: tuple[str, ...] | Missing
) -> Fact | Missing:
    """Directories above that others can write to, and document roots it lies under."""
    if copies.trouble is not None:
        return copies.trouble
    problems: list[str] = []
    for row in copies.known("above"):
        directory, mode, holder = fields(row, 3)
        if not _octal(mode):
            return Missing(Cause.GARBLED, "a directory's mode was not told")
        bits = int(mode, 8)
        if bits & WRITABLE and not bits & STICKY:
            who = "everyone" if bits & 0o002 else "its group"
            problems.append(f"{directory} has mode {mode}: {who} can replace the file")
        elif holder != "root" and isinstance(users, tuple) and users and holder not in users:
            problems.append(f"{directory} belongs to {holder}, who can replace the file")
    doubts = [_denied(why)] if (why := copies.refusal("above")) else []
    if proxy is not None:
        if (refusal := unread(proxy)) is not None:
            doubts.append(refusal)
        root = _served(path, copies, proxy)
        if root:
            problems.append(f"a web server serves {root}, and the file lies under it")
    return settle(problems, doubts)


def _served(path: str, copies: ParsedReply, proxy: ParsedReply) -> str:
    """The document root above the path, or above the place a link leads to."""
    places = [normpath(place) for place in (path, *copies.known("real"))]
    roots = [root for root in map(normpath, document_roots(proxy)) if root != "/"]
    return next((root for root in roots if any(place.startswith(root + "/") for place in places)), "")
