"""Kind `host`: what a machine is and how it is kept: memory, disks, updates, clock."""

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
from readiness_tui.probes.kinds.host import capacity, clock, updates

RESOURCES, UPDATES, TIME = "host.resources", "host.updates", "host.time"

Directory = Annotated[str, StringConstraints(pattern=r"^(/.*)?$")]


class HostParams(Frozen):
    """What the readings are held against.

    max_index_age_days: days a package index may be old. max_pending: updates that may wait.
    volumes, backups: directories whose file systems count beside the usual ones. floors: the least
    of mem_mib, cpus and disk_gb; slack: the share of each that may lack. expected_timezone: as the
    operator writes it. max_offset_ms: how far a clock may be off and count as synchronised.
    """

    max_index_age_days: float = 7
    max_pending: int = 0
    volumes: tuple[Directory, ...] = ()
    backups: Directory = ""
    floors: Mapping[str, float] = {}
    slack: Mapping[str, float] = {}
    expected_timezone: str = "UTC"
    max_offset_ms: float = 500


class Host(Kind[HostParams]):
    """Asks only the collectors whose facts the conditions speak of."""

    name = "host"
    Params = HostParams
    facts = capacity.FACTS | updates.FACTS | clock.FACTS
    sentences = frozenset({"update_problems", "resource_problems"})

    def asks(self) -> tuple[Ask, ...]:
        """host.resources, host.updates and host.time, as far as needed."""
        wanted: dict[str, None] = {}
        if self.named & updates.FACTS.keys():
            wanted[UPDATES] = None
        if self.named & clock.FACTS.keys():
            wanted[TIME] = None
        if self.named & capacity.FACTS.keys() or "clock" in self.named or not wanted:
            wanted[RESOURCES] = None
        volumes = [volume for volume in (*self.params.volumes, self.params.backups) if volume]
        arguments = {RESOURCES: volumes} if self.named & capacity.FACTS.keys() - {"os", "virt"} else {}
        return tuple(collect(name, *arguments.get(name, ()), spec=self.spec) for name in wanted)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The facts of the collectors that were asked."""
        by_name = {reply.ask.collector: reply for reply in replies if isinstance(reply.ask, CollectorAsk)}
        facts: dict[str, Fact | Missing] = {}
        container: bool | Missing = False
        if reply := by_name.get(RESOURCES):
            told = ParsedReply(reply)
            facts |= (seen := capacity.capacity(told))
            facts["resource_problems"] = capacity.resource_problems(
                seen, self.params.floors, self.params.slack
            )
            container = capacity.container(told)
        if reply := by_name.get(UPDATES):
            facts |= updates.updates(
                ParsedReply(reply), self.params.max_index_age_days, self.params.max_pending
            )
        if reply := by_name.get(TIME):
            facts |= clock.clock(reply, container, self.params.expected_timezone, self.params.max_offset_ms)
        return facts
