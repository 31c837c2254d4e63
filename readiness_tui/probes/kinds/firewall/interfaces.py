"""Interfaces and addresses that `ip` printed, and which of them face the outside."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_ADDRESS = re.compile(r"^\d+: (\S+)\s+inet6? ([0-9a-fA-F.:]+)(?=[ /]).*? scope (\S+)")
_LINK = re.compile(r"^(\d+): ([^:@\s]+)(?:@(\S+))?: <([^>]*)>(.*)$")
_QUIET = frozenset({"link", "host", "nowhere"})

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(slots=True)
class Interface:
    """One interface. addresses: those that packets from elsewhere can be sent to.

    routed: families (4, 6) with a default route through it. kind: bridge, vlan, dummy...; lower:
    devices below it. xdp: a program sees its packets before any rule.
    """

    name: str
    index: int | None = None
    addresses: list[Address] = field(default_factory=list)
    routed: set[int] = field(default_factory=set)
    kind: str = ""
    lower: set[str] = field(default_factory=set)
    loopback: bool = False
    up: bool = True
    xdp: bool = False

    @property
    def outside(self) -> bool:
        """Whether it has a default route or a public address."""
        return bool(self.routed) or any(address.is_global for address in self.addresses)


@dataclass(frozen=True, slots=True)
class Place:
    """One address at which a packet can arrive, and through which interface."""

    interface: Interface
    address: Address


def read(
    addresses: Iterable[str], links: Iterable[str], routes: Iterable[tuple[int, str]]
) -> dict[str, Interface]:
    """The interfaces by name, from lines of `ip -o addr`, `ip -o -d link` and of default routes."""
    found: dict[str, Interface] = {}
    masters: list[tuple[str, str]] = []
    for line in links:
        if match := _LINK.match(line):
            one = found.setdefault(match[2], Interface(match[2]))
            _link(one, match)
            if master := re.search(r"\bmaster (\S+)", match[5]):
                masters.append((master[1], one.name))
    for line in addresses:
        found_address = _ADDRESS.match(line)
        if found_address and found_address[3] not in _QUIET:
            name = found_address[1].partition("@")[0]
            address = ipaddress.ip_address(found_address[2])
            if not (address.is_loopback or address.is_link_local):
                found.setdefault(name, Interface(name, loopback=name == "lo")).addresses.append(address)
    for above, port in masters:
        if above in found:
            found[above].lower.add(port)
    for family, line in routes:
        for name in re.findall(r"\bdev (\S+)", line) if "default" in line.split()[:2] else ():
            found.setdefault(name, Interface(name)).routed.add(family)
    return found


def _link(one: Interface, match: re.Match[str]) -> None:
    flags, rest = match[4].split(","), match[5]
    one.index = int(match[1])
    one.loopback = "LOOPBACK" in flags
    one.up = "UP" in flags
    one.xdp = bool(re.search(r"\bxdp(generic|drv|offload|multi)?\b", rest))
    if kind := re.search(
        r"\b(bridge|vlan|bond|dummy|vrf|macvlan|ipvlan|team|vxlan|wireguard|tun|veth) ", rest
    ):
        one.kind = kind[1]
    if match[3] and one.kind in ("vlan", "macvlan", "ipvlan"):
        one.lower.add(match[3])


def places(interfaces: dict[str, Interface]) -> tuple[list[Place], list[Place]]:
    """Where packets from outside can arrive, and every other address.

    Without an interface that faces the outside, all of them do. Addresses of loopback and dummy
    interfaces answer on any interface, so they are tried on those that face the outside.
    """
    usable = [one for one in interfaces.values() if one.up and not one.loopback]
    cards = [one for one in usable if one.kind != "dummy"]
    facing = [one for one in cards if one.outside] or [one for one in cards if one.addresses]
    floating = [
        address
        for one in interfaces.values()
        if one.up and (one.loopback or one.kind == "dummy")
        for address in one.addresses
    ]
    outside = [Place(one, address) for one in facing for address in (*one.addresses, *floating)]
    inside = [Place(one, address) for one in cards if one not in facing for address in one.addresses]
    return outside, inside
