"""The matches of an iptables rule as conditions (iptables-extensions(8))."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from readiness_tui.probes.kinds.firewall.packets import intervals
from readiness_tui.probes.kinds.firewall.packets.rules import (
    ALWAYS,
    NEVER,
    Any,
    Condition,
    Match,
    Not,
    Often,
    Test,
    Unclear,
)
from readiness_tui.probes.kinds.firewall.readers import ipset
from readiness_tui.probes.kinds.firewall.readers.ipset import IpSet
from readiness_tui.probes.kinds.firewall.readers.values import network, number

_RATES: Mapping[str, Often] = {
    "--limit": Often.AT_TIMES,
    "--hashlimit-upto": Often.AT_TIMES,
    "--hashlimit": Often.AT_TIMES,
    "--hashlimit-above": Often.RARELY,
    "--connlimit-upto": Often.AT_TIMES,
    "--connlimit-above": Often.RARELY,
    "--probability": Often.AT_TIMES,
    "--every": Often.AT_TIMES,
    "--rcheck": Often.RARELY,
    "--update": Often.RARELY,
}
_SILENT = frozenset(
    [
        "--limit-burst",
        "--hashlimit-burst",
        "--hashlimit-mode",
        "--hashlimit-name",
        "--hashlimit-htable-size",
        "--hashlimit-htable-max",
        "--hashlimit-htable-expire",
        "--hashlimit-htable-gcinterval",
        "--hashlimit-srcmask",
        "--hashlimit-dstmask",
        "--hashlimit-rate-interval",
        "--connlimit-mask",
        "--mode",
        "--packet",
        "--seconds",
        "--hitcount",
        "--name",
        "--mask",
        "--comment",
        "--nfacct-name",
    ]
)
"""Options of counted matches, each with one value, that change neither kind nor direction."""
_BARE_SILENT = frozenset(
    [
        "--connlimit-saddr",
        "--connlimit-daddr",
        "--rsource",
        "--rdest",
        "--rttl",
        "--reap",
        "--loose",
        "--validmark",
        "--accept-local",
        "--limit-iface-in",
        "--limit-iface-out",
        "--strict",
        "--next",
        "--hashlimit-rate-match",
        "--return-nomatch",
        "--update-counters",
        "--update-subcounters",
    ]
)
_HEADERS = (
    "rt",
    "hbh",
    "dst",
    "frag",
    "ah",
    "esp",
    "mh",
    "icmp",
    "icmp6",
    "icmpv6",
    "sctp",
    "dccp",
    "udplite",
)


def conditions(words: Sequence[str], family: str, sets: Mapping[str, IpSet]) -> tuple[list[Match], list[str]]:
    """The matches, in order, and the target's words (from -j or -g), none for a rule without one."""
    found: list[Match] = []
    reader = _Reader(words, family, sets)
    while reader.words:
        if reader.words[0] in ("-j", "-g", "--jump", "--goto"):
            return found, reader.words
        try:
            found.extend(reader.next())
        except (ValueError, IndexError) as error:
            found.append(Match(Unclear(f"a match that is not understood ({str(error)[:40]})")))
    return found, []


