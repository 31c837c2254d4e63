"""Asks that the operator's machine sends to the public endpoint: HTTP, DNS, ports."""

from __future__ import annotations

import ipaddress
import math
import re
import shlex
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from readiness_tui import bounded_regex
from readiness_tui.model.base import Frozen, digest

PORTS_AT_MOST = 60
"""Most ports to ask of one host (catalogue, section 8)."""

SAMPLE_RATE = 2.0
"""Most requests a second that a sample may send to one host (catalogue, section 2)."""

SYSTEM = "system"
"""The resolver that this machine is configured to use."""

PublicName = Annotated[str, StringConstraints(pattern=r"^[^-\s/@\x00-\x1f][^\s/@\x00-\x1f]{0,252}$")]
"""A host name or address. It cannot begin with a hyphen, so no command takes it for an option."""

Port = Annotated[int, Field(ge=1, le=65535)]
RecordType = Literal["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SOA", "SRV", "TXT"]


def public_url(text: str) -> str:
    """Return the text if it is a valid http or https URL. Raises ValueError with what is wrong."""
    if not re.fullmatch(r"[!-~]{1,2048}", text):
        raise ValueError("a URL has no spaces and only ASCII characters")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"not a URL: {text!r} (write https://name/path)")
    if "@" in parts.netloc:
        raise ValueError("a URL must not contain credentials: they would be stored and shown")
    if parts.port == 0:
        raise ValueError("not a port: 0")
    return text


def server(text: str) -> tuple[str, int] | None:
    """The address and port of a resolver: `system` (None), `1.1.1.1`, `127.0.0.1:5353`, `[::1]:5353`.

    Raises ValueError for anything else. A resolver cannot be given by name, because resolving the name
    would need a resolver.
    """
    if text == SYSTEM:
        return None
    match = re.fullmatch(r"\[([^\]]+)\]:(\d{1,5})|([\d.]+):(\d{1,5})|(.+)", text)
    if match is None:
        raise ValueError(f"not a resolver: {text!r}")
    address, port = match[1] or match[3] or match[5], int(match[2] or match[4] or 53)
    try:
        ipaddress.ip_address(address)
    except ValueError:
        raise ValueError(f"not a resolver: {text!r} (write `system` or an address)") from None
    if not 0 < port < 65536:
        raise ValueError(f"not a port: {port}")
    return address, port


def _resolver(text: str) -> str:
    server(text)
    return text


PublicUrl = Annotated[str, AfterValidator(public_url)]
Pattern = Annotated[str, AfterValidator(bounded_regex.check)]
ResolverText = Annotated[str, AfterValidator(_resolver)]


class Sample(Frozen):
    """Further requests after a first one that warms up the connection. n: their number; rate: the most per
    second.
    """

    n: int = Field(ge=1, le=50)
    rate: float = Field(default=SAMPLE_RATE, gt=0, le=SAMPLE_RATE)


