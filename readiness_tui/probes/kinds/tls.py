"""Kind `tls`: the certificates that the public names show to a stranger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.probe import Ask, Reply, TlsAsk
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply

DAY_S = 86400
STAGING = "(STAGING)"
"""What Let's Encrypt's staging issuers carry in their names."""

FACTS: dict[str, str] = {
    "reached": "True when every domain answered with a certificate; never false, but unknown.",
    "unverified": "The domains whose chain does not verify, with why; of those that answered.",
    "staging": "The domains with a certificate of a staging issuer; of those that answered.",
    "issuers": "The issuers' organisations; of those that answered.",
    "days_left": "Days until the first certificate expires.",
    "lifetime_days": "The whole lifetime of that certificate, in days.",
    "share_left": "Share of the lifetime it has left, 0 to 1.",
    "shown": "The certificate that expires first: domain, issuer, days left of how many.",
}


class TlsParams(Frozen):
    """domains: public names. port: where they answer."""

    domains: tuple[str, ...] = Field(min_length=1)
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


class Tls(Kind[TlsParams]):
    """A handshake per domain from the operator's machine; the chain is verified as a browser would."""

    name = "tls"
    Params = TlsParams
    facts = FACTS

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
        facts: dict[str, Fact | Missing] = {
            "reached": unseen_one or True,
            "unverified": tuple(f"{one.domain} ({one.error})" for one in seen if not one.verified),
            "staging": tuple(one.domain for one in seen if STAGING in one.organisation + one.name),
            "issuers": tuple(dict.fromkeys(one.organisation for one in seen)),
        }
        if unseen_one is not None:
            return facts | dict.fromkeys(("days_left", "lifetime_days", "share_left", "shown"), unseen_one)
        first = min(seen, key=lambda one: one.days_left)
        left, whole = int(first.days_left), round(first.lifetime_days)
        share = round(first.days_left / first.lifetime_days, 2) if first.lifetime_days > 0 else 0.0
        shown = f"{first.domain}: {first.organisation} ({first.name}), {left} of {whole} days left"
        return facts | {"days_left": left, "lifetime_days": whole, "share_left": share, "shown": shown}


def _certificate(reply: Reply) -> Certificate | Missing:
    told = ParsedReply(reply)
    domain = reply.ask.host if isinstance(reply.ask, TlsAsk) else ""
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
    )
