"""The packets under way: regions by what they carry, and whether they surely get there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from readiness_tui.probes.kinds.firewall.packets.packet import State
from readiness_tui.probes.kinds.firewall.packets.region import (
    BOXES_AT_MOST,
    EMPTY,
    Region,
    bounding,
    join,
    meet,
    minus,
)


class Flow(NamedTuple):
    """Packets that carry the same. sure: they get here, at least at times; else they may."""

    state: State
    region: Region
    sure: bool


class Flows:
    """Flows merged by state; what surely gets here is not listed again as what may."""

    def __init__(self, flows: Iterable[Flow] = ()) -> None:
        self._sure: dict[State, Region] = {}
        self._may: dict[State, Region] = {}
        for flow in flows:
            self.add(flow)

    def add(self, flow: Flow) -> None:
        """Take a flow in. A region of too many boxes becomes its bounding box, which may get here."""
        if not flow.region:
            return
        region = join((self._sure if flow.sure else self._may).get(flow.state, EMPTY), flow.region)
        if len(region) > BOXES_AT_MOST:
            if flow.sure:
                self.add(Flow(flow.state, flow.region, sure=False))
                return
            region = bounding(region)
        (self._sure if flow.sure else self._may)[flow.state] = region

    def extend(self, flows: Iterable[Flow]) -> None:
        """Take several flows in."""
        for flow in flows:
            self.add(flow)

    def __iter__(self) -> Iterator[Flow]:
        for state, region in self._sure.items():
            yield Flow(state, region, sure=True)
        for state, region in self._may.items():
            rest = minus(region, self._sure.get(state, EMPTY))
            if rest:
                yield Flow(state, rest if len(rest) <= BOXES_AT_MOST else region, sure=False)

    def __bool__(self) -> bool:
        return bool(self._sure or self._may)


def region_of(flows: Iterable[Flow], *, sure: bool | None = None) -> Region:
    """All regions together, or those that surely, or only perhaps, get here."""
    region = join(*(flow.region for flow in flows if sure is None or flow.sure is sure))
    return region if len(region) <= BOXES_AT_MOST or sure else bounding(region)


def restricted(flow: Flow, region: Region, *, sure: bool | None = None) -> Flow:
    """The part of a flow in a region; sure: False when only some of it may be meant."""
    return Flow(flow.state, meet(flow.region, region), flow.sure if sure is None else sure and flow.sure)
