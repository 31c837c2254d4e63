"""A probe's conditions in words, with the launch's parameter values filled in. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from readiness_tui.model.facts import plain
from readiness_tui.rules import parameters

COMPARED: Mapping[str, str] = {
    "eq": "is {}",
    "ne": "is not {}",
    "in": "is {}",
    "not_in": "is none of {}",
    "subset_of": "holds nothing but {}",
    "superset_of": "includes {}",
    "matches": "matches {}",
    "not_matches": "does not match {}",
    "contains": "contains {}",
    "ge": "is at least {}",
    "gt": "is over {}",
    "le": "is at most {}",
    "lt": "is under {}",
    "between": "is between {}",
    "version_ge": "is {} or later",
    "len_ge": "has at least {} members",
}

JOINED = {"all": " and ", "any": " or ", "none": " or "}


def in_words(tree: Mapping[str, JsonValue], known: parameters.Values) -> str:
    """A condition as one sentence without its full stop: `root login is enabled or not-loaded`."""
    return " and ".join(_branch(key, branch, known) for key, branch in tree.items())


def _branch(key: str, branch: JsonValue, known: parameters.Values) -> str:
    if key in JOINED and isinstance(branch, list):
        parts = [in_words(twig, known) for twig in branch if isinstance(twig, dict)]
        said = JOINED[key].join(parts)
        return f"none of: {said}" if key == "none" else (f"({said})" if len(parts) > 1 else said)
    fact = key.replace("_", " ")
    matchers = branch if isinstance(branch, dict) else {"eq": branch}
    slack = f" ({_value(matchers['slack'], known)} tolerated)" if "slack" in matchers else ""
    leaves = [_leaf(fact, name, value, known) for name, value in matchers.items() if name != "slack"]
    return " and ".join(leaves) + slack


def _leaf(fact: str, matcher: str, operand: JsonValue, known: parameters.Values) -> str:
    if matcher == "empty":
        return f"there {'are no' if operand else 'are'} {fact}"
    if matcher == "exists":
        return f"{fact} {'is known' if operand else 'is not known'}"
    if matcher == "eq" and isinstance(operand, bool):
        return f"{fact}: {'yes' if operand else 'no'}"
    joined = " and " if matcher == "between" else " or "
    template = COMPARED.get(matcher, matcher.replace("_", " ") + " {}")
    return f"{fact} {template.format(_value(operand, known, joined))}"


def _value(operand: JsonValue, known: parameters.Values, joined: str = " or ") -> str:
    """A value as people write it; a parameter without a value by its name."""
    try:
        filled = parameters.fill(operand, known)
    except parameters.UnsetError as unset:
        return f"the parameter {unset.name} (not set)"
    if isinstance(filled, list):
        *first, last = [_plain(value) for value in filled] or ["nothing"]
        return joined.join((", ".join(first), last)) if first else last
    return _plain(filled)


def _plain(value: JsonValue) -> str:
    return plain(value) if value != "" else "empty"
