"""Sends flows through one base chain: jumps, goto, returns, verdict maps, marks and translations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from readiness_tui.probes.kinds.firewall.packets.flows import Flow, Flows, restricted
from readiness_tui.probes.kinds.firewall.packets.intervals import contains
from readiness_tui.probes.kinds.firewall.packets.matching import cut
from readiness_tui.probes.kinds.firewall.packets.packet import SAME_PORT, Packet, State, Tracking
from readiness_tui.probes.kinds.firewall.packets.region import Region, minus
from readiness_tui.probes.kinds.firewall.packets.rules import (
    Accept,
    Chain,
    Choice,
    Condition,
    CopyMark,
    Drop,
    Jump,
    Mark,
    Match,
    Not,
    Obscure,
    Often,
    Queue,
    Return,
    Rule,
    Step,
    Test,
    Translate,
    Unclear,
    Untrack,
)
from readiness_tui.probes.kinds.firewall.packets.rules import All as AllOf
from readiness_tui.probes.kinds.firewall.packets.rules import Any as AnyOf

DEPTH_AT_MOST = 16
"""Jumps inside jumps; nft allows as many."""

RULES_AT_MOST = 400_000
"""Rules tried for one packet; after that everything is uncertain."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Packets that a rule or policy accepted or dropped. label: which. often: not at every time."""

    label: str
    region: Region
    sure: bool


@dataclass(slots=True)
class Journal:
    """What happened to one packet: what accepted it, what dropped it, what was not understood.

    published: translated to other hosts, so that this host's input rules do not see them.
    """

    accepts: list[Ending] = field(default_factory=list)
    drops: list[Ending] = field(default_factory=list)
    doubts: list[Ending] = field(default_factory=list)
    published: list[Ending] = field(default_factory=list)
    tried: int = 0


@dataclass(slots=True)
class _Way:
    """Where the packets of a chain have gone: accepted for good, and back to the caller."""

    accepted: Flows = field(default_factory=Flows)
    returned: Flows = field(default_factory=Flows)


class Walk:
    """One packet's way through the chains of a table."""

    def __init__(self, packet: Packet, chains: Mapping[str, Chain], journal: Journal) -> None:
        self._packet = packet
        self._chains = chains
        self._journal = journal

    def base(self, chain: Chain, flows: Flows, words: str) -> Flows:
        """What a base chain lets through. words: the chain, for people."""
        accepted = Flows()
        left = self._chain(chain, flows, accepted, 0)
        policy = chain.hook.policy if chain.hook else "accept"
        for flow in left:
            ending = Ending(f"policy {policy} of {words}", flow.region, flow.sure)
            if policy == "drop":
                self._journal.drops.append(ending)
            elif policy == "accept":
                accepted.add(flow)
            else:
                self._doubt(f"policy {policy} of {words}", flow, accepted)
        return accepted

    def _chain(self, chain: Chain, flows: Flows, accepted: Flows, depth: int) -> Flows:
        """What comes to the end of a chain, or is sent back by it."""
        way = _Way(accepted)
        for rule in chain.rules:
            if not flows:
                break
            self._journal.tried += 1
            if self._journal.tried > RULES_AT_MOST:
                for flow in flows:
                    self._doubt("more rules than can be followed", flow, accepted)
                break
            onward = Flows()
            inside = flows
            for step in rule.steps:
                if not inside:
                    break
                inside = self._step(step, rule, inside, onward, way, depth)
            onward.extend(inside)
            flows = onward
        way.returned.extend(flows)
        return way.returned

    def _step(self, step: Step, rule: Rule, inside: Flows, onward: Flows, way: _Way, depth: int) -> Flows:
        """What goes on to the rule's next statement; the rest is sent where it belongs."""
        if isinstance(step, Match):
            matched = Flows()
            for flow in inside:
                self._match(step, rule, flow, matched, onward)
            return matched
        if isinstance(step, Choice):
            return self._choice(step, rule, inside, onward, way, depth)
        if isinstance(step, Mark | CopyMark | Untrack):
            return Flows(Flow(_changed(flow.state, step), flow.region, flow.sure) for flow in inside)
        for flow in inside:
            self._verdict(step, rule, flow, onward, way, depth)
        return Flows()

    def _match(self, step: Match, rule: Rule, flow: Flow, matched: Flows, onward: Flows) -> None:
        one = cut(step.condition, self._packet, flow.state)
        uncertain = minus(one.possibly, one.surely)
        if step.often is Often.ALWAYS:
            matched.add(restricted(flow, one.surely))
            onward.add(Flow(flow.state, minus(flow.region, one.possibly), flow.sure))
            onward.add(restricted(flow, uncertain, sure=False))
        elif step.often is Often.AT_TIMES:
            matched.add(restricted(flow, one.surely))
            onward.add(flow)
        else:
            matched.add(restricted(flow, one.surely, sure=False))
            onward.add(flow)
        doubtful = restricted(flow, uncertain, sure=False)
        matched.add(doubtful)
        if doubtful.region:
            self._journal.doubts.append(Ending(_reason(step.condition, rule), doubtful.region, sure=False))

    def _choice(self, step: Choice, rule: Rule, inside: Flows, onward: Flows, way: _Way, depth: int) -> Flows:
        """Each branch takes what matches it; a packet that meets none goes on with the rule."""
        for condition, verdict in step.branches:
            if not inside:
                break
            rest, matched = Flows(), Flows()
            for flow in inside:
                self._match(Match(condition), rule, flow, matched, rest)
            for flow in matched:
                self._verdict(verdict, rule, flow, onward, way, depth)
            inside = rest
        return inside

    def _verdict(self, step: Step, rule: Rule, flow: Flow, onward: Flows, way: _Way, depth: int) -> None:
        match step:
            case Accept():
                self._accept(rule.label, flow, way.accepted)
            case Drop():
                self._journal.drops.append(Ending(rule.label, flow.region, flow.sure))
            case Return():
                way.returned.add(flow)
            case Jump(name, goto):
                self._jump(name, goto, rule, flow, onward, way, depth)
            case Queue():
                uncertain = flow._replace(sure=False)
                self._accept(rule.label, uncertain, way.accepted)
                self._journal.drops.append(Ending(rule.label, flow.region, sure=False))
                self._journal.doubts.append(
                    Ending(f"{rule.label} hands packets to a program", flow.region, sure=False)
                )
            case Translate():
                for part in _translated(flow, step, self._packet):
                    self._accept(rule.label, part, way.accepted)
            case Obscure(reason):
                self._doubt(f"{rule.label}: {reason}", flow, way.accepted)
                onward.add(flow._replace(sure=False))
            case _:
                onward.add(flow)

    def _jump(
        self, name: str, goto: bool, rule: Rule, flow: Flow, onward: Flows, way: _Way, depth: int
    ) -> None:
        chain = self._chains.get(name)
        if chain is None or depth >= DEPTH_AT_MOST:
            self._doubt(f"{rule.label}: chain {name} is not listed", flow, way.accepted)
            onward.add(flow._replace(sure=False))
            return
        back = self._chain(chain, Flows((flow,)), way.accepted, depth + 1)
        (way.returned if goto else onward).extend(back)

    def _accept(self, label: str, flow: Flow, accepted: Flows) -> None:
        self._journal.accepts.append(Ending(label, flow.region, flow.sure))
        accepted.add(flow)

    def _doubt(self, reason: str, flow: Flow, accepted: Flows) -> None:
        """Nobody can say what becomes of these packets: they may be accepted and may be dropped."""
        ending = Ending(reason, flow.region, sure=False)
        self._journal.doubts.append(ending)
        self._journal.drops.append(ending)
        accepted.add(flow._replace(sure=False))


