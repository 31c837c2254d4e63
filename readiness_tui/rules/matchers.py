"""Matcher trees over facts, in three-valued logic: true, false, or unknown with a reason.

A tree is a mapping of fact names to matchers, all of which must be true: `{ActiveState: {eq: active},
pid_uid: {ne: 0}}`. `all`, `any` and `none` combine lists of trees. An unknown fact makes a tree unknown
only if the known facts do not decide it (Kleene's logic).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from pydantic import JsonValue

from readiness_tui import bounded_regex
from readiness_tui.model.facts import Fact, Facts, Missing, plain, version_key
from readiness_tui.model.outcome import Cause
from readiness_tui.suggest import near


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact that decided a tree.

    value: the fact as text, `none` when it is empty. expected: what it was held against, in words
    (`at least 2`); empty where a condition held, or where the value alone says it.
    """

    fact: str
    value: str
    expected: str = ""

    def __str__(self) -> str:
        """For conditions whose facts are words of their own: `open_blockers 2 (expected: at most 0)`."""
        return f"{self.fact} {self.value}" + (f" (expected: {self.expected})" if self.expected else "")


@dataclass(frozen=True, slots=True)
class Truth:
    """The result of evaluating a tree.

    value: None means unknown. because: for true or false, the facts that decided it (`pid_uid is 0`).
    missing: the facts that would have to be known.
    """

    value: bool | None
    because: tuple[Reason, ...] = ()
    missing: tuple[Missing, ...] = ()


def _version_ge(fact: Fact, bound: JsonValue) -> bool:
    have, want = version_key(str(fact)), version_key(str(bound))
    if not have:  # `none` or an error text is not a version
        raise ValueError(f"not a version: {fact!r}")
    pairs = tuple(zip_longest(have, want, fillvalue=0))
    return [have_part for have_part, _ in pairs] >= [want_part for _, want_part in pairs]


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"not a number: {value!r}")
    number = float(value)
    if math.isnan(number):  # NaN compares false with everything
        raise ValueError(f"not a number: {value!r}")
    return number


def _members(fact: Fact) -> tuple[str, ...]:
    return fact if isinstance(fact, tuple) else (plain(fact),)


def _same(fact: Fact, operand: JsonValue) -> bool:
    if isinstance(fact, bool) or isinstance(operand, bool):
        return fact is operand or plain(fact) == plain(operand)
    if isinstance(fact, (int, float)) and isinstance(operand, (int, float, str)):
        try:
            return float(fact) == _number(operand)
        except ValueError:
            return False
    return plain(fact) == plain(operand)


def _listed(fact: Fact, operand: JsonValue) -> bool:
    options = operand if isinstance(operand, list) else [operand]
    return all(any(_same(member, option) for option in options) for member in _members(fact))


def _some_members(fact: Fact) -> tuple[str, ...]:
    """The members, at least one. `in` and `matches` would be true of an empty list."""
    if not (members := _members(fact)):
        raise ValueError("the fact is empty")
    return members


def _between(fact: Fact, operand: JsonValue) -> bool:
    if not isinstance(operand, list) or len(operand) != 2:
        raise ValueError("between takes [low, high]")
    return _number(operand[0]) <= _number(fact) <= _number(operand[1])


def _superset(fact: Fact, operand: JsonValue) -> bool:
    wanted = operand if isinstance(operand, list) else [operand]
    return {plain(member) for member in wanted} <= set(_members(fact))


Matcher = Callable[[Fact, JsonValue], bool]

MATCHERS: Mapping[str, tuple[Matcher, str]] = {
    "eq": (_same, "{}"),
    "ne": (lambda fact, operand: not _same(fact, operand), "anything else"),
    "in": (lambda f, o: all(_listed(m, o) for m in _some_members(f)), "{}"),
    "not_in": (lambda f, o: not any(_listed(m, o) for m in _members(f)), "anything but {}"),
    "subset_of": (_listed, "only {}"),
    "superset_of": (_superset, "with {}"),
    "matches": (lambda f, o: all(bounded_regex.found(str(o), _some_members(f))), "text that matches {}"),
    "not_matches": (
        lambda f, o: not any(bounded_regex.found(str(o), _members(f))),
        "text that does not match {}",
    ),
    "contains": (
        lambda f, o: plain(o) in (f if isinstance(f, tuple) else plain(f)),
        "with {}",
    ),
    "ge": (lambda fact, operand: _number(fact) >= _number(operand), "at least {}"),
    "gt": (lambda fact, operand: _number(fact) > _number(operand), "more than {}"),
    "le": (lambda fact, operand: _number(fact) <= _number(operand), "at most {}"),
    "lt": (lambda fact, operand: _number(fact) < _number(operand), "less than {}"),
    "between": (_between, "between {}"),
    "version_ge": (_version_ge, "at least {}"),
    "len_ge": (
        lambda f, o: len(f if isinstance(f, tuple) else plain(f)) >= _number(o),
        "at least {} long",
    ),
    "empty": (lambda f, o: (not f if isinstance(f, (tuple, str)) else False) is bool(o), ""),
    "exists": (lambda fact, operand: bool(fact) is bool(operand), ""),
}
"""Every matcher: its test, and the words between the fact's name and the operand."""

COMBINERS = ("all", "any", "none")
SLACK = "slack"
"""`{ge: 2048, slack: 0.15}` lowers the bound by that fraction; the bound of `le` and `lt` is raised."""


