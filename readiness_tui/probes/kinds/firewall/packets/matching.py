"""Which packets of a region meet a condition: surely, and possibly."""

from __future__ import annotations

from typing import NamedTuple

from readiness_tui.probes.kinds.firewall.packets.fields import value_of
from readiness_tui.probes.kinds.firewall.packets.intervals import PORTS, Intervals, contains, difference
from readiness_tui.probes.kinds.firewall.packets.packet import SAME_PORT, Packet, State
from readiness_tui.probes.kinds.firewall.packets.region import (
    EMPTY,
    Box,
    Region,
    everything,
    join,
    meet,
    minus,
)
from readiness_tui.probes.kinds.firewall.packets.rules import All, Any, Condition, Not, Test, Unclear


class Cut(NamedTuple):
    """surely: the packets that meet a condition; possibly: those, and those that may."""

    surely: Region
    possibly: Region


def cut(condition: Condition, packet: Packet, state: State) -> Cut:
    """The packets that meet the condition, surely and possibly."""
    whole = everything(packet.bits)
    match condition:
        case All(parts):
            surely = possibly = whole
            for part in parts:
                one = cut(part, packet, state)
                surely, possibly = meet(surely, one.surely), meet(possibly, one.possibly)
                if not possibly:
                    break
            return Cut(surely, possibly)
        case Any(parts):
            cuts = [cut(part, packet, state) for part in parts]
            return Cut(join(*(one.surely for one in cuts)), join(*(one.possibly for one in cuts)))
        case Not(part):
            if not _present(part, packet, state):
                return Cut(EMPTY, EMPTY)
            one = cut(part, packet, state)
            return Cut(minus(whole, one.possibly), minus(whole, one.surely))
        case Unclear():
            return Cut(EMPTY, whole)
        case Test():
            return _test(condition, packet, state, whole)


def _test(test: Test, packet: Packet, state: State, whole: Region) -> Cut:
    """One field; the three that are symbolic cut the region, any other holds for all of it or none."""
    bits, field = packet.bits, test.field
    if field in ("ip saddr", "ip6 saddr"):
        if (field == "ip saddr") != (bits == 32):
            return Cut(EMPTY, EMPTY)
        return _plane(test, 0, ((0, (1 << bits) - 1),), bits)
    if field in ("sport", "dport", "tcp sport", "tcp dport", "udp sport", "udp dport"):
        protocol, _, side = field.rpartition(" ")
        if protocol and protocol != packet.words:
            return Cut(EMPTY, EMPTY)
        if side == "sport" or state.port == SAME_PORT:
            return _plane(test, 1 if side == "sport" else 2, PORTS, bits)
        if state.port is None:
            return Cut(EMPTY, whole)
        return _whole(contains(test.numbers, state.port) != test.negated, whole)
    return _whole(_holds(test, packet, state), whole)


def _plane(test: Test, axis: int, domain: Intervals, bits: int) -> Cut:
    """The part of the space whose coordinate on one axis is among the numbers."""
    if test.mask is not None:
        return Cut(EMPTY, everything(bits))
    numbers = difference(domain, test.numbers) if test.negated else test.numbers
    if not numbers:
        return Cut(EMPTY, EMPTY)
    sides: list[Intervals] = list(everything(bits)[0])
    sides[axis] = numbers
    region = (Box(*sides),)
    return Cut(region, region)


def _whole(holds: bool | None, whole: Region) -> Cut:
    if holds is None:
        return Cut(EMPTY, whole)
    return Cut(whole, whole) if holds else Cut(EMPTY, EMPTY)


def _holds(test: Test, packet: Packet, state: State) -> bool | None:
    value = value_of(test.field, packet, state)
    if value is None:
        return None
    if value.absent:
        return False
    if value.never_equal:
        return None if test.negated else False
    if value.number is not None:
        number = value.number & test.mask if test.mask is not None else value.number
        return contains(test.numbers, number) != test.negated
    hits = [_named(word, value.words) for word in test.words]
    return any(hits) != test.negated


def _named(word: str, names: frozenset[str]) -> bool:
    """Whether a word of a rule is one of the packet's names; a final `*` makes it a prefix."""
    if word.endswith("\\*"):
        return word[:-2] + "*" in names
    if word.endswith("*"):
        return any(name.startswith(word[:-1]) for name in names)
    return word in names


def _present(condition: Condition, packet: Packet, state: State) -> bool:
    """Whether the packet has every field that a condition names."""
    match condition:
        case Test():
            return bool(_test(_any_value(condition), packet, state, everything(packet.bits)).possibly)
        case All(parts) | Any(parts):
            return all(_present(part, packet, state) for part in parts)
        case Not(part):
            return _present(part, packet, state)
        case Unclear():
            return True


def _any_value(test: Test) -> Test:
    """The same field against every value: it matches exactly where there is such a field."""
    return Test(test.field, negated=True)
