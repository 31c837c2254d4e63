"""DNS: a name's records from one resolver, over UDP, and over TCP if an answer is truncated."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import dns.asyncresolver
import dns.exception
import dns.name
import dns.rcode
import dns.resolver

from readiness_tui.errors import TransportError
from readiness_tui.model.network_asks import DnsAsk
from readiness_tui.model.outcome import Cause
from readiness_tui.transports.network.contract import Lines, Trust
from readiness_tui.transports.sockets import words

SHARE = 0.9
"""The fraction of the ask's time for one type, so that an unanswered type leaves time for the others."""

RECORDS = 100
"""Most records of a type that are reported."""


class _Unanswered(Exception):  # noqa: N818 - an answer that did not come, not an error of ours
    """A type that the resolver did not answer. cause, reason: for the fact `!type=reason`."""

    def __init__(self, cause: Cause, reason: str) -> None:
        super().__init__(reason)
        self.cause = cause
        self.reason = reason


async def look(ask: DnsAsk, trust: Trust) -> Lines:
    """Ask for every type. Raises TransportError if the resolver answered for none of them.

    That the name does not exist, or has no record of a type, is an answer.
    """
    resolver = _resolver(ask)
    try:
        name = dns.name.from_text(ask.name)
    except dns.exception.DNSException as error:
        raise TransportError(f"not a name: {ask.name!r}: {error}", cause=Cause.GARBLED) from error
    asked = (_records(resolver, name, kind, ask.timeout_s * SHARE) for kind in ask.types)
    answers = await asyncio.gather(*asked)
    refusals = [answer for answer in answers if isinstance(answer, _Unanswered)]
    if len(refusals) == len(answers):
        raise TransportError(
            f"resolver {ask.resolver}: {refusals[0].reason}",
            cause=refusals[0].cause,
            hint="check that it can be reached from here and answers this machine",
        )
    lines: list[tuple[str, str]] = []
    for kind, answer in zip(ask.types, answers, strict=True):
        if isinstance(answer, _Unanswered):
            lines.append((f"!{kind}", answer.reason))
        elif answer is not None and answer.rrset is not None:
            rows = sorted(record.to_text() for record in answer.rrset)
            lines += ((kind, row) for row in rows[:RECORDS])
            lines.append((f"ttl_{kind}", str(answer.rrset.ttl)))
    # Some servers answer NXDOMAIN if the name only has no record of one type.
    nowhere = None in answers and not any(name in ask.types for name, _ in lines)
    return [("rcode", "NXDOMAIN" if nowhere else "NOERROR"), *lines]


def _resolver(ask: DnsAsk) -> dns.asyncresolver.Resolver:
    if (server := ask.server) is not None:
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers = [server[0]]
        resolver.port = server[1]
        return resolver
    try:
        return dns.asyncresolver.Resolver()
    except dns.resolver.NoResolverConfiguration as error:
        message = "this machine has no resolver configured"
        hint = "set one in the resolvers parameter, such as 1.1.1.1"
        raise TransportError(message, cause=Cause.NOT_CONFIGURED, hint=hint) from error


async def _records(
    resolver: dns.asyncresolver.Resolver, name: dns.name.Name, kind: str, lifetime_s: float
) -> dns.resolver.Answer | _Unanswered | None:
    """The answer for one type, with records None if there are none; None: no such name."""
    try:
        async with asyncio.timeout(lifetime_s):  # the library's own limit does not include its pauses
            return await resolver.resolve(
                name, kind, raise_on_no_answer=False, lifetime=lifetime_s, search=False
            )
    except dns.resolver.NXDOMAIN:
        return None
    except (dns.resolver.LifetimeTimeout, TimeoutError):
        return _Unanswered(Cause.TIMEOUT, f"timeout after {lifetime_s:.1f} s")
    except dns.resolver.NoNameservers as error:
        return _unanswered(error.kwargs["errors"])
    except (dns.exception.DNSException, OSError) as error:
        return _Unanswered(Cause.ERROR, words(error))


def _unanswered(errors: Sequence[tuple[object, ...]]) -> _Unanswered:
    """The last server's answer; each error is (server, by TCP, port, exception or code, response)."""
    answer = errors[-1][3] if errors else "no answer"
    if answer == "REFUSED":
        return _Unanswered(Cause.DENIED, "denied: REFUSED")
    if isinstance(answer, OSError):
        return _Unanswered(Cause.UNREACHABLE, f"no-connection: {words(answer)}")
    if isinstance(answer, Exception):
        return _Unanswered(Cause.GARBLED, f"not understood: {answer}")
    return _Unanswered(Cause.ERROR, str(answer))
