"""Kind `dns`: the records of public names, over one resolver or several that must agree."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field, field_validator

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing, plain
from readiness_tui.model.network_asks import (
    SYSTEM,
    DnsAsk,
    Port,
    PortsAsk,
    PublicName,
    RecordType,
    ResolverText,
)
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, fields, first_missing, settle
from readiness_tui.probes.kinds.http.answers import against

FACTS: dict[str, str] = {
    "A": "The IPv4 addresses, over all names and resolvers.",
    "AAAA": "The IPv6 addresses.",
    "CAA": "Which authorities may issue certificates.",
    "CNAME": "The names they stand for.",
    "MX": "Where mail goes.",
    "NS": "The name servers.",
    "SOA": "The zone's own record.",
    "SRV": "Where services are.",
    "TXT": "The texts, each in quotes.",
    "nxdomain": "Names that do not exist; some resolver says so.",
    "addressless": "Names without an address, of those whose addresses were asked for.",
    "consistent": "All resolvers agree; whether they say the same of every name.",
    "differing": "Where they do not, and what each says.",
    "ttl": "The shortest time to live that a resolver still has, in seconds.",
    "ttl_max": "The longest, in seconds.",
    "unexpected": "Addresses that are not among `expected`.",
    "absent": "Addresses among `expected` that no name has.",
    "silent": "Addresses that do not accept connections on `port`.",
    "record_problems": "What is wrong with the records, a sentence each.",
    "shown": "Each name with its addresses, in a few words.",
}

TYPES = tuple(name for name in FACTS if name.isupper())
ADDRESS_TYPES = ("A", "AAAA")


class DnsParams(Frozen):
    """domains: public names. types: records to ask for. resolvers: `system` or addresses.

    expected: the addresses they should have; nothing is said of them when it is empty.
    port: a port that every address should accept connections on.
    """

    domains: tuple[PublicName, ...] = Field(min_length=1)
    types: tuple[RecordType, ...] = Field(default=("A", "AAAA", "CAA"), min_length=1)
    resolvers: tuple[ResolverText, ...] = Field(default=(SYSTEM,), min_length=1)
    expected: tuple[str, ...] = ()
    port: Port | None = None

    @field_validator("expected")
    @classmethod
    def _addresses(cls, expected: tuple[str, ...]) -> tuple[str, ...]:
        """As resolvers write them."""
        return tuple(str(ipaddress.ip_address(text)) for text in expected)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one resolver says of one name; a type that it did not answer is missing."""

    name: str
    resolver: str
    nowhere: bool
    records: Mapping[str, tuple[str, ...] | Missing]
    ttls: tuple[float, ...]


class Dns(Kind[DnsParams]):
    """Every name over every resolver; that a name does not exist is an answer."""

    name = "dns"
    moving = frozenset({"ttl", "ttl_max"})
    Params = DnsParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """Each name of each resolver, and a connection to each name's addresses if `port` is given."""
        p = self.params
        timeout = self.spec.timeout.total_seconds() if self.spec.timeout is not None else 6.0
        queries = [
            DnsAsk(name=domain, types=p.types, resolver=resolver, timeout_s=timeout)
            for domain in p.domains
            for resolver in p.resolvers
        ]
        ports = (p.port,) if p.port is not None else ()
        return (*queries, *(PortsAsk(host=domain, ports=ports) for domain in p.domains if ports))

    def read(self, replies: Sequence[Reply]) -> Facts:
        """Over all names; what one resolver did not say is known only as far as another speaks against."""
        p = self.params
        count = len(p.domains) * len(p.resolvers)
        answers = [_answer(reply) for reply in replies[:count]]
        told = [one for one in answers if isinstance(one, Answer)]
        unseen = first_missing(answers)
        records: dict[str, Fact | Missing] = {kind: _over(told, kind, unseen) for kind in p.types}
        partly = unseen or first_missing(records.values())
        differing = tuple(_differing(told, p.domains, p.types))
        had = tuple(dict.fromkeys(row for one in told for kind in ADDRESS_TYPES for row in _known(one, kind)))
        ttls = [ttl for one in told for ttl in one.ttls]
        nowhere = (one.name for one in told if one.nowhere)
        facts: dict[str, Fact | Missing] = {
            **records,
            "nxdomain": against(nowhere, unseen),
            "addressless": against(self._addressless(told), partly),
            "differing": against(differing, partly),
            "consistent": False if differing else partly or True,
            "unexpected": against((a for a in had if p.expected and a not in p.expected), partly),
            "absent": partly or tuple(address for address in p.expected if address not in had),
            "shown": "; ".join(_shown(told, p.domains, p.types)) or partly or "",
        }
        if ttls:
            facts |= {"ttl": partly or min(ttls), "ttl_max": partly or max(ttls)}
        if p.port is not None:
            facts["silent"] = _silent(replies[count:], had, p.port, partly)
        facts["record_problems"] = self._problems_of(facts, told, partly)
        return facts

    def _problems_of(
        self, facts: Mapping[str, Fact | Missing], told: Sequence[Answer], unseen: Missing | None
    ) -> Fact | Missing:
        """A sentence for each thing wrong; what could be right in a form unknown here is a doubt."""
        p = self.params
        wanted = ", ".join(p.expected)
        sentences = {
            "nxdomain": "{} does not exist",
            "addressless": "{} has no address",
            "unexpected": f"an address is {{}} (expected: {wanted})",
            "absent": f"no record has {{}} (expected: {wanted})",
            "silent": f"{{}} accepts no connection on port {p.port}",
        }
        problems: list[str] = []
        doubts = [unseen] if unseen is not None else []
        for name, sentence in sentences.items():
            fact = facts.get(name, ())
            if isinstance(fact, tuple):
                problems += [sentence.format(row) for row in fact]
            elif isinstance(fact, Missing):
                doubts.append(fact)
        for domain, _, sets in _disputes(told, p.domains, ADDRESS_TYPES):
            words = f"resolvers disagree on {domain}: {_said_by(sets)}"
            apart = not set.intersection(*map(set, sets.values()))
            alias = any(_known(one, "CNAME") for one in told if one.name == domain)
            if p.expected:
                continue  # the addresses themselves decide
            if apart and not alias and all(sets.values()):
                problems.append(words)
            else:
                hint = "name the addresses that are right in expected_ips"
                doubts.append(Missing(Cause.UNSUPPORTED, words, hint))
        return settle(problems, doubts)

    def _addressless(self, told: Sequence[Answer]) -> list[str]:
        if not set(ADDRESS_TYPES) <= set(self.params.types):
            return []
        return [
            one.name
            for one in told
            if not one.nowhere and all(one.records[kind] == () for kind in ADDRESS_TYPES)
        ]

    def evidence(self, facts: Facts) -> str:
        """Each name with its addresses."""
        shown = facts["shown"]
        return "" if isinstance(shown, Missing) else plain(shown)


