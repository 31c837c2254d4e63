"""What the host's packet filters hold, from what the collector printed, and what could not be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any as Json

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.firewall.packets.rules import Table
from readiness_tui.probes.kinds.firewall.readers import ipset, iptables, nft_json, nft_text
from readiness_tui.probes.kinds.firewall.readers.ipset import IpSet
from readiness_tui.probes.kinds.firewall.readers.iptables import Saved

FAMILIES = (("4", "ip"), ("6", "ip6"))


@dataclass(slots=True)
class Listing:
    """tables: those in force. unread: why more rules may be in force than are listed.

    dormant: tables that are switched off. bare: the kernel has no packet filter at all.
    """

    tables: list[Table] = field(default_factory=list)
    unread: list[Missing] = field(default_factory=list)
    dormant: list[str] = field(default_factory=list)
    bare: bool = False


def read(reply: ParsedReply) -> Listing:
    """Every table that the kernel applies."""
    listing = Listing()
    sets = ipset.read(reply.known("ipset"))
    _nft(reply, listing, sets)
    _legacy(reply, listing, sets)
    listing.bare = not listing.tables and not listing.unread and "none" in reply.known("nft")
    return listing


def _nft(reply: ParsedReply, listing: Listing, sets: dict[str, IpSet]) -> None:
    if "none" in reply.known("nft"):
        return
    if "absent" in reply.known("nft") or (refusal := reply.refusal("nft_json")) is not None:
        absent = Missing(Cause.NO_TOOL, "nft is not installed, so rules of nftables cannot be listed")
        listing.unread.append(absent if "absent" in reply.known("nft") else refusal or absent)
        for saved, family in _saved(reply, listing, sets, "save"):
            listing.tables.extend(iptables.legacy(saved, family))
        return
    text = None
    if reply.refusal("nft_text") is not None:
        listing.unread.append(reply.refusal("nft_text") or Missing(Cause.ERROR, "nft"))
        return
    if lines := reply.known("nft_text"):
        text = nft_text.read(lines)
        listing.dormant = sorted(" ".join(key) for key in text.dormant)
    try:
        objects = _objects("".join(reply.known("nft_json")))
        bodies: dict[tuple[str, str], dict[str, list[Json]]] = {}
        if nft_json.has_xt(objects):
            for saved, family in _saved(reply, listing, sets, "save"):
                for name, table in saved.items():
                    bodies[(family, name)] = {chain: list(rules) for chain, rules in table.rules.items()}
        listing.tables.extend(nft_json.tables(objects, text, bodies))
        listed = {(table.family, table.name) for table in listing.tables}
        for key in (text.tables - text.dormant - listed) if text is not None else ():
            listing.unread.append(Missing(Cause.GARBLED, f"nft did not list table {' '.join(key)} in JSON"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = str(error)[:60]
        listing.unread.append(Missing(Cause.GARBLED, f"the listing of nft is not understood: {reason}"))


def _objects(text: str) -> list[dict[str, Json]]:
    """The objects of one listing, or of several behind each other. Raises ValueError."""
    decoder = json.JSONDecoder()
    found: list[dict[str, Json]] = []
    at = 0
    while at < len(text):
        _, end = decoder.raw_decode(text, at)
        found.extend(nft_json.parse(text[at:end]))
        at = end
    if not found:
        raise ValueError("it is empty")
    return found


def _saved(
    reply: ParsedReply, listing: Listing, sets: dict[str, IpSet], name: str
) -> Sequence[tuple[dict[str, Saved], str]]:
    """What iptables-save printed for both families; a refusal leaves the rules unread."""
    found = []
    for number, family in FAMILIES:
        refusal = reply.refusal(f"{name}{number}")
        if refusal is not None:
            listing.unread.append(refusal)
            continue
        try:
            found.append((iptables.read(reply.known(f"{name}{number}"), family, sets), family))
        except ValueError as error:
            listing.unread.append(Missing(Cause.GARBLED, f"iptables-save is not understood: {error}"))
    return found


def _legacy(reply: ParsedReply, listing: Listing, sets: dict[str, IpSet]) -> None:
    if (refusal := reply.refusal("legacy_names")) is not None:
        listing.unread.append(refusal)
        return
    if reply.known("legacy_names"):
        for saved, family in _saved(reply, listing, sets, "legacy"):
            listing.tables.extend(iptables.legacy(saved, family))
