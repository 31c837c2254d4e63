"""Each address of the host with TCP and UDP: its default, its open ports, and what decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.kinds.firewall.interfaces import Place
from readiness_tui.probes.kinds.firewall.listing import Listing
from readiness_tui.probes.kinds.firewall.packets.hooks import Passage, send
from readiness_tui.probes.kinds.firewall.packets.packet import TCP, UDP, Packet
from readiness_tui.probes.kinds.firewall.packets.region import Box, Region, meet
from readiness_tui.probes.kinds.firewall.packets.walk import Ending
from readiness_tui.probes.kinds.firewall.result import Access, Default, Ports, ports


@dataclass(frozen=True, slots=True)
class Pair:
    """One address and protocol. default: with everything that could not be read taken into account.

    because: the rule or policy that decided; why: for an unknown default, the reason.
    """

    place: Place
    protocol: str
    ports: Ports
    default: Default
    because: str
    why: Missing | None
    passage: Passage

    @property
    def words(self) -> str:
        """The interface and family, as people say it."""
        return f"{self.place.interface.name} IPv{self.place.address.version}"


def pairs(places: Sequence[Place], listing: Listing) -> list[Pair]:
    """Both protocols for each place."""
    return [_pair(place, protocol, listing) for place in places for protocol in (TCP, UDP)]


def _pair(place: Place, protocol: int, listing: Listing) -> Pair:
    address = place.address
    packet = Packet(place.interface.name, address.version, int(address), protocol, place.interface.index)
    passage = send(packet, listing.tables, place.interface.lower)
    blind = _blind(place, listing)
    certain = passage.certain if blind is None else ()
    found = ports(certain, passage.accepted, packet.bits)
    default = found.default
    why = (blind or _doubt(passage, found)) if default is Default.UNKNOWN else None
    return Pair(place, packet.words, found, default, _because(passage, found, listing), why, passage)


def _blind(place: Place, listing: Listing) -> Missing | None:
    """Why more can be denied than the rules at hand say."""
    if listing.unread:
        return listing.unread[0]
    if place.interface.xdp:
        reason = f"an XDP program filters {place.interface.name}; its rules cannot be read"
        return Missing(Cause.UNSUPPORTED, reason)
    bridged = place.interface.kind == "bridge" and any(
        table.family == "bridge" and any(chain.hook for chain in table.chains.values())
        for table in listing.tables
    )
    if bridged:
        return Missing(Cause.UNSUPPORTED, f"{place.interface.name} is a bridge with rules of its own")
    return None


def _part(found: Ports, *accesses: Access) -> Region:
    wanted = found.of(*accesses)
    if not wanted:
        return ()
    every = ((0, (1 << 128) - 1),)
    return (Box(every, ((0, 65535),), wanted),)


def _doubt(passage: Passage, found: Ports) -> Missing:
    where = _part(found, Access.PERHAPS)
    doubt = next((one for one in passage.journal.doubts if meet(one.region, where)), None)
    reason = doubt.label if doubt is not None else "the rules cannot be followed"
    return Missing(Cause.UNSUPPORTED, f"cannot tell whether packets are denied: {reason}")


def _because(passage: Passage, found: Ports, listing: Listing) -> str:
    """What gives the default: the rule that accepts most, or the policy or rule that drops most."""
    if found.default is not Default.DENIED:
        where = _part(found, Access.OPEN, Access.SPORT, Access.PERHAPS)
        if rule := _widest(passage.accepts, where):
            return f"accepted by {rule.label}"
        if passage.filtered:
            return "accepted: no rule on input drops it"
        if listing.dormant:
            return f"accepted: table {listing.dormant[0]} is dormant"
        return "accepted: no packet filter rules" if not listing.tables else "accepted: no chain on input"
    rule = _widest(passage.journal.drops, _part(found, Access.CLOSED))
    return f"denied by {rule.label}" if rule is not None else "denied"


def _widest(endings: Sequence[Ending], where: Region) -> Ending | None:
    best, most = None, 0
    for ending in endings:
        width = sum(_width(box) for box in meet(ending.region, where))
        if width > most:
            best, most = ending, width
    return best


def _width(box: Box) -> int:
    product = 1
    for side in box:
        product *= sum(high - low + 1 for low, high in side)
    return product