class _Reader:
    """Takes a rule's options one by one, each with its values."""

    def __init__(self, words: Sequence[str], family: str, sets: Mapping[str, IpSet]) -> None:
        self.words = list(words)
        self._family = family
        self._bits = 32 if family == "ip" else 128
        self._sets = sets
        self._module = ""
        self._protocol = ""

    def _take(self) -> str:
        return self.words.pop(0)

    def next(self) -> list[Match]:
        """One option. Raises ValueError or IndexError for one not understood; it is then left behind."""
        negated = self.words[0] == "!"
        if negated:
            self._take()
        option = self._take()
        if option == "-m":
            self._module = self._take()
            return [Match(NEVER)] if self._module in _HEADERS and self._absent() else []
        if option in _SILENT:
            self._take()
            return []
        if option in _BARE_SILENT:
            return []
        if option in _RATES:
            return self._rate(option, negated=negated)
        read = _READERS.get(option)
        if read is None or (option == "--mark" and self._module not in ("mark", "connmark")):
            self._skip()
            return [Match(Unclear(f'"-m {self._module} {option}"'))]
        condition = read(self)
        return [Match(_negated(condition) if negated else condition)]

    def _absent(self) -> bool:
        """Whether no TCP or UDP packet without extension headers can meet the module."""
        return self._module not in ("icmp", "icmp6", "icmpv6") or self._protocol not in ("tcp", "udp")

    def _rate(self, option: str, *, negated: bool) -> list[Match]:
        if option not in ("--rcheck", "--update"):
            self._take()
        often = _RATES[option]
        if negated:
            often = Often.AT_TIMES if often is Often.RARELY else Often.RARELY
            if option in ("--rcheck", "--update"):
                return [Match(ALWAYS, Often.AT_TIMES)]
        return [Match(ALWAYS, often)]

    def _skip(self) -> None:
        """Leave the values of an option that is not known."""
        while (
            self.words
            and not (self.words[0].startswith("-") and len(self.words[0]) > 1)
            and self.words[0] != "!"
        ):
            self._take()

    def address(self, side: str) -> Condition:
        field = f"{self._family} {side}"
        spans = [pair for text in self._take().split(",") for pair in network(text, self._bits)]
        return Test(field, intervals.normalized(spans))

    def address_range(self, side: str) -> Condition:
        low, _, high = self._take().partition("-")
        span = ((number(self._family, low), number(self._family, high or low)),)
        return Test(f"{self._family} {side}", span)

    def interface(self, field: str) -> Condition:
        name = self._take()
        if field == "oif":
            return Test("oif", words=frozenset((name,)))
        word = name[:-1] + "*" if name.endswith("+") else name.replace("*", "\\*")
        return Test("iifname", words=frozenset((word,)))

    def protocol(self) -> Condition:
        text = self._take()
        self._protocol = text
        if text in ("all", "0"):
            return ALWAYS
        wanted = number("protocol", text)
        return Test("l4proto", ((wanted, wanted),))

    def ports(self, *sides: str) -> Condition:
        spans = []
        for part in self._take().split(","):
            low, _, high = part.partition(":")
            spans.append(
                (number("port", low or "0"), number("port", high or (low if ":" not in part else "65535")))
            )
        tests = tuple(Test(side, intervals.normalized(spans)) for side in sides)
        return tests[0] if len(tests) == 1 else Any(tests)

    def states(self) -> Condition:
        words = frozenset(word.lower() for word in self._take().split(","))
        return Test("xt ctstate", words=words)

    def status(self) -> Condition:
        words = frozenset(word.lower() for word in self._take().split(","))
        if words <= {"dnat"}:
            return Test("ct status", words=words)
        if not words & {"none", "dnat", "snat", "confirmed"}:
            return NEVER
        return Unclear("--ctstatus")

    def match_set(self) -> Condition:
        name, directions = self._take(), self._take()
        return ipset.condition(name, directions, self._sets)

    def mark(self) -> Condition:
        value, _, mask = self._take().partition("/")
        wanted = int(value, 0)
        field = "mark" if self._module == "mark" else "ct mark"
        return Test(field, ((wanted, wanted),), mask=int(mask, 0) if mask else None)

    def address_type(self, side: str) -> Condition:
        words = frozenset(word.lower() for word in self._take().split(","))
        return Test(f"{side} type", words=words)

    def flags(self) -> Condition:
        mask, wanted = _flags(self._take()), _flags(self._take())
        return Test("tcp flags", ((wanted, wanted),), mask=mask)

    def syn(self) -> Condition:
        return Test("tcp flags", ((2, 2),), mask=0x17)

    def policy(self) -> Condition:
        return ALWAYS if self._take() == "none" else NEVER

    def packet_type(self) -> Condition:
        return Test("pkttype", words=frozenset((self._take().lower(),)))

    def direction(self) -> Condition:
        self._take()
        return ALWAYS

    def reverse_path(self) -> Condition:
        return NEVER

    def first_seen(self) -> Condition:
        return ALWAYS


def _negated(condition: Condition) -> Condition:
    if isinstance(condition, Test):
        return Test(condition.field, condition.numbers, condition.words, negated=True, mask=condition.mask)
    if isinstance(condition, Unclear):
        return condition
    return Not(condition)


def _flags(text: str) -> int:
    if text == "NONE":
        return 0
    return 0x3F if text == "ALL" else sum(number("flags", word) for word in text.split(","))


_READERS: Mapping[str, Callable[[_Reader], Condition]] = {
    "-s": lambda r: r.address("saddr"),
    "-d": lambda r: r.address("daddr"),
    "-i": lambda r: r.interface("iifname"),
    "-o": lambda r: r.interface("oif"),
    "-p": lambda r: r.protocol(),
    "-f": lambda _: NEVER,
    "--src-range": lambda r: r.address_range("saddr"),
    "--dst-range": lambda r: r.address_range("daddr"),
    "--dport": lambda r: r.ports("dport"),
    "--sport": lambda r: r.ports("sport"),
    "--dports": lambda r: r.ports("dport"),
    "--sports": lambda r: r.ports("sport"),
    "--ports": lambda r: r.ports("sport", "dport"),
    "--tcp-flags": lambda r: r.flags(),
    "--syn": lambda r: r.syn(),
    "--state": lambda r: r.states(),
    "--ctstate": lambda r: r.states(),
    "--ctstatus": lambda r: r.status(),
    "--match-set": lambda r: r.match_set(),
    "--mark": lambda r: r.mark(),
    "--dst-type": lambda r: r.address_type("daddr"),
    "--src-type": lambda r: r.address_type("saddr"),
    "--pkt-type": lambda r: r.packet_type(),
    "--dir": lambda r: r.direction(),
    "--pol": lambda r: r.policy(),
    "--invert": lambda r: r.reverse_path(),
    "--set": lambda r: r.first_seen(),
}