def _loosened(name: str, operand: JsonValue, slack: JsonValue) -> JsonValue:
    if not slack:
        return operand
    share = _number(slack)
    return _number(operand) * (1 - share if name in ("ge", "gt") else 1 + share)


def _leaf(fact_name: str, matchers: Mapping[str, JsonValue], facts: Facts) -> Truth:
    fact = facts.get(fact_name)
    if fact is None:
        return Truth(None, missing=(Missing(Cause.GARBLED, f"{fact_name} is missing from the output"),))
    if isinstance(fact, Missing):
        return Truth(None, missing=(fact,))
    slack = matchers.get(SLACK)
    for name, operand in matchers.items():
        if name == SLACK:
            continue
        test, words = MATCHERS[name]
        try:
            bound = _loosened(name, operand, slack)
            holds = test(fact, bound)
        except bounded_regex.PatternError as error:
            return Truth(None, missing=(Missing(Cause.ERROR, str(error)),))
        except ValueError:
            return Truth(None, missing=(Missing(Cause.GARBLED, f"{fact_name}={plain(fact)}"),))
        if not holds:
            return Truth(False, because=(Reason(fact_name, plain(fact) or "none", _expected(words, bound)),))
    return Truth(True, because=(Reason(fact_name, plain(fact) or "none"),))


def _expected(words: str, bound: JsonValue) -> str:
    """What a matcher expects: `at least 2`, `on-failure or always`, `between 1 and 9`."""
    between = " and " if words.startswith("between") else " or "
    parts = bound if isinstance(bound, list) else [bound]
    return words.format(between.join(plain(part) for part in parts))


def _every(parts: Sequence[Truth]) -> Truth:
    if refuted := [part for part in parts if part.value is False]:
        return Truth(False, because=tuple(one for part in refuted for one in part.because))
    if unknown := [part for part in parts if part.value is None]:
        return Truth(None, missing=tuple(miss for part in unknown for miss in part.missing))
    return Truth(True, because=tuple(one for part in parts for one in part.because))


def _some(parts: Sequence[Truth]) -> Truth:
    if holding := [part for part in parts if part.value is True]:
        return Truth(True, because=tuple(one for part in holding for one in part.because))
    if unknown := [part for part in parts if part.value is None]:
        return Truth(None, missing=tuple(miss for part in unknown for miss in part.missing))
    return Truth(False, because=tuple(one for part in parts for one in part.because))


def evaluate(tree: Mapping[str, JsonValue], facts: Facts) -> Truth:
    """Evaluate a checked tree over these facts. Raises KeyError for an unknown matcher."""
    parts: list[Truth] = []
    for key, branch in tree.items():
        if key in COMBINERS and isinstance(branch, list):
            trees = [evaluate(twig, facts) for twig in branch if isinstance(twig, dict)]
            some = _some(trees)
            if key == "all":
                parts.append(_every(trees))
            elif key == "any":
                parts.append(some)
            else:
                negated = None if some.value is None else not some.value
                parts.append(Truth(negated, some.because, some.missing))
        elif isinstance(branch, dict):
            parts.append(_leaf(key, branch, facts))
        else:
            parts.append(_leaf(key, {"eq": branch}, facts))
    return _every(parts)


def faults(tree: object, known: Sequence[str] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    """Every error in a tree, as (place within it, message). `known`: the kind's fact names."""
    if not isinstance(tree, dict) or not tree:
        return [((), "a condition must be a non-empty mapping of facts to matchers")]
    found: list[tuple[tuple[str | int, ...], str]] = []
    for key, branch in tree.items():
        if key in COMBINERS:
            if not isinstance(branch, list) or not branch:
                found.append(((key,), f"`{key}` takes a list of conditions"))
                continue
            for index, twig in enumerate(branch):
                found += [((key, index, *place), what) for place, what in faults(twig, known)]
            continue
        if known and key not in known:
            found.append(((key,), f"no such fact: {key!r}{near(str(key), known)}"))
        if branch is None or (isinstance(branch, dict) and not set(branch) - {SLACK}):
            found.append(((key,), "a fact needs a matcher, such as {eq: value}"))
        for name, operand in branch.items() if isinstance(branch, dict) else ():
            if name not in MATCHERS and name != SLACK:
                found.append(((key, name), f"no such matcher: {name!r}{near(str(name), tuple(MATCHERS))}"))
            elif wrong := _unfit(name, operand):
                found.append(((key, name), wrong))
    return found


def _unfit(name: str, operand: JsonValue) -> str:
    """Why a matcher does not accept its operand; empty if it does, or for an unresolved `$name`."""
    if isinstance(operand, str) and operand.startswith("$"):
        return ""
    if operand is None:
        return f"`{name}` needs a value"
    try:
        if name in ("matches", "not_matches"):
            bounded_regex.check(str(operand))
        elif name in ("ge", "gt", "le", "lt", "len_ge", SLACK):
            _number(operand)
        elif name == "between":
            ends = operand if isinstance(operand, list) and len(operand) == 2 else [None]
            for end in ends:
                if not (isinstance(end, str) and end.startswith("$")):
                    _number(end)
    except bounded_regex.PatternError as error:
        return str(error)
    except ValueError:
        wanted = "[low, high]" if name == "between" else "a number"
        return f"`{name}` takes {wanted}, not {operand!r}"
    return ""
