"""Kind `tls`: the certificates that the public names show to a stranger."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply, TlsAsk
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply

DAY_S = 86400
STAGING = "(STAGING)"
"""What Let's Encrypt's staging issuers carry in their names."""

FACTS: dict[str, str] = {
    "reached": "True when every domain answered with a certificate; never false, but unknown.",
    "unverified": "The domains whose chain does not verify, with why, a sentence each.",
    "staging": "The domains with a certificate of a staging issuer, a sentence each.",
    "foreign": "The domains with a certificate of an issuer not in `issuers`, a sentence each.",
    "unencrypted": "The domains that answer plain HTTP on the TLS port, a sentence each.",
    "weak": "The domains whose key is too short, a sentence each.",
    "expiring": "The domains whose certificate ends too soon, a sentence each.",
    "uncovered": "Domains without an address that no other domain's certificate names, a sentence each.",
    "issuers": "The issuers' organisations; of those that answered.",
    "days_left": "Days until the first certificate expires.",
    "lifetime_days": "The whole lifetime of that certificate, in days.",
    "share_left": "Share of the lifetime it has left, 0 to 1.",
    "shown": "The certificate that expires first: domain, issuer, days left of how many.",
}


class TlsParams(Frozen):
    """domains: public names. port: where they answer. issuers: the organisations accepted; none: any.

    min_days, min_share: a certificate must have so many days left, or that share of its lifetime,
    whichever is less.
    """

    domains: tuple[str, ...] = Field(min_length=1)
    issuers: tuple[str, ...] = ()
    min_days: float = Field(default=0, ge=0)
    min_share: float = Field(default=1, ge=0, le=1)
    port: int = Field(default=443, ge=1, le=65535)


@dataclass(frozen=True, slots=True)
class Certificate:
    """One domain's certificate; days as of the moment it was seen."""

    domain: str
    verified: bool
    error: str
    organisation: str
    name: str
    days_left: float
    lifetime_days: float
    names: tuple[str, ...] = ()
    key: str = ""


class Tls(Kind[TlsParams]):
    """A handshake per domain from the operator's machine; the chain is verified as a browser would."""

    name = "tls"
    moving = frozenset({"days_left", "share_left", "shown"})
    Params = TlsParams
    facts = FACTS
    sentences = frozenset(
        {"unverified", "staging", "foreign", "unencrypted", "uncovered", "weak", "expiring"}
    )

    def asks(self) -> tuple[Ask, ...]:
        """A handshake with each domain."""
        timeout = self.spec.timeout.total_seconds() if self.spec.timeout is not None else 10.0
        return tuple(
            TlsAsk(host=domain, port=self.params.port, timeout_s=timeout) for domain in self.params.domains
        )

    def read(self, replies: Sequence[Reply]) -> Facts:
        """Over all domains: what speaks against any, and the certificate that expires first."""
        answers = [_certificate(reply) for reply in replies]
        seen = [answer for answer in answers if isinstance(answer, Certificate)]
        unseen_one = next((answer for answer in answers if isinstance(answer, Missing)), None)
        accepted = " or ".join(self.params.issuers)
        plain = (answer for answer in answers if isinstance(answer, str))
        facts: dict[str, Fact | Missing] = {
            "reached": unseen_one or (bool(seen) and len(seen) == len(answers)),
            "unverified": tuple(
                f"the certificate of {one.domain} does not verify: {one.error}"
                for one in seen
                if not one.verified
            ),
            "staging": tuple(
                f"the certificate of {one.domain} is from a staging issuer ({one.name})"
                for one in seen
                if STAGING in one.organisation + one.name
            ),
            "foreign": tuple(
                f"the certificate of {one.domain} is issued by {one.organisation} (expected: {accepted})"
                for one in seen
                if accepted and one.organisation not in self.params.issuers
            ),
            "unencrypted": tuple(
                f"{domain}:{self.params.port} answers plain HTTP instead of TLS" for domain in plain
            ),
            "weak": tuple(why for one in seen if (why := _weak(one))),
            "expiring": tuple(why for one in seen if (why := self._expiring(one))),
            "uncovered": _uncovered(replies, seen),
            "issuers": tuple(dict.fromkeys(one.organisation for one in seen)),
        }
        if unseen_one is None and not seen:
            unseen_one = Missing(Cause.GARBLED, "no certificate was shown")
        if unseen_one is not None:
            return facts | dict.fromkeys(("days_left", "lifetime_days", "share_left", "shown"), unseen_one)
        first = min(seen, key=lambda one: one.days_left)
        left, whole = int(first.days_left), round(first.lifetime_days)
        share = round(first.days_left / first.lifetime_days, 2) if first.lifetime_days > 0 else 0.0
        shown = f"{first.domain}: {first.organisation} ({first.name}), {left} of {whole} days left"
        return facts | {"days_left": left, "lifetime_days": whole, "share_left": share, "shown": shown}

    def _expiring(self, one: Certificate) -> str:
        """Why the certificate ends too soon; empty when it does not."""
        enough = min(self.params.min_days, self.params.min_share * one.lifetime_days)
        if one.days_left >= enough:
            return ""
        left = f"has {int(one.days_left)} of {round(one.lifetime_days)} days left"
        if one.days_left < 0:
            left = f"ended {math.ceil(-one.days_left)} days ago"
        return f"the certificate of {one.domain} {left} (expected: at least {math.ceil(enough)})"

    def evidence(self, facts: Facts) -> str:
        """Nothing beside the sentences, where no certificate was shown."""
        return ""


