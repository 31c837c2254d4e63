"""Asks and replies: what a probe needs from a transport, and what came back. Also the probe protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol, runtime_checkable

from pydantic import BaseModel, Field

from readiness_tui.model.base import Frozen, Moment, digest
from readiness_tui.model.monitoring_asks import PrometheusAsk
from readiness_tui.model.network_asks import DnsAsk, HttpAsk, OutsideAsk, PortsAsk
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.model.privilege import Privilege


class CollectorAsk(Frozen):
    """Run a collector on a host.

    collector: its name, for display. script: its POSIX sh text, sent on standard input, never in an
    argument. args: visible in `ps` on the host, so never secret. timeout_s: seconds. privilege: what it
    needs on the host.
    """

    kind: Literal["collector"] = "collector"
    collector: str
    script: str
    args: tuple[str, ...] = ()
    timeout_s: float = Field(default=15.0, gt=0)
    privilege: Privilege = Privilege()

    @cached_property
    def digest(self) -> str:
        """Identifies the ask. Asks with the same digest are sent once to each host."""
        return digest("\0".join((self.collector, self.script, *self.args)))

    @property
    def command(self) -> str:
        """The text shown in the plan and on the detail screen."""
        return " ".join((self.collector, *self.args))


class LinkAsk(Frozen):
    """Facts about the connection itself, known to the transport.

    Facts: transport, auth_method, key_type, user, server_version.
    """

    kind: Literal["link"] = "link"
    timeout_s: float = Field(default=5.0, gt=0)

    @property
    def digest(self) -> str:
        """Identifies the ask."""
        return digest("link")

    @property
    def command(self) -> str:
        """The text shown in the plan and on the detail screen."""
        return "the connection itself"


class TlsAsk(Frozen):
    """A TLS handshake from the operator's machine to `host`:`port`.

    Facts: plain_http alone if the port answers without TLS; else verified, verify_error, sans,
    issuer_org, issuer_cn, subject, not_before, not_after (seconds since 1970), key, protocol.
    """

    kind: Literal["tls"] = "tls"
    host: str
    port: int = Field(default=443, ge=1, le=65535)
    timeout_s: float = Field(default=10.0, gt=0)

    @property
    def digest(self) -> str:
        """Identifies the ask."""
        return digest(f"tls\0{self.host}\0{self.port}")

    @property
    def command(self) -> str:
        """The command with which an operator can repeat the check."""
        return (
            f"openssl s_client -connect {self.host}:{self.port} -servername {self.host} -verify_return_error"
        )


Ask = CollectorAsk | LinkAsk | TlsAsk | HttpAsk | DnsAsk | PortsAsk | OutsideAsk | PrometheusAsk


def asked(asks: Sequence[Ask]) -> str:
    """The digest of the asks that an outcome was judged by, in their order (`Outcome.asked`)."""
    return digest("\0".join(ask.digest for ask in asks))


class Reply(Frozen):
    """The reply to one ask.

    stdout: cleaned text; its `name=value` and `!name=reason` lines are facts. exit: the collector's exit
    status, None if it did not end. cause: set if the check was not possible; detail and hint say why and
    what to do. clipped: the output was truncated at the limit. took_ms: milliseconds.
    """

    host: str
    ask: Ask = Field(discriminator="kind")
    asked_at: Moment
    took_ms: int = 0
    stdout: str = ""
    stderr: str = ""
    exit: int | None = None
    cause: Cause | None = None
    detail: str = ""
    hint: str = ""
    clipped: bool = False


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """A probe's conclusion from its replies. The engine makes an outcome of it."""

    verdict: Verdict
    cause: Cause | None = None
    evidence: str = ""
    hint: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    steady: str = ""


class Probe(Protocol):
    """A probe kind with its parameters. Both methods are pure."""

    def asks(self) -> tuple[Ask, ...]:
        """What the probe asks of one host, at least one ask."""
        ...

    def judge(self, replies: Sequence[Reply]) -> ProbeResult:
        """Judge one reply per ask, in the order of `asks()`."""
        ...


@runtime_checkable
class FollowUpProbe(Probe, Protocol):
    """A probe that may send further asks, once, depending on its first replies."""

    def announced(self) -> tuple[Ask, ...]:
        """The further asks as far as they are known in advance, for the plan. Unknown arguments are words in
        capitals.
        """
        ...

    def follow_up(self, replies: Sequence[Reply]) -> tuple[Ask, ...]:
        """The further asks. `judge` gets their replies after those of `asks()`. Pure."""
        ...


@dataclass(frozen=True, slots=True)
class KindSchema:
    """What the checklist reader needs in order to check the use of a probe kind.

    params: the model of its parameters. facts: the fact names that its conditions may use.
    """

    params: type[BaseModel]
    facts: tuple[str, ...]
