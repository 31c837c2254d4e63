"""Asks and replies: what a probe needs from a transport and what came back, and the probe itself."""

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

    collector: its name, for people. script: its POSIX sh text, sent on standard input, never in
    an argument. args: visible in `ps` on the host, so never a secret. timeout_s: seconds.
    privilege: what it needs on the host.
    """

    kind: Literal["collector"] = "collector"
    collector: str
    script: str
    args: tuple[str, ...] = ()
    timeout_s: float = Field(default=15.0, gt=0)
    privilege: Privilege = Privilege()

    @cached_property
    def digest(self) -> str:
        """Identifies the ask: the same text with the same arguments is asked once a host."""
        return digest("\0".join((self.collector, self.script, *self.args)))

    @property
    def command(self) -> str:
        """What the plan and the detail screen show."""
        return " ".join((self.collector, *self.args))


class LinkAsk(Frozen):
    """What the transport knows of the connection itself (who, by which method).

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
        """What the plan and the detail screen show."""
        return "the connection itself"


class TlsAsk(Frozen):
    """A TLS handshake from the operator's machine to `host`:`port`.

    Facts: plain_http alone, where the port answers without TLS; else verified, verify_error, sans,
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
        """What an operator can type to see the same."""
        return (
            f"openssl s_client -connect {self.host}:{self.port} -servername {self.host} -verify_return_error"
        )


Ask = CollectorAsk | LinkAsk | TlsAsk | HttpAsk | DnsAsk | PortsAsk | OutsideAsk | PrometheusAsk


def asked(asks: Sequence[Ask]) -> str:
    """Identifies what an outcome was judged by: its asks, in their order (`Outcome.asked`)."""
    return digest("\0".join(ask.digest for ask in asks))


class Reply(Frozen):
    """What came back for one ask.

    stdout: cleaned text; facts are its `name=value` and `!name=reason` lines. exit: the
    collector's own status, None when it never ended. cause: set when nobody could look; detail
    and hint say why and what to do. clipped: output was cut at the cap. took_ms: milliseconds.
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
    """What a probe concludes from its replies; the engine makes an outcome of it."""

    verdict: Verdict
    cause: Cause | None = None
    evidence: str = ""
    hint: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    steady: str = ""


class Probe(Protocol):
    """A kind with its parameters. Both methods are pure."""

    def asks(self) -> tuple[Ask, ...]:
        """What it needs from one host, at least one ask."""
        ...

    def judge(self, replies: Sequence[Reply]) -> ProbeResult:
        """The finding from one reply per ask, in the order of `asks()`."""
        ...


@runtime_checkable
class FollowUpProbe(Probe, Protocol):
    """A probe whose first replies decide what else to ask, once."""

    def announced(self) -> tuple[Ask, ...]:
        """The further asks as far as they are known beforehand, unknown words in capitals: for the plan."""
        ...

    def follow_up(self, replies: Sequence[Reply]) -> tuple[Ask, ...]:
        """Further asks; `judge` then gets their replies after those of `asks()`. Pure."""
        ...


@dataclass(frozen=True, slots=True)
class KindSchema:
    """What a checklist's reader must know of a probe kind to check its use.

    params: the model of its parameters; facts: the names its conditions may speak of.
    """

    params: type[BaseModel]
    facts: tuple[str, ...]