def _weak(one: Certificate) -> str:
    """Why the key is too short (CA/Browser Forum baseline requirements, 6.1.5); empty when it is not."""
    algorithm, _, size = one.key.partition(" ")
    bits = int(size) if size.isdecimal() else 0
    least = {"rsa": 2048, "ecdsa": 256}.get(algorithm)
    if algorithm == "dsa" or (least is not None and bits < least):
        return (
            f"the certificate of {one.domain} has a key of {algorithm.upper()} {size} bits, which is too weak"
        )
    return ""


def _uncovered(replies: Sequence[Reply], seen: Sequence[Certificate]) -> tuple[str, ...]:
    """Domains whose name has no address, when the certificates of the others do not name them either."""
    found = []
    for reply in replies:
        domain = reply.ask.host if isinstance(reply.ask, TlsAsk) else ""
        absent = reply.cause is Cause.UNREACHABLE and "no host" in reply.detail
        if absent and seen and not any(_covers(name, domain) for one in seen for name in one.names):
            others = ", ".join(one.domain for one in seen)
            found.append(f"{domain} has no address, and the certificate of {others} does not name it")
    return tuple(found)


def _covers(name: str, domain: str) -> bool:
    """Whether a name in a certificate is the domain's, `*` standing for one label (RFC 6125)."""
    if name.startswith("*."):
        return domain.lower().partition(".")[2] == name[2:].lower()
    return name.lower() == domain.lower()


def _certificate(reply: Reply) -> Certificate | Missing | str:
    """The certificate; the domain alone where it answers without TLS."""
    told = ParsedReply(reply)
    domain = reply.ask.host if isinstance(reply.ask, TlsAsk) else ""
    if told.known("plain_http"):
        return domain
    verified, begins, ends = told.text("verified"), told.number("not_before"), told.number("not_after")
    if isinstance(verified, Missing):
        return Missing(verified.cause, f"{domain}: {verified.reason}")
    if isinstance(begins, Missing):
        return Missing(begins.cause, f"{domain}: {begins.reason}")
    if isinstance(ends, Missing):
        return Missing(ends.cause, f"{domain}: {ends.reason}")
    return Certificate(
        domain=domain,
        verified=verified in ("yes", "true"),
        error="".join(told.known("verify_error")[-1:]) or "does not verify",
        organisation="".join(told.known("issuer_org")[-1:]) or "no organisation",
        name="".join(told.known("issuer_cn")[-1:]) or "no name",
        days_left=(ends - reply.asked_at.timestamp()) / DAY_S,
        lifetime_days=(ends - begins) / DAY_S,
        names=tuple("".join(told.known("sans")[-1:]).split("|")),
        key="".join(told.known("key")[-1:]),
    )
