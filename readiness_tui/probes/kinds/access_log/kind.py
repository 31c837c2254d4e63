"""Kind `access-log`: what the log of the domain tells of errors and times, and whether requests reach it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from pydantic import Field

from readiness_tui.model.base import Duration, Frozen
from readiness_tui.model.facts import Facts, Missing
from readiness_tui.model.probe import Ask, CollectorAsk, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds.access_log import figures, marked
from readiness_tui.probes.kinds.web_directives.logs import AccessLog, access_log
from readiness_tui.probes.kinds.webconf.kind import FILES
from readiness_tui.probes.kinds.webconf.listeners import public_port
from readiness_tui.probes.kinds.webconf.sites import Site, site
from readiness_tui.probes.sentences import SentenceKind

STATS, MARKED = "accesslog.stats+latency.sample", "accesslog.marked"
AUTO = "auto"
"""Stands for the log that the running web server writes for the first domain."""

FACTS = figures.FACTS | marked.FACTS


class AccessLogParams(Frozen):
    """domains, port, tls_port, path, config: as for `webconf`, so that both ask the same.

    log: a full path, or `auto`. since: the window. time_marker: the text before the request time in
    seconds. skip: paths that do not count. paths: what is measured where the log has too few times.
    min_requests, latency_ms, p99_ms, most_share, max_5xx_pct: the limits. unit: the application's.
    """

    domains: tuple[str, ...] = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    tls_port: int = Field(default=443, ge=1, le=65535)
    path: str = Field(default="/health", pattern=r"^/[\w./~%+-]*$")
    config: str = ""
    log: str = Field(default=AUTO, pattern=r"^(auto|/[^\n]*)$")
    since: Duration = timedelta(hours=24)
    time_marker: str = "rt="
    skip: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    unit: str = ""
    min_requests: int = Field(default=500, ge=1)
    latency_ms: float = Field(default=200, gt=0)
    p99_ms: float = Field(default=1000, gt=0)
    most_share: float = Field(default=0.8, ge=0, le=1)
    max_5xx_pct: float = Field(default=1, ge=0, le=100)


class AccessLogKind(SentenceKind[AccessLogParams]):
    """First which log the server writes for the domain, then what is in it; counts alone leave the host."""

    name = "access-log"
    moving = figures.MOVING
    Params = AccessLogParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """The configuration, and the requests that tell which server answers."""
        p = self.params
        files = collect(FILES, *([p.config] if p.config else []))
        return files, collect("proxy.request", str(p.port), str(p.tls_port), p.path, *p.domains)

    def announced(self) -> tuple[Ask, ...]:
        """The log, whose name the configuration tells unless it is given."""
        log = "LOG" if self.params.log == AUTO else self.params.log
        return (self._marked(log, "ADDRESS", "PORT") if self._marks else self._stats(log),)

    def follow_up(self, replies: Sequence[Reply]) -> tuple[Ask, ...]:
        """The log's figures, or the request to be found in it."""
        files, got = ParsedReply(replies[0]), ParsedReply(replies[1])
        found = self._log(files, got)
        if self._marks:
            if isinstance(found, Missing):
                return ()
            addresses = dict(row.split("|", 1) for row in got.known("address") if "|" in row)
            port, _ = public_port(got, self.params.tls_port)
            return (self._marked(found.file, addresses.get(self.params.domains[0], "127.0.0.1"), str(port)),)
        if isinstance(found, Missing) or not found.file:
            return () if not self.params.paths else (self._stats("/nonexistent"),)
        return (self._stats(found.file),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """The figures or the marked request, with why the log was not looked at."""
        files, got = ParsedReply(replies[0]), ParsedReply(replies[1])
        found = self._log(files, got)
        told = ParsedReply(replies[2]) if len(replies) > 2 else None
        if told is not None and told.trouble is not None:
            return unseen(FACTS, told.trouble)
        if self._marks:
            return marked.read(found, told, self.params.domains[0])
        p = self.params
        limits = figures.Limits(
            p.min_requests, p.latency_ms, p.p99_ms, p.most_share, p.max_5xx_pct, p.since.total_seconds()
        )
        return figures.read(found, told, limits)

    @property
    def _marks(self) -> bool:
        return bool(self.named & marked.FACTS.keys())

    def _log(self, files: ParsedReply, got: ParsedReply) -> AccessLog | Missing:
        if self.params.log != AUTO:
            return AccessLog(self.params.log)
        found = site(files, got, self.params.domains[0], self.params.tls_port)
        if not isinstance(found, Site):
            hint = "name the log in access_log"
            return Missing(found.cause, found.reason, found.hint or hint)
        return access_log(found, "/")

    def _stats(self, log: str) -> CollectorAsk:
        p = self.params
        window = str(int(p.since.total_seconds()))
        sample = (str(p.min_requests if p.paths else 0), str(p.port), p.domains[0], *p.paths[:6])
        skip = "|".join(re.escape(path) for path in p.skip)
        return collect(STATS, log, window, p.time_marker, f"^({skip})$" if skip else "", *sample)

    def _marked(self, log: str, address: str, port: str) -> CollectorAsk:
        return collect(MARKED, self.params.domains[0], address, port, self.params.unit, log)
