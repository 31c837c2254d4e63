"""From a packet's passage to a default: which ports are open, to whom, and what that makes."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from readiness_tui.probes.kinds.firewall.packets import intervals
from readiness_tui.probes.kinds.firewall.packets.intervals import Intervals
from readiness_tui.probes.kinds.firewall.packets.region import Box, Region

OPEN_AT_MOST = 32_768
LOW_AT_MOST = 511
LOW_PORTS: Intervals = ((1, 1023),)
"""More open ports than these, of all or of the low ones, are a default and no exception."""

_SPORTS_OF_ANYONE = 32_768
_PRIVATE = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.168.0.0/16", "224.0.0.0/3",
)  # fmt: skip
PUBLIC4 = intervals.difference(
    ((0, (1 << 32) - 1),),
    intervals.normalized(
        (int(net.network_address), int(net.broadcast_address)) for net in map(ipaddress.IPv4Network, _PRIVATE)
    ),
)
PUBLIC6: Intervals = (intervals.prefix(0x2000 << 112, 3, 128),)


class Access(IntEnum):
    """Who reaches a port: nobody, some sources, perhaps anyone, anyone from some ports, anyone."""

    CLOSED = 0
    RESTRICTED = 1
    PERHAPS = 2
    SPORT = 3
    OPEN = 4


class Default(IntEnum):
    """What an address does with a port that no rule names."""

    DENIED = 0
    UNKNOWN = 1
    ACCEPTED = 2


@dataclass(frozen=True, slots=True)
class Ports:
    """Destination ports by who reaches them."""

    by_access: dict[Access, Intervals]

    def of(self, *accesses: Access) -> Intervals:
        """The ports with any of these kinds of access."""
        return intervals.normalized(pair for one in accesses for pair in self.by_access.get(one, ()))

    @property
    def default(self) -> Default:
        """Accepted, when that many ports are open that it is no exception any more."""
        if _many(self.of(Access.OPEN, Access.SPORT)):
            return Default.ACCEPTED
        if _many(self.of(Access.OPEN, Access.SPORT, Access.PERHAPS)):
            return Default.UNKNOWN
        return Default.DENIED


def _many(ports: Intervals) -> bool:
    low = intervals.size(intervals.intersection(ports, LOW_PORTS))
    return intervals.size(ports) > OPEN_AT_MOST or low > LOW_AT_MOST


def ports(certain: Region, accepted: Region, bits: int) -> Ports:
    """Every destination port by who reaches it. certain: what surely gets through, at least at times."""
    found: dict[Access, list[tuple[int, int]]] = {}
    for span, sure, may in _segments(certain, accepted):
        found.setdefault(_access(sure, may, bits), []).append(span)
    return Ports({access: intervals.normalized(spans) for access, spans in found.items()})


def _segments(
    certain: Region, accepted: Region
) -> Iterator[tuple[tuple[int, int], tuple[Box, ...], tuple[Box, ...]]]:
    """Spans of ports within which the same boxes apply."""
    cuts = sorted({0, 65536} | _edges(box.dport for box in (*certain, *accepted)))
    for low, after in pairwise(cuts):
        sure = tuple(box for box in certain if intervals.contains(box.dport, low))
        may = tuple(box for box in accepted if intervals.contains(box.dport, low))
        yield (low, after - 1), sure, may


def _edges(sides: Iterable[Intervals]) -> set[int]:
    return {edge for side in set(sides) for low, high in side for edge in (low, high + 1)}


def _access(sure: tuple[Box, ...], may: tuple[Box, ...], bits: int) -> Access:
    if not may and not sure:
        return Access.CLOSED
    reach = _sports_of_anyone(sure, bits)
    if reach > _SPORTS_OF_ANYONE:
        return Access.OPEN
    if reach:
        return Access.SPORT
    return Access.PERHAPS if _sports_of_anyone((*may, *sure), bits) else Access.RESTRICTED


def _sports_of_anyone(boxes: tuple[Box, ...], bits: int) -> int:
    """From how many source ports anyone gets through."""
    cuts = sorted({0, 65536} | _edges(box.sport for box in boxes))
    count = 0
    for low, after in pairwise(cuts):
        sources = intervals.normalized(
            pair for box in boxes if intervals.contains(box.sport, low) for pair in box.source
        )
        if anyone(sources, bits):
            count += after - low
    return count


def anyone(sources: Intervals, bits: int) -> bool:
    """Whether so many public addresses are among the sources that they are no selection."""
    if bits == 32:
        return intervals.size(intervals.intersection(sources, PUBLIC4)) > 1 << 24
    return intervals.size(intervals.intersection(sources, PUBLIC6)) > 1 << 112


def shown(found: Intervals, at_most: int = 6) -> str:
    """Ports in a few words: `22, 80, 8000-8100`."""
    words = [str(low) if low == high else f"{low}-{high}" for low, high in found]
    return ", ".join(words[:at_most]) + (f" and {len(words) - at_most} more" if len(words) > at_most else "")
