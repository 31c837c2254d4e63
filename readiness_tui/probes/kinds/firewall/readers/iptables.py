"""Tables from `iptables-save` and `ip6tables-save`, of both backends (iptables-save(8))."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from readiness_tui.probes.kinds.firewall.packets.rules import Chain, Hook, Match, Rule, Step, Table
from readiness_tui.probes.kinds.firewall.readers.ipset import IpSet
from readiness_tui.probes.kinds.firewall.readers.iptables_matches import conditions
from readiness_tui.probes.kinds.firewall.readers.iptables_targets import target

_HOOKS = {"PREROUTING": "prerouting", "INPUT": "input"}
_PRIORITIES = {"raw": -300, "mangle": -150, "nat": -100, "filter": 0, "security": 50}
_KEPT = 70
"""Characters of a rule's text that a label has."""


@dataclass(slots=True)
class Saved:
    """One table as printed: policies of its built-in chains, rules by chain."""

    policies: dict[str, str] = field(default_factory=dict)
    rules: dict[str, list[Rule]] = field(default_factory=dict)
    finished: bool = False


def read(lines: Iterable[str], family: str, sets: Mapping[str, IpSet]) -> dict[str, Saved]:
    """The tables by name. family: ip or ip6. Raises ValueError for a listing that is cut."""
    tables: dict[str, Saved] = {}
    now: Saved | None = None
    written: list[tuple[Saved, str]] = []
    for line in lines:
        if line.startswith("*"):
            now = tables.setdefault(line[1:].strip(), Saved())
        elif now is None or not line or line.startswith("#"):
            continue
        elif line.startswith(":"):
            name, policy, *_ = [*line[1:].split(), "-"]
            now.rules.setdefault(name, [])
            if policy != "-":
                now.policies[name] = policy.lower()
        elif line.strip() == "COMMIT":
            now.finished = True
            now = None
        elif line.startswith(("-A ", "[")):
            written.append((now, line))
    if any(not table.finished for table in tables.values()):
        raise ValueError("the listing ends before COMMIT")
    for table, line in written:
        chain, rule = _rule(line, family, table, sets)
        table.rules.setdefault(chain, []).append(rule)
    return tables


def legacy(tables: Mapping[str, Saved], family: str) -> list[Table]:
    """The tables of iptables-legacy, whose hooks and priorities are fixed."""
    return [
        Table(
            family,
            f"{name} (legacy)",
            {
                chain: Chain(chain, tuple(rules), _hook(name, chain, saved.policies))
                for chain, rules in saved.rules.items()
            },
            legacy=True,
        )
        for name, saved in tables.items()
    ]


def _hook(table: str, chain: str, policies: Mapping[str, str]) -> Hook | None:
    hook = _HOOKS.get(chain)
    if hook is None or chain not in policies:
        return None
    kind = "nat" if table == "nat" else "filter"
    priority = _PRIORITIES.get(table, 0)
    if table == "nat" and hook == "input":
        priority = 100
    return Hook(hook, priority, kind, policies[chain])


def _rule(line: str, family: str, table: Saved, sets: Mapping[str, IpSet]) -> tuple[str, Rule]:
    """A rule line. Raises ValueError for quotes that do not end."""
    words = shlex.split(line)
    while words and words[0] != "-A":
        words.pop(0)  # counters of `iptables-save -c`
    chain, rest = words[1], words[2:]
    matches, action = conditions(rest, family, sets)
    steps: list[Step] = [*(match for match in matches if isinstance(match, Match))]
    steps.extend(target(action, family, frozenset(table.rules)))
    return chain, Rule(_label(words), tuple(steps))


def _label(words: list[str]) -> str:
    """The rule as an operator would write it, without its comment."""
    shown: list[str] = []
    skip = 0
    for at, word in enumerate(words):
        if skip:
            skip -= 1
        elif word == "--comment" or (word == "-m" and words[at + 1 : at + 2] == ["comment"]):
            skip = 1
        else:
            shown.append(word)
    text = " ".join(shown)
    return f'"{text if len(text) <= _KEPT else text[: _KEPT - 1] + "…"}"'
