"""Rules about backup files: directory, age, size, how far back they reach, what the newest holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields
from readiness_tui.probes.sentences import settle

DAY_S = 86400
Told = dict[str, Fact | Missing]


@dataclass(frozen=True, slots=True)
class File:
    """One backup. age: seconds. size: bytes. mode: octal."""

    age: int
    size: int
    mode: str
    owner: str
    path: str

    @property
    def name(self) -> str:
        """Without its directory."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in the directory, the newest first.

    state: there or absent. oldest: seconds. days: different ones.
    """

    state: str
    row: tuple[str, ...]
    files: tuple[File, ...]
    oldest: int
    days: int
    repository: str


def listing(reply: ParsedReply) -> Listing | Missing:
    """The directory's files; missing when it could not be listed."""
    told = reply.text("dir")
    if isinstance(told, Missing):
        denied = told.cause is Cause.DENIED
        return Missing(told.cause, "this user may not list the backup directory") if denied else told
    if told == "absent":
        return Listing("absent", (), (), 0, 0, "")
    files = tuple(_file(row) for row in reply.known("file"))
    oldest, days = ("".join(reply.known(name)[-1:]) for name in ("oldest", "days"))
    return Listing(
        "there",
        fields(told, 5),
        files,
        int(oldest) if oldest.lstrip("-").isdecimal() else 0,
        int(days) if days.isdecimal() else 0,
        "".join(reply.known("repository")[:1]),
    )


def _file(row: str) -> File:
    age, size, mode, owner, path = fields(row, 5)
    whole = age.lstrip("-").isdecimal() and size.isdecimal()
    return File(int(age) if whole else 1 << 40, int(size) if whole else 0, mode, owner, path)


def directory(found: Listing | Missing, path: str, owners: Sequence[str]) -> Told:
    """The directory belongs to who makes backups, and others may not enter it."""
    if isinstance(found, Missing):
        return {"directory_problems": found, "directory": found}
    if found.state == "absent":
        return {"directory_problems": (f"{path} does not exist",), "directory": path}
    mode, owner, group, kind, acl = found.row
    problems = []
    if kind != "directory":
        problems.append(f"{path} is a {kind}, not a directory")
    if owner not in owners:
        problems.append(f"{path} is owned by {owner} (expected: {', '.join(owners)})")
    bits = int(mode, 8) if mode.isdecimal() and set(mode) <= set("01234567") else 0o777
    if bits & 0o027:
        problems.append(f"{path} has mode {mode} (expected: 750 or tighter)")
    doubts = [Missing(Cause.UNSUPPORTED, f"{path} has an access list that is not read")] if acl else []
    newest = f"; newest file {found.files[0].mode}" if found.files else ""
    return {
        "directory_problems": settle(problems, doubts),
        "directory": f"{path} {mode} {owner}:{group}{newest}",
    }


@dataclass(frozen=True, slots=True)
class Bounds:
    """age_h: hours. bytes: least. shrink: share of the one before. days: fewest and most kept."""

    age_h: float
    bytes: int
    shrink: float
    days: tuple[int, int]


def newest(found: Listing | Missing, path: str, bounds: Bounds) -> Told:
    """The newest backup is fresh, not empty, and not much smaller than the one before."""
    names = ("newest", "newest_age")
    if isinstance(found, Missing):
        return {"newest_problems": found, **dict.fromkeys(names, found)}
    if not found.files:
        gone = f"{path} holds no backup" if found.state == "there" else f"{path} does not exist"
        return {"newest_problems": (gone,), "newest": "", "newest_age": ""}
    last = found.files[0]
    problems = [line for line in (stale(last, bounds.age_h),) if line]
    if last.size < bounds.bytes:
        problems.append(f"{last.name} has {last.size} bytes (expected: {bounds.bytes} or more)")
    if len(found.files) > 1 and last.size < bounds.shrink * found.files[1].size:
        before = found.files[1]
        problems.append(
            f"{last.name} has {size(last.size)}, the one before {size(before.size)}"
            f" (expected: {100 * bounds.shrink:.0f} % of it or more)"
        )
    doubts = []
    if last.age < -60:
        doubts.append(Missing(Cause.ERROR, f"{last.name} is dated in the future"))
    return {
        "newest_problems": settle(problems, doubts),
        "newest": f"{last.name} {size(last.size)}",
        "newest_age": span(last.age),
    }


