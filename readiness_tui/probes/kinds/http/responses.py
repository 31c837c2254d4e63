"""One HTTP response read as a browser would: what its headers say, and what they leave out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from readiness_tui.model.facts import Missing
from readiness_tui.model.network_asks import HttpAsk
from readiness_tui.model.probe import Reply
from readiness_tui.probes.facts import ParsedReply

PERMANENT = frozenset({301, 308})
TEMPORARY = frozenset({302, 303, 307})

CDN = {
    "cf_ray": "Cloudflare",
    "x_amz_cf_id": "CloudFront",
    "x_fastly_request_id": "Fastly",
    "x_akamai_transformed": "Akamai",
    "x_azure_ref": "Azure Front Door",
    "x_vercel_id": "Vercel",
    "x_nf_request_id": "Netlify",
    "x_served_by": "a cache (X-Served-By)",
}
"""Headers that a content network leaves, and whose they are."""


@dataclass(frozen=True, slots=True)
class Response:
    """One answer to one GET.

    closed: `refused` or `filtered` when nobody answered on the port, and that was an answer;
    status is then 0.
    """

    url: str
    told: ParsedReply
    status: int
    closed: str = ""

    @classmethod
    def of(cls, reply: Reply) -> Response | Missing:
        """The response in a reply, or why there is none."""
        told = ParsedReply(reply)
        url = reply.ask.url if isinstance(reply.ask, HttpAsk) else ""
        if closed := told.known("closed"):
            return cls(url, told, 0, closed[-1])
        status = told.number("status")
        if isinstance(status, Missing):
            return Missing(status.cause, f"{url}: {status.reason}")
        return cls(url, told, int(status))

    @property
    def path(self) -> str:
        """The path asked for."""
        return urlsplit(self.url).path or "/"

    @property
    def place(self) -> str:
        """Host and path, for people."""
        return urlsplit(self.url).netloc + self.path

    @property
    def netloc(self) -> str:
        """Host and port asked."""
        return urlsplit(self.url).netloc

    @property
    def body_sha(self) -> str:
        """The digest of the body; empty when it was not read to its end."""
        return "".join(self.told.known("body_sha")[-1:])

    @property
    def location(self) -> str:
        """Where it sends the client, as an absolute URL; empty when nowhere."""
        said = "".join(self.told.known("location")[:1])
        return urljoin(self.url, said) if said and 300 <= self.status < 400 else ""

    @property
    def is_html(self) -> bool:
        """A browser would show it as a page."""
        return (
            "".join(self.told.known("content_type")[:1])
            .lower()
            .startswith(("text/html", "application/xhtml"))
        )

    @property
    def header_names(self) -> tuple[str, ...]:
        """Every header's name once."""
        return self.told.names("header.")

    def header(self, name: str) -> tuple[str, ...] | Missing:
        """A header's values, as often as it came; missing when one was too long to be told."""
        return self.told.rows(f"header.{name.lower().replace('-', '_')}")

    def policies(self, *, own: bool = False) -> tuple[Mapping[str, str], ...] | Missing:
        """The directives of every content security policy; all of them are in force.

        own: those that the page carries in itself (`<meta http-equiv>`) count too.
        """
        values = self.header("content-security-policy")
        if isinstance(values, Missing):
            return values
        values += self.told.known("meta_csp") if own else ()
        return tuple(_directives(policy) for value in values for policy in value.split(",") if policy.strip())


def _directives(policy: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in policy.split(";"):
        name, _, value = part.strip().partition(" ")
        if name:
            found.setdefault(name.lower(), value.strip())
    return found


def insecure(response: Response) -> str:
    """Why a plain HTTP request is not sent on to HTTPS on the same host for good; else nothing."""
    if response.closed:
        return ""
    target = urlsplit(response.location)
    if response.status not in PERMANENT | TEMPORARY or not response.location:
        return f"{response.url} answers {response.status}"
    if target.scheme != "https":
        return f"{response.url} -> {response.status} {response.location[:60]}"
    if target.hostname != urlsplit(response.url).hostname:
        return f"{response.url} -> {response.status} another host: {target.hostname}"
    return ""
