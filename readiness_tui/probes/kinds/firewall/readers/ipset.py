"""Sets of `ipset save` as alternatives of tests (ipset(8))."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from readiness_tui.probes.kinds.firewall.packets import intervals
from readiness_tui.probes.kinds.firewall.packets.rules import All, Any, Condition, Test, Unclear
from readiness_tui.probes.kinds.firewall.readers.values import network, number


@dataclass(slots=True)
class IpSet:
    """One set. kind: as in `hash:net,port`. entries: each as written, with what excludes (`nomatch`)."""

    kind: str
    options: str = ""
    entries: list[str] = field(default_factory=list)
    nomatch: bool = False


def read(lines: Iterable[str]) -> dict[str, IpSet]:
    """The sets by name; lines of another form are left out."""
    sets: dict[str, IpSet] = {}
    for line in lines:
        words = line.split()
        if len(words) >= 3 and words[0] == "create":
            sets[words[1]] = IpSet(words[2], " ".join(words[3:]))
        elif len(words) >= 3 and words[0] == "add" and words[1] in sets:
            one = sets[words[1]]
            one.entries.append(words[2])
            one.nomatch = one.nomatch or "nomatch" in words[3:]
    return sets


def condition(name: str, directions: str, sets: Mapping[str, IpSet]) -> Condition:
    """`--match-set NAME DIRECTIONS`: the packet is in the set; Unclear for what is not understood."""
    one = sets.get(name)
    if one is None:
        return Unclear(f"ipset {name}, which is not listed")
    kinds = one.kind.partition(":")[2].split(",")
    sides = directions.split(",")
    if one.nomatch or one.kind.startswith("list") or len(kinds) > len(sides):
        return Unclear(f"ipset {name} ({one.kind})")
    family = 128 if "family inet6" in one.options else 32
    try:
        return _entries(one, kinds, sides, family)
    except ValueError as error:
        return Unclear(f"ipset {name}: {str(error)[:40]}")


def _entries(one: IpSet, kinds: list[str], sides: list[str], bits: int) -> Condition:
    families: Condition = Test("nfproto", ((2, 2),) if bits == 32 else ((10, 10),))
    if kinds == ["port"]:
        families = All()
    if len(kinds) == 1 and kinds[0] in ("ip", "net"):
        spans = [pair for entry in one.entries for pair in _addresses(entry, bits)]
        return All((families, Test(_address_field(sides[0], bits), intervals.normalized(spans))))
    return All((families, Any(tuple(_entry(entry, kinds, sides, bits) for entry in one.entries))))


def _entry(entry: str, kinds: list[str], sides: list[str], bits: int) -> Condition:
    parts = entry.split(",")
    if len(parts) != len(kinds):
        raise ValueError(f"an entry of another form: {entry}")
    return All(
        tuple(_part(part, kind, side, bits) for part, kind, side in zip(parts, kinds, sides, strict=False))
    )


def _part(part: str, kind: str, side: str, bits: int) -> Condition:
    if kind in ("ip", "net"):
        return Test(_address_field(side, bits), _addresses(part, bits))
    if kind == "port":
        protocol, _, ports = part.rpartition(":")
        low, _, high = ports.partition("-")
        span = ((number("port", low), number("port", high or low)),)
        field_ = "sport" if side == "src" else "dport"
        if not protocol:
            return Test(field_, span)
        wanted = number("protocol", protocol)
        return All((Test("l4proto", ((wanted, wanted),)), Test(field_, span)))
    if kind == "iface" and side == "src" and not part.startswith("physdev"):
        return Test("iifname", words=frozenset((part,)))
    raise ValueError(f"a set over {kind}")


def _address_field(side: str, bits: int) -> str:
    return f"{'ip' if bits == 32 else 'ip6'} {'saddr' if side == 'src' else 'daddr'}"


def _addresses(text: str, bits: int) -> intervals.Intervals:
    if re.fullmatch(r"[0-9a-fA-F.:]+-[0-9a-fA-F.:]+", text):
        low, _, high = text.partition("-")
        kind = "ip" if bits == 32 else "ip6"
        return ((number(kind, low), number(kind, high)),)
    return network(text, bits)
