"""The alerting rules of Prometheus, as its API tells them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from readiness_tui.probes.facts import ParsedReply, fields


@dataclass(frozen=True, slots=True)
class Rule:
    """An alerting rule. age_s: since it was evaluated, -1 when it never was."""

    name: str
    health: str
    age_s: int
    state: str
    labels: Mapping[str, str]
    query: str

    @property
    def all_labels(self) -> Mapping[str, str]:
        """Its own labels and its name, as routes see them."""
        return {**self.labels, "alertname": self.name}


def rules(told: ParsedReply) -> list[Rule]:
    """Every alerting rule of the reply."""
    found = []
    for row in told.known("rule"):
        name, health, age, state, labels, query = fields(row, 6)
        seconds = int(age) if age.lstrip("-").isdecimal() else -1
        found.append(Rule(name, health, seconds, state, labels_of(labels), query))
    return found


def labels_of(text: str) -> dict[str, str]:
    """Labels written as a JSON object; empty for anything else."""
    try:
        pairs = json.loads(text)
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in pairs.items()} if isinstance(pairs, dict) else {}
