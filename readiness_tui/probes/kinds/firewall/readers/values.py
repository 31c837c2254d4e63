"""Words of rules as numbers: addresses, ports, protocols, flags."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from readiness_tui.probes.kinds.firewall.packets import intervals
from readiness_tui.probes.kinds.firewall.packets.intervals import Intervals

WORDS: Mapping[str, Mapping[str, int]] = {
    "protocol": {
        "ip": 0, "icmp": 1, "igmp": 2, "tcp": 6, "udp": 17, "dccp": 33, "gre": 47, "esp": 50, "ah": 51,
        "icmpv6": 58, "ipv6-icmp": 58, "comp": 108, "ipcomp": 108, "sctp": 132, "udplite": 136,
        "ospf": 89, "vrrp": 112, "pim": 103, "ipv6": 41, "ipencap": 4, "ipip": 94, "hopopt": 0,
    },
    "nfproto": {"ipv4": 2, "ipv6": 10},
    "ethertype": {"ip": 0x0800, "arp": 0x0806, "ip6": 0x86DD, "vlan": 0x8100, "8021q": 0x8100},
    "flags": {"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32, "ecn": 64, "ece": 64, "cwr": 128},
}  # fmt: skip
"""Names by what they name; protocols as in IANA's register."""

DOMAIN: Mapping[str, int] = {
    "ip": 32, "ip6": 128, "port": 16, "protocol": 8, "nfproto": 8, "ethertype": 16, "flags": 8, "number": 32,
}  # fmt: skip
"""How many bits a value has."""


def number(kind: str, text: object) -> int:
    """One value as a number. Raises ValueError when it is none of that kind."""
    if isinstance(text, bool):
        raise ValueError(f"not a {kind}: {text!r}")
    if isinstance(text, int):
        return text
    if not isinstance(text, str):
        raise ValueError(f"not a {kind}: {text!r}")
    if kind in ("ip", "ip6"):
        address = ipaddress.ip_address(text)
        if (address.version == 4) != (kind == "ip"):
            raise ValueError(f"an address of the other family: {text}")
        return int(address)
    if text.lower() in WORDS.get(kind, {}):
        return WORDS[kind][text.lower()]
    return int(text, 0)


def network(text: str, bits: int) -> Intervals:
    """`ADDRESS`, `ADDRESS/LENGTH` or `ADDRESS/MASK` of one family as a set. Raises ValueError."""
    address, _, length = text.partition("/")
    kind = "ip" if bits == 32 else "ip6"
    base = number(kind, address)
    if not length:
        return ((base, base),)
    if not length.isdecimal():
        mask = number(kind, length)
        ones = bin(mask).count("1")
        if mask != ((1 << ones) - 1) << (bits - ones):
            raise ValueError(f"a mask with gaps: {length}")
        length = str(ones)
    if int(length) > bits:
        raise ValueError(f"a prefix that is too long: {text}")
    return (intervals.prefix(base, int(length), bits),)


def span(kind: str) -> Intervals:
    """Every value of a kind."""
    return ((0, (1 << DOMAIN[kind]) - 1),)