def stale(last: File, age_h: float) -> str:
    """What is wrong with the newest backup's age; empty when it is fresh."""
    if last.age <= age_h * 3600:
        return ""
    return f"the newest backup {last.name} is {span(last.age)} old (expected: {age_h:g} h or less)"


def content(reply: ParsedReply | None, found: Listing | Missing) -> Told:
    """The newest backup can be read to its end and holds tables."""
    if isinstance(found, Missing):
        return {"content_problems": found, "content": found}
    if not found.files:
        why = Missing(Cause.UNREACHABLE, "there is no backup to read")
        return {"content_problems": why, "content": why}
    if found.repository:
        why = Missing(Cause.UNSUPPORTED, f"a {found.repository} repository is read by its own command only")
        return {"content_problems": why, "content": why}
    name = found.files[0].name
    if reply is None or reply.trouble is not None:
        why = (
            reply.trouble
            if reply is not None and reply.trouble
            else Missing(Cause.ERROR, f"{name}: not read")
        )
        return {"content_problems": why, "content": why}
    told = reply.text("content")
    if isinstance(told, Missing):
        if told.cause is Cause.DENIED:
            told = Missing(Cause.DENIED, f"this user may not read {name}")
        return {"content_problems": told, "content": told}
    kind, whole, tables = fields(told, 3)
    packed = "".join(f", {word}" for word in reply.known("compression")[:1])
    if whole == "no":
        line = f"{name} is cut or damaged: it cannot be read to its end"
        return {"content_problems": (f"{name} is empty" if kind == "empty" else line,), "content": ""}
    if kind == "encrypted":
        why = Missing(Cause.UNSUPPORTED, f"{name} is encrypted: only a restore shows that it is whole")
        return {"content_problems": why, "content": why}
    if whole != "yes":
        why = Missing(Cause.UNSUPPORTED, f"the format of {name} is not known here")
        return {"content_problems": why, "content": why}
    if tables == "0":
        return {"content_problems": (f"{name} holds no table's data",), "content": ""}
    counted = "" if tables == "?" else f", {tables} tables"
    return {"content_problems": (), "content": f"{kind}{packed}, read to its end{counted}"}


def retention(found: Listing | Missing, keeps: Sequence[str], bounds: Bounds) -> Told:
    """The files cover the days that the policy asks for, and no more.

    keeps: days after which the script deletes.
    """
    if isinstance(found, Missing):
        return {"retention_problems": found, "retention": found}
    if found.repository:
        why = Missing(Cause.UNSUPPORTED, f"a {found.repository} repository keeps its own count")
        return {"retention_problems": why, "retention": why}
    if not found.files:
        return {"retention_problems": ("there is no backup",), "retention": ""}
    fewest, most = bounds.days
    problems = []
    if found.oldest > (most + 1) * DAY_S:
        problems.append(f"the oldest backup is {span(found.oldest)} old (expected: at most {most} d)")
    if found.days < fewest and found.oldest > fewest * DAY_S:
        problems.append(
            f"the backups cover {found.days} of {found.oldest / DAY_S:.0f} days (expected: {fewest} or more)"
        )
    deletes = f"; the script deletes after {', '.join(keeps)} d" if keeps else "; what deletes is not seen"
    if keeps and all(int(days) < fewest for days in keeps if days.isdecimal()):
        problems.append(f"the script deletes after {', '.join(keeps)} d (expected: {fewest} or more)")
    return {
        "retention_problems": settle(problems),
        "retention": f"{found.days} days covered, oldest {span(found.oldest)}{deletes}",
    }


def interval_minutes(found: Listing) -> float | None:
    """The usual time between two backups, of the newest ten; None with fewer than three."""
    ages = [file.age for file in found.files[:10]]
    if len(ages) < 3:
        return None
    return median(older - newer for newer, older in pairwise(ages)) / 60


def span(seconds: float) -> str:
    """An age as people say it."""
    if seconds < 7200:
        return f"{max(seconds, 0) / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 2 * DAY_S else f"{seconds / DAY_S:.0f} d"


def size(count: int) -> str:
    """Bytes as people say them."""
    value, units = float(count), ("bytes", "KB", "MB", "GB", "TB")
    for unit in units:
        if value < 1024 or unit == units[-1]:
            return f"{value:.0f} {unit}"
        value /= 1024
    return ""
