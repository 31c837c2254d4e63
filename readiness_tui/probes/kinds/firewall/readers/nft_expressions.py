"""What nft's JSON compares: expressions on the left, values and sets on the right (libnftables-json(5))."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any as Json

from readiness_tui.probes.kinds.firewall.packets import intervals
from readiness_tui.probes.kinds.firewall.packets.intervals import Intervals
from readiness_tui.probes.kinds.firewall.packets.rules import (
    ALWAYS,
    NEVER,
    All,
    Any,
    Condition,
    Not,
    Test,
    Unclear,
)
from readiness_tui.probes.kinds.firewall.readers.values import number, span

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

Elements = Callable[[str], "Sequence[Json] | None"]
"""The elements of a named set or map of the table; None when it is not listed."""


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
        words = tuple(_listed(sides[1:]))
        return Subject(inner.field, "bits", flags=tuple(str(word) for word in words))
    if inner.unclear or inner.mask is not None or inner.kind not in ("number", "flags"):
        return Subject(unclear=inner.unclear or "a masked field", needs=inner.needs)
    return Subject(inner.field, inner.kind, mask=_bits(inner.kind, sides[1:]))


def _listed(value: Json) -> Iterable[Json]:
    """The members of a list, of `|` inside it, and of `set` inside it."""
    if isinstance(value, list):
        for member in value:
            yield from _listed(member)
    elif isinstance(value, dict) and len(value) == 1 and next(iter(value)) in ("|", "set"):
        yield from _listed(next(iter(value.values())))
    else:
        yield value


def _bits(kind: str, value: Json) -> int:
    bits = 0
    for member in _listed(value):
        bits |= number(kind, member)
    return bits


def compare(expression: Json, op: str, right: Json, elements: Elements) -> Condition:
    """A match statement as a condition; Unclear for what is not understood."""
    if isinstance(expression, dict) and "concat" in expression:
        return _concat(expression["concat"], op, right, elements)
    left = subject(expression)
    if left.unclear:
        return All((left.needs, Unclear(left.unclear)))
    try:
        return _compare(left, op, right, elements)
    except (ValueError, TypeError, KeyError) as error:
        return Unclear(f"{left.field} {op} {str(error)[:40]}")


def _compare(left: Subject, op: str, right: Json, elements: Elements) -> Condition:
    if left.kind == "absent":
        return NEVER
    if left.kind in ("exists", "exthdr"):
        if not isinstance(right, bool) or op not in ("==", "!="):
            return Unclear(left.field) if left.kind == "exists" else NEVER
        there = left.kind == "exists"
        return ALWAYS if (right == there) == (op == "==") else NEVER
    if left.kind == "bits":
        if right != 0 or op not in ("!=", "=="):
            return Unclear(f"{left.field} & {','.join(left.flags)}")
        return Test(left.field, words=frozenset(left.flags), negated=op == "==")
    if left.kind == "words" and left.field in ("ct state", "ct status"):
        return _states(left, op, right)
    if op in ("<", ">", "<=", ">="):
        return Test(left.field, _ordered(left.kind, op, right), mask=left.mask)
    if op == "in" and left.kind in ("flags", "number"):
        bits = _bits(left.kind, right)
        mask = bits if left.mask is None else bits & left.mask
        return Test(left.field, ((1, (1 << 32) - 1),), mask=mask)
    if op not in ("==", "!=", "in"):
        return Unclear(f"{left.field} {op}")
    return _among(left, _members(right, elements, left.kind), negated=op == "!=")


def _states(left: Subject, op: str, right: Json) -> Condition:
    whole = isinstance(right, dict) and "set" in right
    words = frozenset(str(word) for word in _listed(right))
    if left.field == "ct status" and op != "in":
        return Unclear("ct status")
    if isinstance(right, str) and right.startswith("@"):
        return Unclear(f"{left.field} {right}")
    if op == "==" and not whole and len(words) > 1:
        return NEVER
    return Test(left.field, words=words, negated=op == "!=")


def _ordered(kind: str, op: str, right: Json) -> Intervals:
    value = number(kind, right)
    low, high = span(kind)[0]
    return {
        "<": intervals.normalized([(low, value - 1)]),
        "<=": intervals.normalized([(low, value)]),
        ">": intervals.normalized([(value + 1, high)]),
        ">=": intervals.normalized([(value, high)]),
    }[op]


def _members(right: Json, elements: Elements, kind: str) -> list[Json]:
    """The values on the right side. Raises ValueError for a set that is not listed."""
    if isinstance(right, str) and right.startswith("@"):
        found = elements(right[1:])
        if found is None:
            raise ValueError(f"set {right[1:]} is not listed")
        return list(found)
    if isinstance(right, dict) and "set" in right:
        return list(right["set"]) if isinstance(right["set"], list) else [right["set"]]
    if kind in ("number", "flags") and (
        isinstance(right, list) or (isinstance(right, dict) and "|" in right)
    ):
        return [_bits(kind, right)]
    return list(right) if isinstance(right, list) else [right]


def unwrapped(element: Json) -> tuple[Json, bool]:
    """An element without its comment and timeout; True when a limit or quota is attached to it."""
    if isinstance(element, dict) and "elem" in element:
        body = element["elem"]
        if isinstance(body, dict):
            rated = any(key in body for key in ("limit", "quota", "ct count", "stmt"))
            return body.get("val"), rated
    return element, False


def _among(left: Subject, members: list[Json], *, negated: bool) -> Condition:
    plain, rated = [], False
    for member in members:
        value, limited = unwrapped(member)
        rated = rated or limited
        plain.append(value)
    if rated:
        return Unclear(f"{left.field} in a set with limits")
    test = values_test(left, plain)
    if not negated:
        return test
    return (
        Not(test)
        if not isinstance(test, Test)
        else Test(test.field, test.numbers, test.words, negated=True, mask=test.mask)
    )


def values_test(left: Subject, values: list[Json]) -> Condition:
    """The field is one of these values. Raises ValueError for one that is not understood."""
    if "*" in values:
        return Test(left.field, negated=True)
    if left.kind == "words":
        if left.field == "iifname" and any(isinstance(value, int) for value in values):
            names = frozenset(str(value) for value in values if isinstance(value, str))
            indexes = intervals.normalized((v, v) for v in values if isinstance(v, int))
            return Any((Test("iifname", words=names), Test("iif", indexes)))
        return Test(left.field, words=frozenset(str(value) for value in values))
    spans = [pair for value in values for pair in numbers(left.kind, value)]
    return Test(left.field, intervals.normalized(spans), mask=left.mask)


def numbers(kind: str, value: Json) -> Intervals:
    """One value, prefix or range as a set of numbers. Raises ValueError, TypeError or KeyError."""
    if isinstance(value, dict):
        if "prefix" in value:
            bits = 32 if kind == "ip" else 128
            base = number(kind, value["prefix"]["addr"])
            if kind not in ("ip", "ip6"):
                raise ValueError(f"a prefix of a {kind}")
            return (intervals.prefix(base, int(value["prefix"]["len"]), bits),)
        if "range" in value:
            low, high = value["range"]
            return ((number(kind, low), number(kind, high)),)
        if "|" in value:
            bits = _bits(kind, value)
            return ((bits, bits),)
        raise ValueError(f"a value of an unknown form: {next(iter(value), '')}")
    one = number(kind, value)
    return ((one, one),)


def _concat(parts: Json, op: str, right: Json, elements: Elements) -> Condition:
    lefts = [subject(part) for part in parts]
    words = " . ".join(left.field or left.unclear for left in lefts)
    if any(left.unclear or left.kind in ("bits", "exists", "exthdr") for left in lefts):
        return Unclear(words)
    if any(left.kind == "absent" for left in lefts):
        return NEVER
    try:
        members = _members(right, elements, "concat")
        test: Condition = Any(tuple(concat_element(lefts, member) for member in members))
    except (ValueError, TypeError, KeyError) as error:
        return Unclear(f"{words}: {str(error)[:40]}")
    there = All(tuple(Test(left.field, negated=True) for left in lefts))
    if op in ("==", "in"):
        return All((there, test))
    return All((there, Not(test))) if op == "!=" else Unclear(words)


def concat_element(lefts: Sequence[Subject], element: Json) -> Condition:
    """Every part of a concatenation has its value. Raises ValueError for one not understood."""
    value, rated = unwrapped(element)
    if rated:
        return Unclear("a set with limits")
    if value == "*":
        return ALWAYS
    values = value["concat"]
    if len(values) != len(lefts):
        raise ValueError("a concatenation of another length")
    return All(tuple(values_test(left, [one]) for left, one in zip(lefts, values, strict=True)))
