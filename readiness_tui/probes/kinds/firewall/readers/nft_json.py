"""Tables and chains from `nft -j list ruleset` (libnftables-json(5))."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any as Json

from readiness_tui.probes.kinds.firewall.packets.rules import Chain, Hook, Obscure, Rule, Table
from readiness_tui.probes.kinds.firewall.readers.nft_statements import steps
from readiness_tui.probes.kinds.firewall.readers.nft_text import TextFacts

_PRIORITIES = {"raw": -300, "mangle": -150, "dstnat": -100, "filter": 0, "security": 50, "srcnat": 100}

Bodies = Mapping[tuple[str, str], Mapping[str, Sequence[Rule]]]
"""Rules that iptables-nft-save printed, by (family, table) and chain."""


def parse(text: str) -> list[dict[str, Json]]:
    """The listing's objects. Raises ValueError for text that is no listing."""
    found = json.loads(text)
    objects = found.get("nftables") if isinstance(found, dict) else None
    if not isinstance(objects, list) or not all(isinstance(one, dict) for one in objects):
        raise ValueError("not a listing of nft")
    return objects


def has_xt(objects: Sequence[Mapping[str, Json]]) -> bool:
    """Whether a rule holds a match or target of iptables, whose body nft does not show."""
    return any("rule" in one and _xt(one["rule"].get("expr")) for one in objects)


def _xt(expressions: Json) -> bool:
    return any(isinstance(part, dict) and "xt" in part for part in expressions or ())


def tables(objects: Sequence[Mapping[str, Json]], text: TextFacts | None, bodies: Bodies) -> list[Table]:
    """Every table in force. text: None when nobody needed the plain listing.

    Raises ValueError, KeyError, TypeError for objects of another form.
    """
    dormant = text.dormant if text is not None else frozenset()
    named: dict[tuple[str, str], dict[str, Json]] = {}
    chains: dict[tuple[str, str], dict[str, Mapping[str, Json]]] = {}
    rules: dict[tuple[str, str, str], list[Json]] = {}
    for one in objects:
        ((kind, body),) = one.items()
        key = (
            (str(body.get("family", "ip")), str(body.get("table", body.get("name", ""))))
            if body
            else ("", "")
        )
        if kind == "table":
            chains.setdefault(key, {})
        elif kind == "chain":
            chains.setdefault(key, {})[str(body["name"])] = body
        elif kind in ("set", "map"):
            named.setdefault(key, {})[str(body["name"])] = body.get("elem", [])
        elif kind == "rule":
            rules.setdefault((*key, str(body["chain"])), []).append(body.get("expr", []))
    return [
        Table(*key, chains=_chains(key, listed, rules, named.get(key, {}), text, bodies.get(key, {})))
        for key, listed in chains.items()
        if key not in dormant
    ]


def _chains(
    key: tuple[str, str],
    listed: Mapping[str, Mapping[str, Json]],
    rules: Mapping[tuple[str, str, str], list[Json]],
    sets: Mapping[str, Json],
    text: TextFacts | None,
    bodies: Mapping[str, Sequence[Rule]],
) -> dict[str, Chain]:
    family, table = key

    def elements(name: str) -> Sequence[Json] | None:
        found = sets.get(name)
        return found if isinstance(found, list) else None

    chains: dict[str, Chain] = {}
    for name, body in listed.items():
        written = rules.get((*key, name), [])
        devices = text.devices.get((*key, name)) if text is not None else None
        made = _rules(f"{family} {table} {name}", family, written, bodies.get(name), elements)
        chains[name] = Chain(name, made, _hook(body, devices))
    return chains


def _rules(
    place: str, family: str, written: Sequence[Json], body: Sequence[Rule] | None, elements: Json
) -> tuple[Rule, ...]:
    """A chain's rules; those with an xt part come from iptables' own listing, if it is as long."""
    if any(_xt(expressions) for expressions in written) and body is not None and len(body) == len(written):
        return tuple(body)
    found = []
    for at, expressions in enumerate(written, 1):
        label = f"rule {at} of {place}"
        if _xt(expressions):
            found.append(Rule(label, (Obscure("an iptables extension that nft does not show"),)))
        else:
            found.append(Rule(label, steps(expressions, family, elements)))
    return tuple(found)


def _hook(body: Mapping[str, Json], devices: tuple[str, ...] | None) -> Hook | None:
    """Where a base chain stands. An ingress chain whose devices nobody printed has None for them."""
    if "hook" not in body:
        return None
    priority = body.get("prio", 0)
    device = body.get("dev")
    if device is not None:
        devices = tuple(map(str, device)) if isinstance(device, list) else (str(device),)
    return Hook(
        name=str(body["hook"]),
        priority=priority if isinstance(priority, int) else _PRIORITIES.get(str(priority), 0),
        kind=str(body.get("type", "filter")),
        policy=str(body.get("policy", "accept")),
        devices=devices,
    )
