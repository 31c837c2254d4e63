"""Kind `usage`: how busy a host is now, and what its service's memory has come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, fields, first_missing, number, unseen
from readiness_tui.probes.kinds.service.kind import UNIT_NAME
from readiness_tui.probes.sentences import SentenceKind, settle

FACTS: dict[str, str] = {
    "usage_problems": "What is over its limit in the seconds measured, a sentence each.",
    "memory_problems": "Processes of the service that the kernel killed for want of memory.",
    "figures": "Processors, memory and the fullest file system, in words.",
    "memory": "The service's resident memory, its peak and its age, in words.",
}


class UsageParams(Frozen):
    """unit: the service, empty for none. seconds: between two readings. Limits in per cent: max_cpu of all
    processors, max_steal taken by the hypervisor, min_mem available, max_disk of space and inodes,
    max_files of a process's limit; max_pressure: of five minutes in which something waited for memory.
    """

    unit: str = Field(default="", pattern=f"^$|{UNIT_NAME}")
    seconds: int = Field(default=5, ge=1, le=20)
    max_cpu: float = 80
    max_steal: float = 10
    min_mem: float = 15
    max_disk: float = 80
    max_files: float = 80
    max_pressure: float = 10


class Usage(SentenceKind[UsageParams]):
    """One look of a few seconds: the busiest hour is when to ask."""

    name = "usage"
    Params = UsageParams
    facts = FACTS
    moving = frozenset({"figures", "memory"})

    def asks(self) -> tuple[Ask, ...]:
        """host.usage."""
        return (collect("host.usage", str(self.params.seconds), self.params.unit, spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """Figures against limits."""
        told = ParsedReply(replies[0])
        if told.trouble is not None:
            return unseen(FACTS, told.trouble)
        return {**self._host(told), **_service(told, self.params.unit)}

    def _host(self, told: ParsedReply) -> Mapping[str, Fact | Missing]:
        params = self.params
        busy, steal, free = told.number("busy"), told.number("steal"), told.number("mem_avail")
        disks, inodes = _shares(told, "disk"), _shares(told, "inode")
        missing = first_missing((busy, steal, free, disks, inodes))
        problems = [] if isinstance(busy, Missing) else _over("CPU", busy, params.max_cpu)
        if not isinstance(steal, Missing):
            problems += _over("CPU taken by the hypervisor", steal, params.max_steal)
        if not isinstance(free, Missing) and free < params.min_mem:
            problems.append(f"memory available is {free} % (expected: at least {params.min_mem:g})")
        for what, shares in (("", disks), ("inodes of ", inodes)):
            for mount, used in () if isinstance(shares, Missing) else shares:
                problems += _over(f"{what}{mount}", used, params.max_disk)
        pressure = told.number("psi_memory")
        if not isinstance(pressure, Missing):
            problems += _over("waiting for memory in 5 minutes", pressure, params.max_pressure)
        swapped = told.number("swapped")
        if not isinstance(swapped, Missing) and swapped > 0:
            problems.append(f"{swapped} pages were swapped out within {params.seconds} s")
        files, limit = told.number("fds"), told.number("fd_limit")
        if not isinstance(files, Missing) and not isinstance(limit, Missing) and limit:
            problems += _over(f"open files of {params.unit}", round(100 * files / limit), params.max_files)
        doubts = [missing] if missing is not None else []
        if (denied := told.refusal("fds")) is not None:
            doubts.append(denied)
        if missing is not None or isinstance(disks, Missing):
            return {"usage_problems": settle(problems, doubts), "figures": missing or _no_disk()}
        mount, used = max(disks, key=lambda pair: pair[1])
        figures = f"CPU {busy} % over {params.seconds} s, memory available {free} %, {mount} {used:g} % full"
        return {"usage_problems": settle(problems, doubts), "figures": figures}


def _over(what: str, have: float, most: float) -> list[str]:
    return [f"{what} is at {have:g} % (expected: at most {most:g})"] if have > most else []


def _no_disk() -> Missing:
    return Missing(Cause.UNSUPPORTED, "no file system on a disk was told")


def _shares(told: ParsedReply, name: str) -> list[tuple[str, float]] | Missing:
    """Mount points with per cent used; a file system without inodes tells none of them."""
    found = []
    for row in told.known(name):
        mount, text = fields(row, 2)
        used = number(name, text)
        if isinstance(used, Missing):
            return used
        found.append((mount, float(used)))
    return found if found or name == "inode" else _no_disk()


def _service(told: ParsedReply, unit: str) -> dict[str, Fact | Missing]:
    """Kills by the kernel, in the unit's group since it started and on the host in seven days."""
    if not unit:
        why = Missing(Cause.NOT_CONFIGURED, "no service was named")
        return {"memory_problems": why, "memory": why}
    rss, peak, age = told.number("rss_kb"), told.number("rss_peak_kb"), told.number("age_s")
    kills, host = told.number("oom"), told.number("oom_host")
    problems = []
    if not isinstance(kills, Missing) and kills > 0:
        times = "once" if kills == 1 else f"{kills} times"
        problems.append(f"the kernel killed a process of {unit} {times} for want of memory since it started")
    if not isinstance(host, Missing) and host > 0:
        problems.append(f"the kernel log of 7 days has {host} lines about kills for want of memory")
    if isinstance(rss, Missing) or isinstance(peak, Missing) or isinstance(age, Missing):
        why = Missing(Cause.UNSUPPORTED, f"no main process of {unit} was seen")
        return {"memory_problems": settle(problems, [why]), "memory": why}
    doubts = []
    if isinstance(kills, Missing) and isinstance(host, Missing):
        hidden = "neither the unit's group nor the kernel log tells whether a process was killed"
        doubts.append(Missing(Cause.DENIED, hidden))
    days = f"{age / 86400:.1f} days" if age >= 86400 else f"{age / 3600:.1f} hours"
    said = f"{rss / 1000:.0f} MB resident, peak {peak / 1000:.0f} MB, after {days}"
    return {"memory_problems": settle(problems, doubts), "memory": said}
