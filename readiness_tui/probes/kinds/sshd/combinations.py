"""Which connections to ask `sshd -T -C` about: one representative for each way Match lines can match."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeVar

from readiness_tui.probes.kinds.sshd.patterns import (
    Criterion,
    match_address_list,
    match_groups,
    match_host_list,
    match_list,
    parse_network,
)

T = TypeVar("T")

LIMIT = 256
"""Combinations asked of one daemon; above that the item is unknown."""

STRANGERS = ("203.0.113.10", "2620::7", "127.0.0.1")
"""A documentation address (RFC 5737), a public IPv6 address and the loopback address."""

NOBODY = "no-such-account"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the host with all its groups."""

    name: str
    uid: int = -1
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection specification of `sshd -T -C`, with the account that logs in."""

    account: Account
    address: str
    host: str
    local_address: str
    local_port: int

    @property
    def specification(self) -> str:
        """The value of `-C`; every key is given because a missing one that a Match uses is an error."""
        return (
            f"user={self.account.name},host={self.host},addr={self.address},"
            f"laddr={self.local_address},lport={self.local_port},rdomain="
        )


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of one daemon before combinations are chosen.

    criteria: of all its Match lines. accounts: who may be asked about. operator: the client's
    address, empty when unknown. names: whether sshd looks up host names (UseDNS).
    """

    criteria: tuple[Criterion, ...]
    accounts: tuple[Account, ...]
    local_addresses: tuple[str, ...]
    local_ports: tuple[int, ...]
    operator: str = ""
    names: bool = False


def combinations(situation: Situation, *, extra_addresses: Sequence[str] = ()) -> tuple[Connection, ...]:
    """One connection for each combination of matched criteria, over all dimensions.

    extra_addresses: further address patterns whose boundaries must be represented.
    """
    by_keyword: dict[str, list[str]] = {}
    for criterion in situation.criteria:
        by_keyword.setdefault(criterion.keyword, []).append(criterion.patterns)
    users, groups = by_keyword.get("user", []), by_keyword.get("group", [])
    accounts = representatives(situation.accounts, lambda account: account_signature(account, users, groups))
    address_lists = by_keyword.get("address", [])
    host_lists = by_keyword.get("host", [])
    pool = [*([situation.operator] if situation.operator else []), *STRANGERS]
    for patterns in (*address_lists, *extra_addresses, *([] if situation.names else host_lists)):
        pool += address_samples(patterns)
    where = _sources(pool, host_lists, situation.names)
    sources = representatives(where, lambda source: source_signature(*source, address_lists, host_lists))
    local_lists = by_keyword.get("localaddress", [])
    local = representatives(
        situation.local_addresses, lambda text: tuple(match_address_list(text, each) for each in local_lists)
    )
    port_lists = by_keyword.get("localport", [])
    ports = representatives(
        situation.local_ports, lambda port: tuple(match_list(str(port), each) for each in port_lists)
    )
    return tuple(
        Connection(account, address, host, local_address, port)
        for account, (address, host), local_address, port in product(accounts, sources, local, ports)
    )


def addresses_like(
    connection: Connection, situation: Situation, extra: Sequence[str]
) -> tuple[Connection, ...]:
    """The connection from every sample address of `extra` that the same Match lines apply to."""
    lists = [each.patterns for each in situation.criteria if each.keyword == "address"]
    hosts = [each.patterns for each in situation.criteria if each.keyword == "host"]
    wanted = source_signature(connection.address, connection.host, lists, hosts)
    found = [connection]
    for address in (sample for patterns in extra for sample in address_samples(patterns)):
        host = connection.host if situation.names else address
        if source_signature(address, host, lists, hosts) == wanted:
            found.append(replace(connection, address=address, host=host))
    return tuple(found)


def account_signature(account: Account, users: Sequence[str], groups: Sequence[str]) -> tuple[bool, ...]:
    """Which user and group criteria an account meets."""
    return (
        *(match_list(account.name, patterns) for patterns in users),
        *(match_groups(account.groups, patterns) for patterns in groups),
    )


def source_signature(
    address: str, host: str, address_lists: Sequence[str], host_lists: Sequence[str]
) -> tuple[bool, ...]:
    """Which address and host criteria a source meets."""
    return (
        *(match_address_list(address, patterns) for patterns in address_lists),
        *(match_host_list(host, patterns) for patterns in host_lists),
    )


def representatives(pool: Iterable[T], signature: Callable[[T], object]) -> tuple[T, ...]:
    """The first element of the pool for each signature."""
    chosen: dict[object, T] = {}
    for element in pool:
        chosen.setdefault(signature(element), element)
    return tuple(chosen.values())


def address_samples(patterns: str) -> tuple[str, ...]:
    """Addresses in, at the edges of and just outside every network or wildcard of a list."""
    found: list[str] = []
    for pattern in patterns.split(","):
        bare = pattern.removeprefix("!")
        network = parse_network(bare)
        if network is None:
            if set(bare.lower()) <= set("0123456789abcdef.:*?"):
                found += [bare.replace("*", fill).replace("?", fill[0]) for fill in ("1", "200")]
            continue
        first, last = int(network.network_address), int(network.broadcast_address)
        whole = type(network.network_address)
        top = 2**network.max_prefixlen - 1
        for number in (first, last, first - 1, last + 1, (first + last) // 2):
            if 0 <= number <= top:
                found.append(str(whole(number)))
    return tuple(address for address in dict.fromkeys(found) if _is_address(address))


def name_samples(patterns: str) -> tuple[str, ...]:
    """A name for each pattern of a list."""
    bare = (pattern.removeprefix("!") for pattern in patterns.split(","))
    return tuple(pattern.replace("*", "x").replace("?", "x") for pattern in bare)


def _sources(pool: Sequence[str], host_lists: Sequence[str], names: bool) -> list[tuple[str, str]]:
    """Pairs of address and host name: without DNS look-ups sshd uses the address as the name."""
    addresses = tuple(dict.fromkeys(pool))
    if not names or not host_lists:
        return [(address, address) for address in addresses]
    hosts = ["host.invalid", *(name for patterns in host_lists for name in name_samples(patterns))]
    return [(address, host) for address in addresses for host in hosts]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
