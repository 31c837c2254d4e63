"""Kind `port`: which TCP ports of public hosts answer to the operator's machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Facts, Missing, plain
from readiness_tui.model.network_asks import PORTS_AT_MOST, Port, PortsAsk, PublicName
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, fields, first_missing
from readiness_tui.probes.kinds.http.answers import against

FACTS: dict[str, str] = {
    "open": "The ports that answer on any host, lowest first; not known unless all could be tried.",
    "unexpected": "Open ports that are not expected, with where; of those that could be tried.",
    "open_at": "Every open port with its host and address.",
    "closed_count": "Connections refused.",
    "filtered_count": "Connections that nobody answered, or a firewall rejected; closed all the same.",
    "asked_count": "Connections tried, over all addresses.",
    "shown": "The open ports of each host, in a few words.",
}

ADDRESSES = 4
AT_ONCE = 5
"""As the network tries them: for how long an ask may take."""

TARPIT = 10
"""So many ports asked and all of them open is no service but something that answers for all."""


class PortParams(Frozen):
    """hosts: public names or addresses, the operator's own only. ports: which to try, at most 60.

    allowed: those that may be open. vantage: from where this machine looks; from `internal`
    nothing is known of what strangers can reach.
    """

    hosts: tuple[PublicName, ...] = Field(min_length=1)
    ports: tuple[Port, ...] = Field(min_length=1, max_length=PORTS_AT_MOST)
    allowed: tuple[Port, ...] = ()
    vantage: Literal["external", "internal"] = "external"


class PortKind(Kind[PortParams]):
    """A connection to each port on each address of each host, IPv4 and IPv6, closed at once."""

    name = "port"
    Params = PortParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """The ports of each host."""
        p = self.params
        wait_s = self.spec.timeout.total_seconds() if self.spec.timeout is not None else 2.0
        whole_s = 10 + -(-len(p.ports) * ADDRESSES // AT_ONCE) * wait_s
        ports = tuple(dict.fromkeys(p.ports))
        return tuple(PortsAsk(host=host, ports=ports, wait_s=wait_s, timeout_s=whole_s) for host in p.hosts)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """Over all hosts; that a port is closed is known only when every address was tried."""
        told = dict(zip(self.params.hosts, map(ParsedReply, replies), strict=True))
        doubted = {host: doubt for host, one in told.items() if (doubt := self._doubt(host, one)) is not None}
        unseen = next(iter(doubted.values()), None) or first_missing(
            _untried(host, one) for host, one in told.items()
        )
        rows = [(host, *fields(row, 2)) for host, one in told.items() for row in one.known("open_at")]
        allowed = {str(port) for port in self.params.allowed}
        against_it = (
            f"{host}:{port} ({address})"
            for host, port, address in rows
            if host not in doubted and port not in allowed
        )
        ports = sorted({int(port) for _, port, _ in rows if port.isdecimal()})
        counts = ("closed_count", "filtered_count", "asked_count")
        shown = "; ".join(_shown(host, one) for host, one in told.items() if one.trouble is None)
        return {
            "open": unseen or tuple(map(str, ports)),
            "unexpected": against(against_it, unseen),
            "open_at": unseen or tuple(f"{host}:{port} ({address})" for host, port, address in rows),
            **{count: unseen or _sum(told.values(), count) for count in counts},
            "shown": shown or unseen or "",
        }

    def _doubt(self, host: str, told: ParsedReply) -> Missing | None:
        """Why even an open port of this host says nothing of what strangers reach."""
        asked, opened = told.number("asked_count"), len(told.known("open_at"))
        if isinstance(asked, Missing):
            return Missing(asked.cause, f"{host}: {asked.reason}")
        if asked >= TARPIT and opened == asked:
            return Missing(Cause.GARBLED, f"{host}: all {asked} ports open, so something answers for all")
        if self.params.vantage == "internal":
            return Missing(Cause.UNSUPPORTED, f"{host}: seen from inside, which says nothing of strangers")
        return None

    def evidence(self, facts: Facts) -> str:
        """The open ports of each host."""
        shown = facts["shown"]
        return "" if isinstance(shown, Missing) else plain(shown)


def _untried(host: str, told: ParsedReply) -> Missing | None:
    """Which of the host's addresses were not tried, and why."""
    if row := next(iter(told.known("unreachable")), ""):
        address, why = fields(row, 2)
        return Missing(Cause.UNREACHABLE, f"{host}: no way to {address} from here: {why}")
    if skipped := told.known("skipped"):
        return Missing(Cause.UNSUPPORTED, f"{host}: {len(skipped)} more addresses were not tried")
    return None


def _sum(told: Iterable[ParsedReply], name: str) -> float | Missing:
    counts = [one.number(name) for one in told]
    return first_missing(counts) or sum(count for count in counts if not isinstance(count, Missing))


def _shown(host: str, told: ParsedReply) -> str:
    ports = " ".join(told.known("open")) or "nothing"
    return f"{host}: {ports} open"
