"""What nft's JSON compares: expressions on the left, values and sets on the right (libnftables-json(5))."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from readiness_tui.probes.kinds.firewall.readers.nft_subjects import Subject, bits_of, listed, subject
from readiness_tui.probes.kinds.firewall.readers.values import number, span

Elements = Callable[[str], "Sequence[Json] | None"]
"""The elements of a named set or map of the table; None when it is not listed."""


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
        bits = bits_of(left.kind, right)
        mask = bits if left.mask is None else bits & left.mask
        return Test(left.field, ((1, (1 << 32) - 1),), mask=mask)
    if op not in ("==", "!=", "in"):
        return Unclear(f"{left.field} {op}")
    return _among(left, _members(right, elements, left.kind), negated=op == "!=")


def _states(left: Subject, op: str, right: Json) -> Condition:
    whole = isinstance(right, dict) and "set" in right
    words = frozenset(str(word) for word in listed(right))
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
        return [bits_of(kind, right)]
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
            bits = bits_of(kind, value)
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
