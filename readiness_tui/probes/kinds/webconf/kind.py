"""Kind `webconf`: whether requests for the public names reach the application through the proxy."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, first_missing, unseen
from readiness_tui.probes.kinds.webconf import configuration
from readiness_tui.probes.kinds.webconf.configuration import Block
from readiness_tui.probes.kinds.webconf.judging import Case, Judged, judge
from readiness_tui.probes.kinds.webconf.listeners import answering, public_port
from readiness_tui.probes.kinds.webconf.requests import requests

FILES = "proxy.nginx+proxy.apache"

FACTS: dict[str, str] = {
    "problems": "Why requests for a domain do not reach the application, a sentence each.",
    "proved": "True when every domain reaches the application and the server has loaded its files.",
    "shown": "The server, where it passes requests, and what came back.",
    "server": "The server that answers.",
}


class WebconfParams(Frozen):
    """domains: public names. port: the application's. tls_port: the public one.

    path: what is asked for. config: nginx's main file, to choose among several nginx; else the
    running process tells it.
    """

    domains: tuple[str, ...] = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    tls_port: int = Field(default=443, ge=1, le=65535)
    path: str = Field(default="/health", pattern=r"^/[\w./~%+-]*$")
    config: str = ""


class Webconf(Kind[WebconfParams]):
    """Compares requests through the proxy with requests to the application; never runs `nginx -t`."""

    name = "webconf"
    Params = WebconfParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """The configuration, and the requests."""
        p = self.params
        files = collect(FILES, *([p.config] if p.config else []), spec=self.spec)
        where = (str(p.port), str(p.tls_port), p.path, *p.domains)
        return files, collect("proxy.request", *where, spec=self.spec)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """What was answered for each domain; the first that fails or cannot be told stands for all."""
        files, got = ParsedReply(replies[0]), ParsedReply(replies[1])
        if got.trouble is not None:
            return unseen(FACTS, got.trouble)
        port, listening = public_port(got, self.params.tls_port)
        server, prefix = answering(files, got, port)
        facts: dict[str, Fact | Missing] = {"server": server}
        if not listening:
            words = f"nothing listens on port {self.params.tls_port} or 80: no reverse proxy runs"
            return facts | {"problems": (words,), "proved": True, "shown": words}
        if (refused := got.refusal("answer")) is not None:
            return facts | {"problems": (), "proved": refused, "shown": refused}
        judged = [
            self._judged_domain(files, got, domain, port, server, prefix) for domain in self.params.domains
        ]
        shown = "; ".join(dict.fromkeys(one.shown for one in judged if one.shown))
        missing = first_missing(one.unknown for one in judged)
        problems = tuple(one.problem for one in judged if one.problem)
        return facts | {
            "problems": problems,
            "proved": missing or True,
            "shown": shown or (problems[0] if problems else ""),
        }

    def _judged_domain(
        self, files: ParsedReply, got: ParsedReply, domain: str, port: int, server: str, prefix: str
    ) -> Judged:
        addresses = {row.partition("|")[0]: row.partition("|")[2] for row in got.known("address")}
        asked = requests(got, domain)
        block, stale = self._files(files, prefix, addresses.get(domain, "127.0.0.1"), port, domain, server)
        case = Case(
            domain=domain,
            way="https" if port == self.params.tls_port else "http",
            port=port,
            path=self.params.path,
            app_port=self.params.port,
            server=server,
            requests=asked,
            block=block,
            stale=stale,
            app_listens=any(row.startswith(f"{self.params.port}|") for row in got.known("listens")),
        )
        return judge(case)

    def _files(
        self, files: ParsedReply, prefix: str, address: str, port: int, domain: str, server: str
    ) -> tuple[Block | Missing | None, str | Missing]:
        """The block that answers, and whether what runs is what the files say."""
        if files.trouble is not None:
            return files.trouble, files.trouble
        if not prefix:
            words = f"{server} answers on port {port}; its configuration is not read"
            return Missing(Cause.UNSUPPORTED, words), ""
        read = configuration.nginx_block if prefix == "ngx" else configuration.apache_block
        block = read(files, address, port, domain, self.params.path)
        if block is None:
            words = f"the files of {server} have no server on port {port}, which answers"
            return None, words
        return block, configuration.loaded(files, prefix, server)
