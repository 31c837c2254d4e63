"""OpenSSH pattern lists, address lists and Match lines (ssh_config(5) PATTERNS, sshd_config(5) Match)."""

from __future__ import annotations

import fnmatch
import ipaddress
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

USER_KEYWORDS = ("user", "group")
ADDRESS_KEYWORDS = ("address",)
KEYWORDS = (*USER_KEYWORDS, *ADDRESS_KEYWORDS, "host", "localaddress", "localport", "rdomain")
"""Criteria of a Match line that `sshd -T -C` can be asked about."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of a Match line: a keyword in lower case and its comma-separated patterns."""

    keyword: str
    patterns: str


def match_pattern(text: str, pattern: str) -> bool:
    """Whether a single pattern of `*` and `?` matches, as match_pattern() of OpenSSH does."""
    escaped = re.sub(r"[\[\]]", lambda bracket: f"[{bracket[0]}]", pattern)
    return fnmatch.fnmatchcase(text, escaped)


def match_list(text: str, patterns: str) -> bool:
    """Whether a pattern list matches: a negated match refuses, only negated patterns never match."""
    return _any(patterns, lambda pattern: match_pattern(text, pattern))


def match_host_list(text: str, patterns: str) -> bool:
    """The same for host names, which are compared without case."""
    return match_list(text.lower(), patterns.lower())


def match_address_list(text: str, patterns: str) -> bool:
    """Whether an address list of CIDR networks and patterns matches an address."""
    address = parse_address(text)

    def matches(pattern: str) -> bool:
        network = parse_network(pattern)
        if network is None:
            return match_pattern(text, pattern)
        return address is not None and address.version == network.version and address in network

    return _any(patterns, matches)


def match_groups(groups: Sequence[str], patterns: str) -> bool:
    """Whether a Match Group list matches any group of a user; a negated match refuses."""
    found = False
    for group in groups:
        for pattern in patterns.split(","):
            if pattern.startswith("!") and match_pattern(group, pattern[1:]):
                return False
        found = found or match_list(group, patterns)
    return found


def parse_address(text: str) -> Address | None:
    """An IP address, or None for other text."""
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def parse_network(text: str) -> Network | None:
    """A CIDR network or a single address, or None for a pattern; host bits are ignored."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def match_criteria(line: str) -> tuple[Criterion, ...] | None:
    """The criteria of a Match line, or None when one of them cannot be asked about.

    `line` is what `sshd -ddd` prints after "checking syntax for", such as `Match User root`.
    """
    try:
        words = shlex.split(re.sub(r"^(?i:match)\s+", "", line.strip()), posix=True)
    except ValueError:
        return None
    if [word.lower() for word in words] == ["all"]:
        return ()
    criteria: list[Criterion] = []
    pending = list(words)
    while pending:
        keyword, separator, value = pending.pop(0).partition("=")
        if not separator:
            if not pending:
                return None
            value = pending.pop(0)
        if keyword.lower() not in KEYWORDS:
            return None
        criteria.append(Criterion(keyword.lower(), value))
    return tuple(criteria)


def _any(patterns: str, matches: Callable[[str], bool]) -> bool:
    found = False
    for pattern in patterns.split(","):
        if pattern.startswith("!"):
            if matches(pattern[1:]):
                return False
        elif matches(pattern):
            found = True
    return found