def _answer(reply: Reply) -> Answer | Missing:
    told = ParsedReply(reply)
    name, resolver = "", ""
    types: tuple[str, ...] = ()
    if isinstance(reply.ask, DnsAsk):
        name, resolver, types = reply.ask.name, reply.ask.resolver, reply.ask.types
    rcode = told.text("rcode")
    if isinstance(rcode, Missing):
        return Missing(rcode.cause, f"{name}: {rcode.reason}")
    return Answer(
        name=name,
        resolver=resolver,
        nowhere=rcode == "NXDOMAIN",
        records={kind: _rows(told, kind, f"{name}, {resolver}") for kind in types},
        ttls=tuple(ttl for kind in types if not isinstance(ttl := told.number(f"ttl_{kind}"), Missing)),
    )


def _rows(told: ParsedReply, kind: str, whose: str) -> tuple[str, ...] | Missing:
    rows = told.rows(kind)
    return Missing(rows.cause, f"{whose}: {rows.reason}") if isinstance(rows, Missing) else rows


def _known(one: Answer, kind: str) -> tuple[str, ...]:
    rows = one.records.get(kind, ())
    return () if isinstance(rows, Missing) else rows


def _over(told: Sequence[Answer], kind: str, unseen: Missing | None) -> tuple[str, ...] | Missing:
    """The records of one type over all names and resolvers."""
    rows = dict.fromkeys(row for one in told for row in _known(one, kind))
    return unseen or first_missing(one.records[kind] for one in told) or tuple(rows)


def _disputes(
    told: Sequence[Answer], domains: Sequence[str], types: Sequence[str]
) -> Iterable[tuple[str, str, Mapping[str, tuple[str, ...]]]]:
    """Name and type of which resolvers say different things, in any order, and what each says."""
    for domain in domains:
        for kind in types:
            said = {
                one.resolver: rows
                for one in told
                if one.name == domain and not isinstance(rows := one.records.get(kind, ()), Missing)
            }
            if len({frozenset(rows) for rows in said.values()}) > 1:
                yield domain, kind, said


def _said_by(sets: Mapping[str, tuple[str, ...]]) -> str:
    groups: dict[frozenset[str], list[str]] = {}
    for resolver, rows in sets.items():
        groups.setdefault(frozenset(rows), []).append(resolver)
    parts = []
    for told, who in groups.items():
        verb = "says" if len(who) == 1 else "say"
        parts.append(f"{' and '.join(who)} {verb} {plain(sorted(told))}")
    return ", ".join(parts)


def _differing(told: Sequence[Answer], domains: Sequence[str], types: Sequence[str]) -> Iterable[str]:
    """The disputes in words."""
    return (f"{domain} {kind}: {_said_by(sets)}" for domain, kind, sets in _disputes(told, domains, types))


def _silent(
    replies: Sequence[Reply], had: Iterable[str], port: int, unseen: Missing | None
) -> tuple[str, ...] | Missing:
    """The addresses in DNS that do not accept connections; one that was not tried is not known."""
    told = [ParsedReply(reply) for reply in replies]
    tried = {address for one in told for address in one.known("address")}
    unreached = {fields(row, 2)[0]: fields(row, 2)[1] for one in told for row in one.known("unreachable")}
    accepting = {fields(row, 2)[1] for one in told for row in one.known("open_at")}
    untried = next((one.trouble for one in told if one.trouble is not None), None)
    for address in had:
        if address not in tried and untried is None:
            why = unreached.get(address, "this machine finds another address for the name")
            untried = Missing(Cause.UNREACHABLE, f"{address} port {port} was not tried: {why}")
    return against((address for address in had if address in tried - accepting), unseen or untried)


def _shown(told: Sequence[Answer], domains: Sequence[str], types: Sequence[str]) -> Iterable[str]:
    for domain in domains:
        mine = [one for one in told if one.name == domain]
        if any(one.nowhere for one in mine):
            yield f"{domain} does not exist"
        elif mine:
            rows = ((kind, dict.fromkeys(row for one in mine for row in _known(one, kind))) for kind in types)
            words = (f"{kind} {', '.join(found)}" if found else f"no {kind}" for kind, found in rows)
            yield f"{domain} {', '.join(words)}"
