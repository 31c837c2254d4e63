"""Regions: exact unions of boxes over source address, source port and destination port."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from readiness_tui.probes.kinds.firewall.packets.intervals import (
    PORTS,
    Intervals,
    difference,
    intersection,
    union,
)

BOXES_AT_MOST = 600
"""A region of more boxes is replaced by its bounding box."""


class Box(NamedTuple):
    """Every packet whose source, source port and destination port lie in the three sets."""

    source: Intervals
    sport: Intervals
    dport: Intervals


Region = tuple[Box, ...]
EMPTY: Region = ()


def everything(bits: int) -> Region:
    """All sources of a family (32 or 128 bits wide) and all ports."""
    return (Box(((0, (1 << bits) - 1),), PORTS, PORTS),)


def join(*regions: Region) -> Region:
    """What is in any of the regions; boxes inside another box are left out."""
    boxes = list(dict.fromkeys(box for region in regions for box in region))
    if len(boxes) < 2:
        return tuple(boxes)
    kept = _merged(boxes)
    return tuple(box for box in kept if not any(_inside(box, other) for other in kept if other is not box))


def meet(one: Region, other: Region) -> Region:
    """What is in both regions."""
    return tuple(both for a in one for b in other if (both := _both(a, b)) is not None)


def minus(one: Region, other: Region) -> Region:
    """What is in the first region and not in the second."""
    left = one
    for box in other:
        left = tuple(part for old in left for part in _without(old, box))
        if not left:
            break
    return left


def bounding(region: Region) -> Region:
    """One box that holds the whole region."""
    boxes = iter(region)
    source, sport, dport = next(boxes)
    for box in boxes:
        source, sport, dport = union(source, box.source), union(sport, box.sport), union(dport, box.dport)
    return (Box(source, sport, dport),)


def covers(region: Region, source: int, sport: int, dport: int) -> bool:
    """Whether a packet is in the region."""
    wanted = (Box(((source, source),), ((sport, sport),), ((dport, dport),)),)
    return bool(meet(region, wanted))


def _both(a: Box, b: Box) -> Box | None:
    source = intersection(a.source, b.source)
    if not source:
        return None
    sport = intersection(a.sport, b.sport)
    if not sport:
        return None
    dport = intersection(a.dport, b.dport)
    return Box(source, sport, dport) if dport else None


def _without(a: Box, b: Box) -> Iterable[Box]:
    both = _both(a, b)
    if both is None:
        return (a,)
    parts = (
        Box(difference(a.source, both.source), a.sport, a.dport),
        Box(both.source, difference(a.sport, both.sport), a.dport),
        Box(both.source, both.sport, difference(a.dport, both.dport)),
    )
    return tuple(part for part in parts if all(part))


def _inside(a: Box, b: Box) -> bool:
    return a != b and all(intersection(x, y) == x for x, y in zip(a, b, strict=True))


def _merged(boxes: list[Box]) -> list[Box]:
    """Boxes that differ in one dimension only become one."""
    for axis in range(3):
        groups: dict[tuple[Intervals, ...], Intervals] = {}
        for box in boxes:
            rest = tuple(side for at, side in enumerate(box) if at != axis)
            groups[rest] = union(groups[rest], box[axis]) if rest in groups else box[axis]
        boxes = [Box._make((*rest[:axis], side, *rest[axis:])) for rest, side in groups.items()]
    return boxes