class HttpAsk(Frozen):
    """One GET request. Redirects are not followed, proxies of the environment are ignored.

    body, deny: regular expressions to search for in the body. origin: the value of the Origin header
    (CORS). sample: further requests to measure response times. closed: report a refused connection as the
    fact `closed`, not as an error. timeout_s: seconds for all requests.

    Facts: status, location, content_type, body_len, body_sha, words, meta_csp, connect_ms, tls_ms,
    ttfb_ms; `header.<name>` in lower case with `_` for anything but letters and digits, once for each
    occurrence, cookies without values; body_match; deny_match, deny_text; n, p50_ms, p95_ms, statuses
    (`200 x20`), stopped.
    """

    kind: Literal["http"] = "http"
    url: PublicUrl
    body: Pattern = ""
    deny: Pattern = ""
    origin: str = ""
    sample: Sample | None = None
    closed: bool = False
    timeout_s: float = Field(default=10.0, gt=0)

    @property
    def host(self) -> str:
        """The host name of the URL. Rate limits apply to each host."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """The port of the URL."""
        parts = urlsplit(self.url)
        return parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def digest(self) -> str:
        """Identifies the ask."""
        sample = f"{self.sample.n}/{self.sample.rate:g}" if self.sample else ""
        more = f"\0{self.deny}\0{self.origin}" if self.deny or self.origin else ""
        return digest(f"http\0{self.url}\0{self.body}\0{sample}\0{self.closed}{more}")

    @property
    def command(self) -> str:
        """The command with which an operator can repeat the check."""
        more = f"  # then {self.sample.n} more, {self.sample.rate:g} a second" if self.sample else ""
        origin = f" -H {shlex.quote(f'Origin: {self.origin}')}" if self.origin else ""
        return (
            f"curl -sS --noproxy '*' -A readiness-tui{origin} --max-time 10 -D - -o /dev/null"
            f" -w '%{{http_code}} %{{redirect_url}} %{{time_connect}} %{{time_starttransfer}}\\n'"
            f" {shlex.quote(self.url)}{more}"
        )


class DnsAsk(Frozen):
    """The records of a name, from one resolver.

    resolver: `system` or an address, with a port if it is not 53. Facts: rcode (`NOERROR` or `NXDOMAIN`),
    and for each type its records and `ttl_<type>`. A type without records has neither; `!<type>` means
    that the resolver did not answer for it.
    """

    kind: Literal["dns"] = "dns"
    name: PublicName
    types: tuple[RecordType, ...] = Field(default=("A", "AAAA"), min_length=1)
    resolver: ResolverText = SYSTEM
    timeout_s: float = Field(default=6.0, gt=0)

    @property
    def server(self) -> tuple[str, int] | None:
        """The resolver's address and port; None for the system's resolver."""
        return server(self.resolver)

    @property
    def digest(self) -> str:
        """Identifies the ask."""
        return digest(f"dns\0{self.name}\0{','.join(self.types)}\0{self.resolver}")

    @property
    def command(self) -> str:
        """The command with which an operator can repeat the check."""
        where = f" @{self.server[0]} -p {self.server[1]}" if self.server else ""
        name = shlex.quote(self.name)
        return f"dig{where} +noall +answer +comments " + " ".join(f"{name} {kind}" for kind in self.types)


class PortsAsk(Frozen):
    """A TCP connection to each port on each address of a host, closed at once.

    wait_s: seconds to wait for each connection. timeout_s: seconds for all of them. Facts: address (each
    address tried), unreachable (`address|why`), skipped (addresses above the limit), open (a port on any
    address), open_at (`port|address`), closed_count, filtered_count, asked_count.
    """

    kind: Literal["ports"] = "ports"
    host: PublicName
    ports: tuple[Port, ...] = Field(min_length=1, max_length=PORTS_AT_MOST)
    wait_s: float = Field(default=2.0, gt=0)
    timeout_s: float = Field(default=60.0, gt=0)

    @property
    def digest(self) -> str:
        """Identifies the ask."""
        return digest(f"ports\0{self.host}\0{','.join(map(str, self.ports))}")

    @property
    def command(self) -> str:
        """The command with which an operator can repeat the check."""
        ports = " ".join(map(str, self.ports))
        return f"for p in {ports}; do nc -zvw {math.ceil(self.wait_s)} {shlex.quote(self.host)} $p; done"


class OutsideAsk(Frozen):
    """A TCP connection from the operator's machine to each port of a host, at the address it is logged in to.

    ports: unlisted ones; none in a plan, because the host's own rules decide which are unlisted.
    wait_s: seconds to wait for each. timeout_s: for all of them.
    Facts: outside (`unsupported` where nothing was tried, such as behind a jump host), address,
    accepted (a port), reset (a port that answers with a reset), silent (a port that is filtered:
    no answer, or one of ICMP).
    """

    kind: Literal["outside"] = "outside"
    ports: tuple[Port, ...] = Field(default=(), max_length=PORTS_AT_MOST)
    wait_s: float = Field(default=1.5, gt=0)
    timeout_s: float = Field(default=20.0, gt=0)

    @property
    def digest(self) -> str:
        """Identifies the ask."""
        return digest(f"outside\0{','.join(map(str, self.ports))}")

    @property
    def command(self) -> str:
        """What an operator can type to see the same."""
        ports = " ".join(map(str, self.ports)) or "PORT PORT PORT"
        return f"for p in {ports}; do nc -zvw {math.ceil(self.wait_s)} HOST $p; done"
