"""Kind `firewall`: whether inbound traffic is denied by default, whichever engine does it."""

from __future__ import annotations

from collections.abc import Sequence

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Facts, Missing
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds.firewall.filtering import Engine, denies, engines

FACTS: dict[str, str] = {
    "default_deny": "Whether an engine denies inbound by default, and for IPv6 where it is in use.",
    "engines": "Every engine that could be read, in a few words.",
    "denying": "The first engine that denies by default for IPv4, and the first for IPv6.",
    "ipv6_global": "How many global IPv6 addresses the host has.",
    "ipv6": "Whether IPv6 is covered, in words.",
    "docker_published": "Ports published by Docker, which bypass the input chain.",
    "docker_note": "The same as a clause for the evidence.",
    "undefended": "The families nothing denies, on the host or in front of it: v4, v6; empty when all are.",
}


class FirewallParams(Frozen):
    """external_firewall: the cloud's or a hardware firewall, `none` when there is none."""

    external_firewall: str = "none"


class Firewall(Kind[FirewallParams]):
    """ufw, firewalld, nft and iptables: one that denies is enough; to say none does, all must be read."""

    name = "firewall"
    Params = FirewallParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """firewall.state."""
        return (collect("firewall.state", spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The default over all engines and both families."""
        told = ParsedReply(replies[0])
        if told.trouble is not None:
            return unseen(FACTS, told.trouble)
        found, unread = engines(told)
        v4, v6 = denies("v4", found, unread), denies("v6", found, unread)
        addresses = told.refusal("ipv6_global") or (
            told.number("ipv6_global") if told.known("ipv6_global") else 0
        )
        published = told.rows("docker_published")
        shown = published if isinstance(published, Missing) else " ".join(published).strip()
        return {
            "default_deny": _both(v4, v6, addresses),
            "engines": "; ".join(engine.said for engine in found) or "none",
            "denying": _deniers(found),
            "ipv6_global": addresses,
            "ipv6": _covered(v6, addresses),
            "docker_published": shown,
            "docker_note": f"; Docker publishes {shown}" if isinstance(shown, str) and shown else "",
            "undefended": self._undefended(v4, v6, addresses),
        }

    def _undefended(
        self, v4: bool | Missing, v6: bool | Missing, addresses: float | Missing
    ) -> tuple[str, ...] | Missing:
        """Nothing is, behind a firewall the operator names: the host's own default then informs."""
        deny = _both(v4, v6, addresses)
        if isinstance(deny, Missing):
            return deny
        if deny or self.params.external_firewall != "none":
            return ()
        return tuple(name for name, value in (("v4", v4), ("v6", v6)) if value is False)


def _deniers(found: list[Engine]) -> str:
    v4 = next((engine.said for engine in found if engine.v4), None)
    v6 = next((engine.said for engine in found if engine.v6), None)
    return "; ".join(dict.fromkeys(said for said in (v4, v6) if said)) or "no engine denies"


def _addresses(told: ParsedReply) -> float | Missing:
    """Global IPv6 addresses; none on a kernel without IPv6, of which nothing is told."""
    if (refusal := told.refusal("ipv6_global")) is not None:
        return refusal
    return told.number("ipv6_global") if told.known("ipv6_global") else 0


def _both(v4: bool | Missing, v6: bool | Missing, addresses: float | Missing) -> bool | Missing:
    """IPv6 counts when there is a global address, or nobody knows whether there is."""
    if v4 is False:
        return False
    if not isinstance(addresses, Missing):
        if addresses == 0:
            return v4
        if v6 is False:
            return False
    return next((value for value in (v4, v6, addresses) if isinstance(value, Missing)), True)


def _covered(v6: bool | Missing, addresses: float | Missing) -> str:
    if isinstance(v6, Missing) or isinstance(addresses, Missing):
        return "v6 not known"
    if not addresses:
        return "no global v6 address"
    return "v6 covered" if v6 else "v6 open"
