"""Kind `firewall`: what a new connection from outside meets in the kernel's packet filters."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.network_asks import OutsideAsk, Port
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, ProbeResult, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds.firewall import interfaces, listing
from readiness_tui.probes.kinds.firewall.corroboration import Answered, answered, questions
from readiness_tui.probes.kinds.firewall.exposure import exposure
from readiness_tui.probes.kinds.firewall.listing import Listing
from readiness_tui.probes.kinds.firewall.pairs import Pair, pairs
from readiness_tui.probes.kinds.firewall.result import Default
from readiness_tui.probes.kinds.firewall.sentences import defaults, exposed

FACTS: dict[str, str] = {
    "default_deny": "Whether every outside address denies new TCP and UDP connections by default.",
    "undefended": "The outside interfaces that accept by default; empty behind a named firewall.",
    "defaults": "What each outside interface does by default, and the rule that decides.",
    "open": "The ports that anyone reaches, with protocol; a long run of ports as a range.",
    "unexpected": "Of these, and of the ports published past the input chain, those not in `allowed`.",
    "allows": "How many ports are open by a rule, to anyone or to some sources.",
    "exposure": "The open ports, the unexpected ones first.",
    "docker_published": "Ports published by Docker, which bypass the input chain.",
}


class FirewallParams(Frozen):
    """external_firewall: the cloud's or a hardware firewall, `none` when there is none.

    allowed: ports that anyone may reach. vantage: from `external`, unlisted ports are tried, too.
    """

    external_firewall: str = "none"
    allowed: tuple[Port, ...] = ()
    vantage: str = Field(default="internal", pattern="^(external|internal)$")


class Firewall(Kind[FirewallParams]):
    """Sends a symbolic new connection through the rules, for each outside address, TCP and UDP."""

    name = "firewall"
    Params = FirewallParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """firewall.state."""
        return (collect("firewall.state", spec=self.spec),)

    def announced(self) -> tuple[Ask, ...]:
        """From outside, three ports that the host's rules do not name."""
        return (OutsideAsk(),) if self.params.vantage == "external" else ()

    def follow_up(self, replies: Sequence[Reply]) -> tuple[Ask, ...]:
        """Connections to unlisted ports, which must not be answered."""
        reply = ParsedReply(replies[0])
        if self.params.vantage != "external" or reply.trouble is not None:
            return ()
        outside, _ = interfaces.places(_interfaces(reply))
        rules = listing.read(reply)
        found = pairs(outside, rules)
        return questions(found, self.params.allowed, replies[0].stdout, listed=not rules.unread)

    def judge(self, replies: Sequence[Reply]) -> ProbeResult:
        """The contract's judgement; connections that could not be tried take nothing away."""
        kept = [one for one in replies if one.cause is None or not isinstance(one.ask, OutsideAsk)]
        return super().judge(kept)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The default of every outside address, and the ports open to anyone."""
        reply = ParsedReply(replies[0])
        if reply.trouble is not None:
            return unseen(FACTS, reply.trouble)
        rules = listing.read(reply)
        published = reply.refusal("docker_published") or " ".join(reply.known("docker_published")).strip()
        outside, inside = interfaces.places(_interfaces(reply))
        if not outside:
            return {**unseen(FACTS, _no_place(reply, rules)), "docker_published": published}
        found = pairs(outside, rules)
        ports = exposure(found, frozenset(self.params.allowed))
        answers = answered(replies, reply)
        deny = False if answers.sentence else _deny(found)
        said = answers.sentence or defaults(found, pairs(inside, rules), reply)
        return {
            "default_deny": deny,
            "undefended": deny if isinstance(deny, Missing) else self._undefended(found, answers),
            "defaults": said,
            "open": ports.doubt or ports.open,
            "unexpected": (*answers.ports, *ports.unexpected) or ports.doubt or (),
            "allows": ports.allows,
            "exposure": answers.sentence or exposed(ports, found, said),
            "docker_published": published,
        }

    def told(self, name: str, facts: Facts) -> tuple[str, ...]:
        """The shown line names the interface, the rule and the ports, whichever fact decides."""
        return (self._shown(facts),)

    def _undefended(self, found: Sequence[Pair], answers: Answered) -> tuple[str, ...]:
        """None behind a firewall that the operator names: the host's own default then informs."""
        if answers.sentence:
            return (answers.sentence,)
        if self.params.external_firewall != "none":
            return ()
        return tuple(dict.fromkeys(pair.words for pair in found if pair.default is Default.ACCEPTED))


def _interfaces(reply: ParsedReply) -> dict[str, interfaces.Interface]:
    routes = [(family, line) for family in (4, 6) for line in reply.known(f"route{family}")]
    return interfaces.read(reply.known("addr"), reply.known("link"), routes)


def _deny(found: Sequence[Pair]) -> Fact | Missing:
    """Whether all deny; one that accepts decides, then one of which nobody can tell."""
    if any(pair.default is Default.ACCEPTED for pair in found):
        return False
    return next((pair.why for pair in found if pair.why is not None), True)


def _no_place(reply: ParsedReply, rules: Listing) -> Missing:
    if (refusal := reply.refusal("addr")) is not None:
        return refusal
    reason = "no interface has an address that can be reached from elsewhere"
    return next(iter(rules.unread), Missing(Cause.UNSUPPORTED, reason))
