"""The ports of a host that anyone reaches, and those among them that nobody expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.kinds.firewall.packets import intervals
from readiness_tui.probes.kinds.firewall.packets.intervals import Intervals
from readiness_tui.probes.kinds.firewall.packets.region import join
from readiness_tui.probes.kinds.firewall.pairs import Pair
from readiness_tui.probes.kinds.firewall.result import Access, Default, shown

_DHCP_CLIENT: Intervals = ((68, 68), (546, 546))
"""UDP ports on which a host hears its own address assigned."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """open: to anyone. unexpected: of these and the published ones, those not allowed.

    restricted: to some sources only. doubt: why more may be open.
    """

    open: tuple[str, ...]
    unexpected: tuple[str, ...]
    restricted: tuple[str, ...]
    allows: int
    doubt: Missing | None


def exposure(found: Sequence[Pair], allowed: frozenset[int]) -> Exposure:
    """The ports of all outside addresses together."""
    opened: dict[str, Intervals] = {"tcp": (), "udp": ()}
    limited: dict[str, Intervals] = {"tcp": (), "udp": ()}
    odd: dict[str, Intervals] = {"tcp": (), "udp": ()}
    expected = intervals.normalized((port, port) for port in allowed)
    doubt: Missing | None = None
    for pair in found:
        reach = pair.ports.of(Access.OPEN, Access.SPORT)
        opened[pair.protocol] = intervals.union(opened[pair.protocol], reach)
        restricted = pair.ports.of(Access.RESTRICTED)
        limited[pair.protocol] = intervals.union(limited[pair.protocol], restricted)
        published = join(*(one.region for one in pair.passage.journal.published if one.sure))
        reach = intervals.union(reach, intervals.normalized(span for box in published for span in box.dport))
        if pair.protocol == "udp":
            reach = intervals.difference(reach, _DHCP_CLIENT)
        odd[pair.protocol] = intervals.union(odd[pair.protocol], intervals.difference(reach, expected))
        perhaps = intervals.difference(pair.ports.of(Access.PERHAPS), expected)
        if perhaps and doubt is None:
            where = f"{pair.words} {shown(perhaps)}/{pair.protocol}"
            doubt = pair.why or Missing(Cause.UNSUPPORTED, f"cannot tell whether {where} is open to anyone")
    denied = [pair for pair in found if pair.default is Default.DENIED]
    allows = sum(intervals.size(opened[name]) + intervals.size(limited[name]) for name in opened)
    return Exposure(_words(opened), _words(odd), _words(limited), allows if denied else 0, doubt)


def _words(ports: dict[str, Intervals]) -> tuple[str, ...]:
    return tuple(
        f"{low if low == high else f'{low}-{high}'}/{protocol}"
        for protocol, spans in ports.items()
        for low, high in spans
    )
