"""A packet's whole way: ingress, prerouting and input, each base chain by its priority."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from readiness_tui.probes.kinds.firewall.packets.flows import Flow, Flows, region_of
from readiness_tui.probes.kinds.firewall.packets.packet import IPV4, Packet, State, Tracking
from readiness_tui.probes.kinds.firewall.packets.region import EMPTY, Region, everything, join, minus
from readiness_tui.probes.kinds.firewall.packets.rules import (
    All,
    Any,
    Chain,
    Choice,
    Condition,
    CopyMark,
    Hook,
    Mark,
    Match,
    Not,
    Step,
    Table,
    Test,
    Translate,
)
from readiness_tui.probes.kinds.firewall.packets.walk import Ending, Journal, Walk

CONNTRACK = -200
"""Priority at which connection tracking sees a packet, in prerouting."""

DESTINATION_NAT, SOURCE_NAT = -100, 100
"""Where chains of type nat run in prerouting and on input, whatever their own priority says."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What becomes of a packet, by regions; both are over-estimates.

    accepted: may get through. dropped: may be dropped. sure: gets through, at least at times.
    accepts: what accepted on input. journal: everything that happened.
    """

    packet: Packet
    accepted: Region
    dropped: Region
    sure: Region
    accepts: tuple[Ending, ...]
    journal: Journal
    filtered: bool

    @property
    def certain(self) -> Region:
        """What gets through, always or at times."""
        return join(minus(self.accepted, self.dropped), self.sure)


def send(packet: Packet, tables: Sequence[Table], lower: Iterable[str] = ()) -> Passage:
    """Send a packet through the tables. lower: devices below its interface (a bridge's ports)."""
    journal = Journal()
    state = State(address=packet.address)
    flows = Flows((Flow(state, everything(packet.bits), sure=True),))
    family = "ip" if packet.family == IPV4 else "ip6"
    tracked = any(_tracks(table) for table in tables if table.family in (family, "inet"))
    devices = {packet.interface, *lower}
    for table, chain, hook in _ingress(tables, devices):
        walk = Walk(packet, table.chains, journal)
        doubtful = hook.devices is None or packet.interface not in hook.devices
        flows = _perhaps(walk, chain, flows, table) if doubtful else _run(walk, chain, flows, table)
    flows = _hook("prerouting", tables, packet, flows, journal, tracked=tracked, family=family)
    local = Flows()
    for flow in flows:
        if flow.state.address == packet.address:
            local.add(flow)
        else:
            unknown = flow.state.address is None
            journal.published.append(Ending("translated", flow.region, flow.sure and not unknown))
            if unknown:
                local.add(flow._replace(sure=False))
                journal.drops.append(Ending("translated", flow.region, sure=False))
    seen = len(journal.accepts)
    flows = _hook("input", tables, packet, local, journal, tracked=tracked, family=family)
    filtered = any(True for _ in _bases("input", tables, family))
    return Passage(
        packet=packet,
        accepted=region_of(flows),
        dropped=join(*(ending.region for ending in journal.drops), *_gone(flows, journal)),
        sure=region_of(flows, sure=True),
        accepts=tuple(journal.accepts[seen:]),
        journal=journal,
        filtered=filtered,
    )


def _gone(_flows: Flows, journal: Journal) -> Iterator[Region]:
    """Packets that go to another host do not reach this one."""
    yield join(*(ending.region for ending in journal.published)) if journal.published else EMPTY


def _hook(
    name: str,
    tables: Sequence[Table],
    packet: Packet,
    flows: Flows,
    journal: Journal,
    *,
    tracked: bool,
    family: str,
) -> Flows:
    seen = name == "input"
    for table, chain, hook in _bases(name, tables, family):
        place = _place(hook)
        if not seen and place >= CONNTRACK:
            exactly = place == CONNTRACK
            flows = _track(flows, tracked=tracked and not exactly)
            seen = not exactly
        walk = Walk(packet, table.chains, journal)
        if hook.kind == "nat":
            flows = _nat(walk, chain, flows, table, tracked=tracked)
        else:
            flows = _run(walk, chain, flows, table)
    return flows if seen else _track(flows, tracked=tracked)


def _run(walk: Walk, chain: Chain, flows: Flows, table: Table) -> Flows:
    return walk.base(chain, flows, f"{table.words} {chain.name}")


def _perhaps(walk: Walk, chain: Chain, flows: Flows, table: Table) -> Flows:
    """A chain that the packet may or may not meet."""
    uncertain = [flow._replace(sure=False) for flow in flows]
    after = Flows(uncertain)
    after.extend(flow._replace(sure=False) for flow in _run(walk, chain, Flows(uncertain), table))
    return after


def _nat(walk: Walk, chain: Chain, flows: Flows, table: Table, *, tracked: bool) -> Flows:
    """Untracked packets and those already translated pass by; without tracking nobody knows."""
    beside = Flows(f for f in flows if f.state.tracking is Tracking.UNTRACKED or f.state.nat_done)
    inside = Flows(f for f in flows if f.state.tracking is not Tracking.UNTRACKED and not f.state.nat_done)
    beside.extend(_run(walk, chain, inside, table) if tracked else _perhaps(walk, chain, inside, table))
    return beside


def _track(flows: Flows, *, tracked: bool) -> Flows:
    """Connection tracking sees the packets, or nobody knows whether it has."""
    to = Tracking.NEW if tracked else Tracking.PERHAPS
    passed = Flows()
    for flow in flows:
        untracked = flow.state.tracking is Tracking.UNTRACKED
        passed.add(flow if untracked else flow._replace(state=replace(flow.state, tracking=to)))
    return passed


def _place(hook: Hook) -> int:
    if hook.kind == "nat":
        return DESTINATION_NAT if hook.name == "prerouting" else SOURCE_NAT
    return hook.priority


def _bases(name: str, tables: Sequence[Table], family: str) -> list[tuple[Table, Chain, Hook]]:
    """The base chains of a hook that packets of a family meet, in their order."""
    found = [
        (table, chain, chain.hook)
        for table in tables
        if table.family in (family, "inet")
        for chain in table.chains.values()
        if chain.hook is not None and chain.hook.name == name
    ]
    return sorted(found, key=lambda base: (_place(base[2]), base[2].priority))


def _ingress(tables: Sequence[Table], devices: set[str]) -> list[tuple[Table, Chain, Hook]]:
    found = [
        (table, chain, chain.hook)
        for table in tables
        if table.family in ("netdev", "inet")
        for chain in table.chains.values()
        if chain.hook is not None and chain.hook.name == "ingress"
        if chain.hook.devices is None or devices & set(chain.hook.devices)
    ]
    return sorted(found, key=lambda base: (base[0].family == "inet", base[2].priority))


def _tracks(table: Table) -> bool:
    """Whether a table has a statement that switches connection tracking on."""
    return any(
        _step_tracks(step) for chain in table.chains.values() for rule in chain.rules for step in rule.steps
    )


def _step_tracks(step: Step) -> bool:
    match step:
        case Match(condition):
            return _condition_tracks(condition)
        case Choice(branches):
            return any(_condition_tracks(condition) for condition, _ in branches)
        case Mark(connection=connection):
            return connection
        case _:
            return isinstance(step, Translate | CopyMark)


def _condition_tracks(condition: Condition) -> bool:
    match condition:
        case Test(field):
            return field.startswith(("ct ", "xt ct"))
        case All(parts) | Any(parts):
            return any(_condition_tracks(part) for part in parts)
        case Not(part):
            return _condition_tracks(part)
        case _:
            return False
