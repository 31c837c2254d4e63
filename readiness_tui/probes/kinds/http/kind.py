"""Kind `http`: what public addresses answer to a stranger's GET: status, headers, redirect, times."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from readiness_tui.model.base import Frozen, digest
from readiness_tui.model.facts import Facts, Missing, plain
from readiness_tui.model.network_asks import (
    HttpAsk,
    Pattern,
    Port,
    PortsAsk,
    PublicName,
    PublicUrl,
    Sample,
)
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, first_missing
from readiness_tui.probes.kinds.http import problems
from readiness_tui.probes.kinds.http.answers import (
    against,
    header_facts,
    redirect_facts,
    status_facts,
    time_facts,
)
from readiness_tui.probes.kinds.http.headers import FOREIGN, RULES
from readiness_tui.probes.kinds.http.responses import Response

TIMEOUT_S = 10.0
SLOW_S = 2.5
"""Seconds a request of a sample may take on average; a slower service is not measured to the end."""

FACTS: dict[str, str] = {
    "status": "The status, when all addresses answer alike; else each that came, as a list.",
    "statuses": "Every status that came, those of the sample included.",
    "unexpected": "The addresses whose status is not among `expect`; of those that answered.",
    "successes": "The addresses that answered 2xx; of those that answered.",
    "fallback": "The addresses made up by chance that still answered 2xx (with `control`).",
    "body_match": "Whether every body has what `body` looks for.",
    "location": "Where the addresses send the client.",
    "redirect_host": "The hosts they send it to.",
    "https": "Whether every address redirects to https.",
    "insecure": "The addresses that do not redirect to https on the same host; of those that answered.",
    "temporary": "The addresses that redirect for the time being only (302, 303, 307).",
    "closed": "The addresses whose port is closed (with `closed`).",
    "lacking": "Required headers that are missing or do not say what they must, with where.",
    "hsts_max_age": "The lowest Strict-Transport-Security, in seconds; 0 where it is missing.",
    "nosniff": "Whether every response has X-Content-Type-Options nosniff.",
    "frame_options": "X-Frame-Options of the responses, `none` where it is missing.",
    "frame_ancestors": "frame-ancestors of their policies, `none said` where it is missing.",
    "csp": "Content-Security-Policy of the responses, `none` where it is missing.",
    "html_without_csp": "The pages without a Content-Security-Policy.",
    "referrer_policy": "Referrer-Policy of the responses, `none` where it is missing.",
    "server": "Server of the responses, `none` where it is missing.",
    "content_type": "Content-Type of the responses, `none` where it is missing.",
    "cache_control": "Cache-Control of the responses, `none` where it is missing.",
    "header_names": "Every header's name, lower-case with `_`, that any response has.",
    "cdn": "The content networks that left a header.",
    "cookies": "The cookies set, without their values.",
    "weak_cookies": "Cookies that look like a session's and lack Secure, HttpOnly or SameSite.",
    "connect_ms": "The slowest connection, its name looked up, in milliseconds.",
    "ttfb_ms": "The slowest first byte from the beginning on, in milliseconds.",
    "p50_ms": "The slowest address's median first byte once connected (with `sample`).",
    "p95_ms": "The slowest address's 95th percentile of the same (with `sample`).",
    "words": "The fewest words that a page of these addresses has.",
    "words_shown": "How many words each page has, in a few words.",
    "front": "Whose network is in front of the addresses, in a few words.",
    "status_problems": "Statuses that are not among `expect`, a sentence each.",
    "time_problems": "Answers that took longer than `max_ms`, a sentence each.",
    "body_problems": "Bodies without `body`, or with `deny`, a sentence each.",
    "control_problems": "Addresses that answer as a path that nobody has, a sentence each.",
    "redirect_problems": "Plain HTTP addresses that are not sent on to HTTPS, a sentence each.",
    "header_problems": "Security headers that are missing or too weak, a sentence each.",
    "page_problems": "Pages in which a foreign script would run, a sentence each.",
    "cookie_problems": "Session cookies without guards, and CORS that lets any site in, a sentence each.",
    "access_problems": "Addresses that answer a stranger with their content, a sentence each.",
    "place_problems": "Addresses that are on a host of `apart_from`, a sentence each.",
    "shown": "Each address with its status and redirect, in a few words.",
}


class HttpParams(Frozen):
    """urls: whole addresses. Or domains, each with all paths, by `scheme` (and `port`).

    expect: statuses that are right. body, deny: regular expressions of what a body must have, and
    must not have. max_ms: milliseconds within which an answer must begin. control: also ask each host
    for a path that cannot exist. closed: a closed port is an answer. sample: times of more requests.
    required, profile: the security headers that count. allow_temporary: 302, 303 and 307 are redirects
    too. cors: ask as a page of a foreign site does. apart_from: hosts that the addresses must not be on.
    """

    urls: tuple[PublicUrl, ...] = ()
    domains: tuple[PublicName, ...] = ()
    paths: tuple[str, ...] = ("/",)
    scheme: Literal["https", "http"] = "https"
    port: Port | None = None
    expect: tuple[int, ...] = Field(default=(200,), min_length=1)
    body: Pattern = ""
    deny: Pattern = ""
    max_ms: int | None = Field(default=None, ge=1)
    allow_temporary: bool = False
    cors: bool = False
    apart_from: tuple[str, ...] = ()
    control: bool = False
    closed: bool = False
    sample: Sample | None = None
    required: tuple[str, ...] = tuple(RULES)
    profile: Literal["web", "api"] = "web"

    @model_validator(mode="after")
    def _asks_somebody(self) -> HttpParams:
        for url in self.addresses:
            HttpAsk(url=url)
        if not self.addresses and not self.domains:
            raise ValueError("an http probe needs `urls` or `domains`")
        if not self.addresses:
            raise ValueError("no path is given to ask for")
        return self

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every URL, once."""
        port = f":{self.port}" if self.port else ""
        made = (
            f"{self.scheme}://{f'[{host}]' if ':' in host else host}{port}/{path.removeprefix('/')}"
            for host in self.domains
            for path in self.paths
        )
        return tuple(dict.fromkeys((*self.urls, *made)))

    @property
    def controls(self) -> tuple[str, ...]:
        """A URL on each host that nobody can have made; the same every time, so that it is asked once."""
        if not self.control:
            return ()
        roots = dict.fromkeys("{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in self.addresses)
        return tuple(f"{root}/rtui-{digest(root).removeprefix('sha256:')[:12]}" for root in roots)

    @property
    def doubted(self) -> tuple[str, ...]:
        """The hosts of which silence on a port would be an answer, if they are there at all."""
        hosts = (urlsplit(url).hostname or "" for url in self.addresses if self.closed)
        return tuple(dict.fromkeys(hosts))


class Http(Kind[HttpParams]):
    """A GET per address from the operator's machine; what speaks against any of them counts."""

    name = "http"
    moving = frozenset({"connect_ms", "ttfb_ms", "p50_ms", "p95_ms"})
    Params = HttpParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """A GET per address and control; where a closed port is an answer, also port 443 of each host."""
        p = self.params
        first_s = self.spec.timeout.total_seconds() if self.spec.timeout is not None else TIMEOUT_S
        more_s = p.sample.n * (1 / p.sample.rate + SLOW_S) if p.sample else 0.0
        gets = [
            HttpAsk(
                url=url,
                body=p.body,
                deny=p.deny,
                origin=FOREIGN if p.cors else "",
                sample=p.sample,
                closed=p.closed,
                timeout_s=first_s + more_s,
            )
            for url in p.addresses
        ]
        controls = [HttpAsk(url=url, timeout_s=first_s) for url in p.controls]
        return (*gets, *controls, *(PortsAsk(host=host, ports=(443,)) for host in p.doubted))

    def read(self, replies: Sequence[Reply]) -> Facts:
        """Over all addresses; with one unseen, only what speaks against others is known."""
        p = self.params
        split = len(p.addresses), len(p.addresses) + len(p.controls)
        up = {host for host, reply in zip(p.doubted, replies[split[1] :], strict=True) if _answers(reply)}
        answers = [_answer(reply, up) for reply in replies[: split[0]]]
        strays = [_answer(reply, up) for reply in replies[split[0] : split[1]]]
        seen = [one for one in answers if isinstance(one, Response)]
        made_up = [one for one in strays if isinstance(one, Response)]
        unseen, unseen_any = first_missing(answers), first_missing((*answers, *strays))
        everything = [one for one in (*seen, *made_up) if not one.closed]
        found = (one.url for one in made_up if 200 <= one.status < 300)
        opened = [one for one in seen if not one.closed]
        return {
            "status_problems": problems.of_status(seen, p.expect, unseen),
            "time_problems": problems.of_time(opened, p.max_ms, unseen),
            "body_problems": problems.of_body(opened, p.body, p.deny, unseen),
            "control_problems": problems.of_control(opened, made_up, unseen_any),
            "redirect_problems": problems.of_redirects(seen, p.allow_temporary, unseen),
            "header_problems": problems.of_headers(everything, p.required, p.profile, unseen_any),
            "page_problems": problems.of_pages(everything, unseen_any),
            "cookie_problems": problems.of_cookies(everything, unseen_any),
            "access_problems": problems.of_access(opened, made_up, p.deny, unseen_any),
            "place_problems": problems.of_place(p.addresses, p.apart_from),
            **status_facts(seen, unseen, p.expect),
            **redirect_facts(seen, unseen),
            **header_facts(everything, unseen_any, p.required, p.profile),
            **time_facts(seen, unseen, p.sample is not None),
            "fallback": against(found, first_missing(strays)),
        }

    def evidence(self, facts: Facts) -> str:
        """Each address with what it answered."""
        shown = facts["shown"]
        return "" if isinstance(shown, Missing) else plain(shown)


def _answers(reply: Reply) -> bool:
    """Port 443 of the host is open, so that silence on another port is its firewall's."""
    return "443" in ParsedReply(reply).known("open")


def _answer(reply: Reply, up: Collection[str]) -> Response | Missing:
    """The response; a closed port counts as one only when the host answers on port 443."""
    response = Response.of(reply)
    if isinstance(response, Missing) or not response.closed or urlsplit(response.url).hostname in up:
        return response
    if response.closed == "filtered":
        return Missing(Cause.TIMEOUT, f"{response.url}: no answer, nor on port 443")
    return Missing(Cause.UNREACHABLE, f"{response.url}: the port is closed, and so is port 443")
