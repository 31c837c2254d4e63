"""Sets of whole numbers (addresses, ports) as sorted, disjoint, inclusive intervals."""

from __future__ import annotations

from collections.abc import Iterable

Intervals = tuple[tuple[int, int], ...]
"""Sorted by their lower ends; neighbours neither overlap nor touch."""

NONE: Intervals = ()
PORTS: Intervals = ((0, 65535),)


def normalized(pairs: Iterable[tuple[int, int]]) -> Intervals:
    """The set that these intervals, in any order and overlapping, make together."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(pair for pair in pairs if pair[0] <= pair[1]):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def union(one: Intervals, other: Intervals) -> Intervals:
    """What is in either set."""
    if not one or not other:
        return one or other
    return one if one == other else normalized((*one, *other))


def intersection(one: Intervals, other: Intervals) -> Intervals:
    """What is in both sets."""
    if one == other:
        return one
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(one) and j < len(other):
        low, high = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if low <= high:
            found.append((low, high))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def difference(one: Intervals, other: Intervals) -> Intervals:
    """What is in the first set and not in the second."""
    found: list[tuple[int, int]] = []
    j = 0
    for low, high in one:
        while j < len(other) and other[j][1] < low:
            j += 1
        k = j
        while k < len(other) and other[k][0] <= high:
            if other[k][0] > low:
                found.append((low, other[k][0] - 1))
            low = other[k][1] + 1
            k += 1
        if low <= high:
            found.append((low, high))
    return tuple(found)


def size(intervals: Intervals) -> int:
    """How many numbers are in the set."""
    return sum(high - low + 1 for low, high in intervals)


def contains(intervals: Intervals, number: int) -> bool:
    """Whether a number is in the set."""
    return any(low <= number <= high for low, high in intervals)


def prefix(address: int, length: int, bits: int) -> tuple[int, int]:
    """The interval of an address prefix, `bits` wide (32 or 128)."""
    span = (1 << (bits - length)) - 1
    low = address & ~span & ((1 << bits) - 1)
    return low, low | span
