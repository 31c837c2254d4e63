"""The fields that nft's JSON names on the left of a comparison (libnftables-json(5))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any as Json

from readiness_tui.probes.kinds.firewall.packets.rules import ALWAYS, Condition, Test
from readiness_tui.probes.kinds.firewall.readers.values import number

_PAYLOADS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("ip", "saddr"): ("ip saddr", "ip"),
    ("ip6", "saddr"): ("ip6 saddr", "ip6"),
    ("ip", "daddr"): ("ip daddr", "ip"),
    ("ip6", "daddr"): ("ip6 daddr", "ip6"),
    ("ip", "protocol"): ("ip protocol", "protocol"),
    ("ip6", "nexthdr"): ("ip6 nexthdr", "protocol"),
    ("ip", "version"): ("ip version", "number"),
    ("ip6", "version"): ("ip6 version", "number"),
    ("ip", "hdrlength"): ("ip hdrlength", "number"),
    ("tcp", "sport"): ("tcp sport", "port"),
    ("tcp", "dport"): ("tcp dport", "port"),
    ("udp", "sport"): ("udp sport", "port"),
    ("udp", "dport"): ("udp dport", "port"),
    ("th", "sport"): ("sport", "port"),
    ("th", "dport"): ("dport", "port"),
    ("tcp", "flags"): ("tcp flags", "flags"),
    ("ether", "type"): ("ethertype", "ethertype"),
}
_METAS: Mapping[str, tuple[str, str]] = {
    "l4proto": ("l4proto", "protocol"),
    "nfproto": ("nfproto", "nfproto"),
    "protocol": ("ethertype", "ethertype"),
    "iifname": ("iifname", "words"),
    "oifname": ("oif", "words"),
    "iif": ("iifname", "words"),
    "oif": ("oif", "words"),
    "pkttype": ("pkttype", "words"),
    "mark": ("mark", "number"),
}
_TRACKING: Mapping[str, tuple[str, str]] = {
    "state": ("ct state", "words"),
    "status": ("ct status", "words"),
    "direction": ("ct direction", "words"),
    "mark": ("ct mark", "number"),
}
_OTHER_PROTOCOLS = ("icmp", "icmpv6", "igmp", "sctp", "dccp", "udplite", "ah", "esp", "comp", "arp", "gre")


@dataclass(frozen=True, slots=True)
class Subject:
    """The left side: a field of the packet, what its values are, the mask over it.

    needs: what must hold for the packet to have the field, when the field itself is not understood.
    """

    field: str = ""
    kind: str = ""
    mask: int | None = None
    flags: tuple[str, ...] = ()
    unclear: str = ""
    needs: Condition = ALWAYS


def subject(expression: Json) -> Subject:
    """The field that an expression reads."""
    if not isinstance(expression, dict) or len(expression) != 1:
        return Subject(unclear="an expression of an unknown form")
    ((kind, body),) = expression.items()
    if kind == "payload" and isinstance(body, dict) and "protocol" in body:
        return _payload(str(body["protocol"]), str(body.get("field", "")))
    if kind == "meta":
        found = _METAS.get(str(_key(body)))
        return Subject(*found) if found else Subject(unclear=f"meta {_key(body)}")
    if kind == "ct" and isinstance(body, dict) and "dir" not in body and "family" not in body:
        found = _TRACKING.get(str(_key(body)))
        return Subject(*found) if found else Subject(unclear=f"ct {_key(body)}")
    if kind == "fib" and isinstance(body, dict):
        return _fib(str(body.get("result")), tuple(str(flag) for flag in body.get("flags", ())))
    if kind == "exthdr":
        return Subject("exthdr", "exthdr")
    if kind == "&" and isinstance(body, list) and len(body) >= 2:
        return _masked(body)
    return Subject(unclear=str(kind))


def _key(body: Json) -> Json:
    return body.get("key", body.get("of")) if isinstance(body, dict) else body


def _payload(protocol: str, name: str) -> Subject:
    if found := _PAYLOADS.get((protocol, name)):
        return Subject(*found)
    if protocol in _OTHER_PROTOCOLS:
        return Subject("absent", "absent")
    needs: Condition = ALWAYS
    if protocol in ("ip", "ip6"):
        needs = Test("nfproto", ((2, 2),) if protocol == "ip" else ((10, 10),))
    elif protocol in ("tcp", "udp"):
        wanted = number("protocol", protocol)
        needs = Test("l4proto", ((wanted, wanted),))
    return Subject(unclear=f"{protocol} {name}", needs=needs)


def _fib(result: str, flags: tuple[str, ...]) -> Subject:
    if result == "type" and "daddr" in flags:
        return Subject("daddr type", "words")
    if result == "type" and "saddr" in flags:
        return Subject("saddr type", "words")
    if "saddr" in flags and result in ("oif", "check"):
        return Subject("route back", "exists")
    return Subject(unclear=f"fib {' . '.join(flags)} {result}")


def _masked(sides: list[Json]) -> Subject:
    inner = subject(sides[0])
    if inner.field in ("ct state", "ct status"):
        words = tuple(listed(sides[1:]))
        return Subject(inner.field, "bits", flags=tuple(str(word) for word in words))
    if inner.unclear or inner.mask is not None or inner.kind not in ("number", "flags"):
        return Subject(unclear=inner.unclear or "a masked field", needs=inner.needs)
    return Subject(inner.field, inner.kind, mask=bits_of(inner.kind, sides[1:]))


def listed(value: Json) -> Iterable[Json]:
    """The members of a list, of `|` inside it, and of `set` inside it."""
    if isinstance(value, list):
        for member in value:
            yield from listed(member)
    elif isinstance(value, dict) and len(value) == 1 and next(iter(value)) in ("|", "set"):
        yield from listed(next(iter(value.values())))
    else:
        yield value


def bits_of(kind: str, value: Json) -> int:
    """Flags or numbers joined by or. Raises ValueError for one that is not understood."""
    bits = 0
    for member in listed(value):
        bits |= number(kind, member)
    return bits
