"""Kind `host`: what a machine is and how it is kept: memory, disks, updates."""

from __future__ import annotations

from collections.abc import Sequence

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.probe import Ask, CollectorAsk, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.host import capacity, updates

RESOURCES, UPDATES = "host.resources", "host.updates"


class HostParams(Frozen):
    """What the readings are held against.

    max_index_age_days: days a package index may be old.
    """

    max_index_age_days: float = 7


class Host(Kind[HostParams]):
    """Asks only the collectors whose facts the conditions speak of."""

    name = "host"
    Params = HostParams
    facts = capacity.FACTS | updates.FACTS

    def asks(self) -> tuple[Ask, ...]:
        """host.resources and host.updates, as far as needed."""
        wanted: dict[str, None] = {}
        if self.named & updates.FACTS.keys():
            wanted[UPDATES] = None
        if self.named & capacity.FACTS.keys() or not wanted:
            wanted[RESOURCES] = None
        return tuple(collect(name, spec=self.spec) for name in wanted)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The facts of the collectors that were asked."""
        by_name = {reply.ask.collector: reply for reply in replies if isinstance(reply.ask, CollectorAsk)}
        facts: dict[str, Fact | Missing] = {}
        if reply := by_name.get(RESOURCES):
            facts |= capacity.capacity(ParsedReply(reply))
        if reply := by_name.get(UPDATES):
            facts |= updates.updates(ParsedReply(reply), self.params.max_index_age_days)
        return facts
