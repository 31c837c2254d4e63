"""What connections from outside to unlisted ports say of the rules: an answer refutes "denied"."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from readiness_tui.model.network_asks import OutsideAsk
from readiness_tui.model.probe import Reply
from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.firewall.packets import intervals
from readiness_tui.probes.kinds.firewall.packets.intervals import Intervals
from readiness_tui.probes.kinds.firewall.pairs import Pair
from readiness_tui.probes.kinds.firewall.result import Access, Default

TRIED = 3
"""Ports tried (firewall specification, section 8)."""

FIRST, LAST = 20000, 60000
"""Where they are taken from: above the usual services, below most clients' own ports."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Unlisted ports that answered from outside. ports: those that took a connection, `8080/tcp`."""

    ports: tuple[str, ...] = ()
    sentence: str = ""


def questions(
    found: Sequence[Pair], allowed: Sequence[int], seed: str, *, listed: bool
) -> tuple[OutsideAsk, ...]:
    """The ports to try: none that a rule names, and the same ones for the same listing.

    listed: whether the rules could be read; without them no port is named. Nothing is asked where
    all is open anyway.
    """
    if any(pair.default is Default.ACCEPTED for pair in found):
        return ()
    named: Intervals = intervals.normalized((port, port) for port in allowed)
    for pair in found if listed else ():
        reach = pair.ports.of(Access.OPEN, Access.SPORT, Access.PERHAPS, Access.RESTRICTED)
        published = [box.dport for one in pair.passage.journal.published for box in one.region]
        named = intervals.union(named, reach)
        named = intervals.union(named, intervals.normalized(span for spans in published for span in spans))
    choose = random.Random(seed)
    free = [port for port in range(FIRST, LAST) if not intervals.contains(named, port)]
    return (OutsideAsk(ports=tuple(choose.sample(free, TRIED))),) if len(free) >= TRIED else ()


def answered(replies: Sequence[Reply], rules: ParsedReply) -> Answered:
    """What the connections came to. A reset counts where no rule sends one and every port sent it."""
    reply = next((reply for reply in replies if isinstance(reply.ask, OutsideAsk)), None)
    if reply is None or reply.cause is not None:
        return Answered()
    told = ParsedReply(reply)
    address = "".join(told.known("address")[-1:])
    if ports := told.known("accepted"):
        shown = f"port {', '.join(ports)} of {address}"
        sentence = f"{shown} accepts connections from outside, although no rule names it"
        return Answered(tuple(f"{port}/tcp" for port in ports), sentence)
    resets = told.known("reset")
    names = ("nft_json", "nft_text", "save4", "save6", "legacy4", "legacy6")
    rejects = any("tcp reset" in line or "tcp-reset" in line for name in names for line in rules.known(name))
    if len(resets) == TRIED and not rejects:
        return Answered((), f"port {', '.join(resets)} of {address} answers unfiltered (connection refused)")
    return Answered()
