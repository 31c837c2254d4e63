"""Evidence: what each outside interface does, in words that name the rule (firewall rules of the host)."""

from __future__ import annotations

from collections.abc import Sequence

from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.firewall.exposure import Exposure
from readiness_tui.probes.kinds.firewall.pairs import Pair
from readiness_tui.probes.kinds.firewall.result import Access, Default, shown


def defaults(found: Sequence[Pair], inside: Sequence[Pair], reply: ParsedReply) -> str:
    """Every outside interface and family, the worst first, then what is worth knowing besides."""
    order = sorted(found, key=lambda pair: -pair.default)
    clauses = list(dict.fromkeys(_clause(pair, found, reply) for pair in order))
    if order and order[0].default is Default.ACCEPTED:
        clauses = [clause for clause in clauses if "accepted" in clause]
    else:
        opened = [(pair.protocol, shown(pair.ports.of(Access.OPEN, Access.SPORT))) for pair in found]
        ports = list(dict.fromkeys(f"{words}/{protocol}" for protocol, words in opened if words))
        clauses.append(f"open to anyone: {', '.join(ports[:3])}" if ports else "no port is open to anyone")
    if published := " ".join(reply.known("docker_published")).strip():
        clauses.append(f"Docker publishes {published}")
    loose = next((pair for pair in inside if pair.default is Default.ACCEPTED), None)
    if loose is not None:
        clauses.append(f"{loose.place.interface.name} (no default route) accepts everything")
    return "; ".join(clauses)


def _clause(pair: Pair, found: Sequence[Pair], reply: ParsedReply) -> str:
    twin = [
        other for other in found if other.place == pair.place and (other.default, other.because) == _key(pair)
    ]
    protocol = "" if len(twin) > 1 else f" {pair.protocol}"
    words = f"{pair.words}{protocol} {pair.because}"
    if pair.default is Default.ACCEPTED and "yes" in reply.known("ufw_conf"):
        return f"{words}, although ufw is enabled"
    return words


def _key(pair: Pair) -> tuple[Default, str]:
    return pair.default, pair.because


def exposed(ports: Exposure, found: Sequence[Pair], said: str) -> str:
    """The ports open to anyone, those that are not expected first; the rule, where all are open."""
    if any(pair.default is Default.ACCEPTED for pair in found):
        return f"ports that no rule names are open to anyone: {said}"
    if ports.unexpected:
        rest = f" ({len(ports.unexpected) - 4} more)" if len(ports.unexpected) > 4 else ""
        return f"open to anyone but not expected: {', '.join(ports.unexpected[:4])}{rest}; {said}"
    opened = f"open to anyone: {', '.join(ports.open[:6])}" if ports.open else "no port is open to anyone"
    limited = f"; restricted to some sources: {', '.join(ports.restricted[:4])}" if ports.restricted else ""
    return opened + limited
