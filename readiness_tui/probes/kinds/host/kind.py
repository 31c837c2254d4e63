"""Kind `host`: what a machine is and how it is kept: memory, disks, updates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import StringConstraints

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.probe import Ask, CollectorAsk, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.host import capacity, updates

RESOURCES, UPDATES = "host.resources", "host.updates"

Directory = Annotated[str, StringConstraints(pattern=r"^(/.*)?$")]


class HostParams(Frozen):
    """What the readings are held against.

    max_index_age_days: days a package index may be old. max_pending: updates that may wait.
    volumes, backups: directories whose file systems count beside the usual ones. floors: the least
    of mem_mib, cpus and disk_gb; slack: the share of each that may lack.
    """

    max_index_age_days: float = 7
    max_pending: int = 0
    volumes: tuple[Directory, ...] = ()
    backups: Directory = ""
    floors: Mapping[str, float] = {}
    slack: Mapping[str, float] = {}


class Host(Kind[HostParams]):
    """Asks only the collectors whose facts the conditions speak of."""

    name = "host"
    moving = frozenset({"free_pct", "index_age", "index_age_days", "pending"})
    Params = HostParams
    facts = capacity.FACTS | updates.FACTS

    def asks(self) -> tuple[Ask, ...]:
        """host.resources and host.updates, as far as needed."""
        wanted: dict[str, None] = {}
        if self.named & updates.FACTS.keys():
            wanted[UPDATES] = None
        if self.named & capacity.FACTS.keys() or not wanted:
            wanted[RESOURCES] = None
        volumes = [volume for volume in (*self.params.volumes, self.params.backups) if volume]
        arguments = {RESOURCES: volumes} if self.named & capacity.FACTS.keys() - {"os", "virt"} else {}
        return tuple(collect(name, *arguments.get(name, ()), spec=self.spec) for name in wanted)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The facts of the collectors that were asked."""
        by_name = {reply.ask.collector: reply for reply in replies if isinstance(reply.ask, CollectorAsk)}
        facts: dict[str, Fact | Missing] = {}
        if reply := by_name.get(RESOURCES):
            told = ParsedReply(reply)
            facts |= (seen := capacity.capacity(told))
            facts["resource_problems"] = capacity.resource_problems(
                seen, self.params.floors, self.params.slack
            )
        if reply := by_name.get(UPDATES):
            facts |= updates.updates(
                ParsedReply(reply), self.params.max_index_age_days, self.params.max_pending
            )
        return facts
