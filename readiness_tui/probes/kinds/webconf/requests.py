"""What requests through the proxy and straight to the application were answered, and how they compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from readiness_tui.probes.facts import ParsedReply, fields

_COMMON = frozenset(
    {
        *("server", "date", "connection", "transfer-encoding", "keep-alive", "vary", "location", "etag"),
        *("content-type", "content-length", "content-encoding", "content-security-policy"),
        *("last-modified", "accept-ranges", "cache-control", "expires", "set-cookie", "allow"),
        *("strict-transport-security", "x-content-type-options", "x-frame-options"),
        *("referrer-policy", "permissions-policy", "access-control-allow-origin"),
    }
)
"""Header names that say nothing of who sent them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. digest: of the body; shape: of its JSON keys, or of the text without digits."""

    status: int
    type: str
    location: str
    server: str
    headers: frozenset[str]
    digest: str
    shape: str

    def equals(self, other: Answer) -> bool:
        """The same status, type and body."""
        return (self.status, self.type, self.digest) == (other.status, other.type, other.digest)

    def resembles(self, other: Answer) -> bool:
        """The same status and type, and a body that differs at most in its values."""
        return (self.status, self.type, self.shape) == (other.status, other.type, other.shape)


@dataclass(frozen=True, slots=True)
class Requests:
    """The answers of one domain by way and path (`health`, `other`), and why others have none."""

    answers: Mapping[tuple[str, str], Answer]
    failed: Mapping[tuple[str, str], str]

    def marked(self, way: str) -> bool:
        """Whether an answer has a header that only the application sends."""
        own = frozenset[str]().union(*(a.headers for (w, _), a in self.answers.items() if w == "direct"))
        got = frozenset[str]().union(*(a.headers for (w, _), a in self.answers.items() if w == way))
        return bool((own - _COMMON) & got)


def requests(told: ParsedReply, domain: str) -> Requests:
    """Everything that proxy.request told of one domain."""
    answers: dict[tuple[str, str], Answer] = {}
    for row in told.known("answer"):
        name, way, which, status, kind, place, server, headers, _, digest, shape = fields(row, 11)
        if name == domain and status.isdecimal():
            names = frozenset(headers.split(","))
            answers[way, which] = Answer(int(status), kind, place, server, names, digest, shape)
    rows = [fields(row, 4) for row in told.known("failed")]
    return Requests(answers, {(way, which): why for name, way, which, why in rows if name == domain})