def _changed(state: State, step: Mark | CopyMark | Untrack) -> State:
    match step:
        case Mark(value, keep, connection):
            name = "ct_mark" if connection else "mark"
            old = state.ct_mark if connection else state.mark
            unknown = value is None or (keep and old is None)
            new = None if unknown else ((old or 0) & keep) ^ (value or 0)
            return replace(state, ct_mark=new) if name == "ct_mark" else replace(state, mark=new)
        case CopyMark(to_connection):
            if to_connection:
                return replace(state, ct_mark=state.mark)
            return replace(state, mark=state.ct_mark)
        case Untrack():
            tracked = state.tracking in (Tracking.NEW, Tracking.UNTRACKED)
            return state if tracked else replace(state, tracking=Tracking.UNTRACKED)


def _translated(flow: Flow, step: Translate, packet: Packet) -> tuple[Flow, ...]:
    """The flow after a destination translation; to the address and port it has, it leaves no status."""
    state = flow.state
    if state.nat_done:
        return (flow,)
    address = packet.address if step.own else step.address if step.address is not None else state.address
    if step.unknown_address:
        address = None
    moved = None if address is None or state.address is None else address != state.address
    done = replace(state, address=address, nat_done=True)
    if step.unknown_port:
        return (flow._replace(state=replace(done, port=None, translated=moved or None)),)
    if step.port is None or step.port == state.port:
        return (flow._replace(state=replace(done, translated=moved)),)
    there = replace(done, port=step.port)
    changed = flow._replace(state=replace(there, translated=True))
    if state.port != SAME_PORT:
        unknown = state.port is None and not moved
        return (changed._replace(state=replace(there, translated=None)) if unknown else changed,)
    same = _to_port(flow.region, step.port)
    stays = Flow(replace(there, translated=moved), same, flow.sure)
    return (stays, changed._replace(region=minus(flow.region, same)))


def _to_port(region: Region, port: int) -> Region:
    return tuple(box._replace(dport=((port, port),)) for box in region if contains(box.dport, port))


def _reason(condition: Condition, rule: Rule) -> str:
    """What of a condition could not be decided, with the rule it stands in."""
    unclear = next(iter(_unclear(condition)), "")
    return f"{rule.label} uses {unclear}" if unclear else f"{rule.label} cannot be decided"


def _unclear(condition: Condition) -> list[str]:
    match condition:
        case Unclear(reason):
            return [reason]
        case AllOf(parts) | AnyOf(parts):
            return [reason for part in parts for reason in _unclear(part)]
        case Not(part):
            return _unclear(part)
        case Test():
            return []
