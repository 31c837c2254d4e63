"""What is proposed for a parameter, and where it was seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import JsonValue

from readiness_tui.model.facts import plain


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value for a parameter. seen: where, a clause for people. host: on which one, by its name."""

    parameter: str
    value: JsonValue
    seen: str
    host: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """All that was seen for one parameter. choices: distinct values, the one seen most first."""

    parameter: str
    choices: tuple[Proposal, ...]

    @property
    def clear(self) -> bool:
        """Whether only one value was seen."""
        return len(self.choices) == 1


def gathered(found: Iterable[Proposal]) -> tuple[Suggestion, ...]:
    """Proposals by parameter, in order of first sight; lists of several hosts become one list."""
    by_name: dict[str, dict[str, list[Proposal]]] = {}
    for one in found:
        by_name.setdefault(one.parameter, {}).setdefault(plain(one.value), []).append(one)
    suggestions = []
    for name, values in by_name.items():
        ranked = sorted(values.values(), key=lambda seen: -len(seen))
        choices = tuple(_joined(seen) for seen in ranked)
        if all(isinstance(choice.value, list) for choice in choices):
            choices = (_united(choices),)
        suggestions.append(Suggestion(name, choices))
    return tuple(suggestions)


def _joined(seen: list[Proposal]) -> Proposal:
    hosts = ", ".join(dict.fromkeys(one.host for one in seen))
    return Proposal(seen[0].parameter, seen[0].value, seen[0].seen, hosts)


def _united(choices: tuple[Proposal, ...]) -> Proposal:
    members = dict.fromkeys(
        str(member) for choice in choices if isinstance(choice.value, list) for member in choice.value
    )
    hosts = ", ".join(dict.fromkeys(choice.host for choice in choices))
    value: list[JsonValue] = list(members)
    return Proposal(choices[0].parameter, value, choices[0].seen, hosts)
