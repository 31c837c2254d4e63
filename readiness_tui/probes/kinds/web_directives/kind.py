"""Kind `web-directives`: the limits, logs and upstreams that nginx or Apache has in force for a domain."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, field_validator

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, fields, first_missing
from readiness_tui.probes.kinds.web_directives import limits, logs
from readiness_tui.probes.kinds.webconf import nginx_targets
from readiness_tui.probes.kinds.webconf.kind import FILES
from readiness_tui.probes.kinds.webconf.nginx_locations import Route
from readiness_tui.probes.kinds.webconf.patterns import PatternError
from readiness_tui.probes.kinds.webconf.sites import Site, site
from readiness_tui.probes.sentences import SentenceKind, settle

FACTS: dict[str, str] = {
    "size_problems": "Where request bodies may be larger than `max_body`, a sentence each.",
    "size": "The largest request body that is accepted, in words.",
    "rate_limits": "The limits of request rate or connections in force at `paths`, in words.",
    "rate": "The same as one text; why no limit is in force where there is none.",
    "error_log_problems": "Where errors are not logged, a sentence each.",
    "errors_go": "Where errors are logged, in words.",
    "upstreams": "The servers behind each domain, in words.",
}


class WebDirectivesParams(Frozen):
    """domains, port, tls_port, path, config: as for `webconf`, so that both ask the same.

    paths: where limits of rate are looked at. max_body: the largest request body, such as 10m.
    """

    domains: tuple[str, ...] = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    tls_port: int = Field(default=443, ge=1, le=65535)
    path: str = Field(default="/health", pattern=r"^/[\w./~%+-]*$")
    config: str = ""
    paths: tuple[str, ...] = ("/",)
    max_body: str = "10m"

    @field_validator("max_body")
    @classmethod
    def _a_size(cls, text: str) -> str:
        if not limits.size(text):
            raise ValueError(f"not a size: {text!r} (write 10m or 10485760)")
        return text


class WebDirectives(SentenceKind[WebDirectivesParams]):
    """Reads what the running server has loaded; files changed since are not what it does."""

    name = "web-directives"
    Params = WebDirectivesParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """The configuration, and the requests that tell which server answers."""
        p = self.params
        files = collect(FILES, *([p.config] if p.config else []), spec=self.spec)
        where = (str(p.port), str(p.tls_port), p.path, *p.domains)
        return files, collect("proxy.request", *where, spec=self.spec)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """What is in force for every domain; a site that cannot be told makes its facts missing."""
        p = self.params
        files, got = ParsedReply(replies[0]), ParsedReply(replies[1])
        sites = [site(files, got, domain, p.tls_port) for domain in p.domains]
        known = [one for one in sites if isinstance(one, Site)]
        unseen = first_missing(sites)
        facts: dict[str, Fact | Missing] = {
            "size_problems": limits.size_problems(sites, limits.size(p.max_body) or 0),
            "size": unseen or limits.size_shown(known),
            "upstreams": unseen or _upstreams(known, p.path),
        }
        return facts | self._rates(sites, known, got) | _errors(sites, known)

    def _rates(
        self, sites: Sequence[Site | Missing], known: Sequence[Site], got: ParsedReply
    ) -> dict[str, Fact | Missing]:
        found: list[str] = []
        missing = first_missing(sites)
        for one in known:
            try:
                told = limits.rate(one, self.params.paths)
            except PatternError as error:
                told = Missing(Cause.UNSUPPORTED, f"{one.server}: {error}")
            if isinstance(told, Missing):
                missing = missing or told
            else:
                found += told
        for row in got.known("answer"):
            names = fields(row, 11)[7]
            if match := limits.RATE_HEADERS.search(names):
                found.append(f"answers carry the header {match[1]}")
        if found:
            limits_found = tuple(dict.fromkeys(found))
            return {"rate_limits": limits_found, "rate": "; ".join(limits_found)}
        why = missing or Missing(Cause.UNSUPPORTED, "; ".join(limits.unused(one) for one in known))
        return {"rate_limits": why, "rate": why}


def _errors(sites: Sequence[Site | Missing], known: Sequence[Site]) -> dict[str, Fact | Missing]:
    told = [logs.error_log(one) for one in known]
    doubts = [one for one in (*sites, *told) if isinstance(one, Missing)]
    problems = [one for one in told if isinstance(one, str) and one]
    shown = "; ".join(logs.error_log_shown(one) for one in known)
    return {"error_log_problems": settle(problems, doubts), "errors_go": first_missing(sites) or shown}


def _upstreams(known: Sequence[Site], path: str) -> str | Missing:
    """How many servers are behind each domain, and which."""
    parts = []
    for one in known:
        if one.doubt is not None:
            return one.doubt
        if one.kind != "nginx":
            return Missing(Cause.UNSUPPORTED, f"the servers behind {one.server} are not told apart")
        try:
            scope = one.at(path)
        except PatternError as error:
            return Missing(Cause.UNSUPPORTED, f"{one.server}: {error}")
        handler = next((s for s in scope.chain[-1].inner if s.name == scope.handler), None)
        places = nginx_targets.places(Route(scope.chain[1:], handler), one.domain)
        if places is None:
            return Missing(Cause.UNSUPPORTED, f"where {one.server} passes {one.domain} cannot be told")
        count = f"{len(places)} server{'' if len(places) == 1 else 's'}"
        parts.append(f"{one.domain} is served by {count}: {', '.join(places[:4]) or one.server + ' itself'}")
    return "; ".join(parts)
