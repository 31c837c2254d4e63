"""Kind `webconf`: the reverse proxy's own configuration files, and whether it runs."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Fact, Facts, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply, unseen
from readiness_tui.probes.kinds.webconf.server_blocks import Block, blocks, names, port_of

OURS = ("nginx", "apache2", "httpd")
"""Proxies whose configuration is read; any other that runs makes the answer unknown."""

FACTS: dict[str, str] = {
    "running": "The nginx or Apache processes that run.",
    "other_proxy": "Other proxies that run: caddy, haproxy, traefik.",
    "complete": "True when all that decides could be read; never false, but unknown.",
    "unnamed": "The domains that no server block names.",
    "unproxied": "The domains of which no block passes requests to the port, with where they go instead.",
    "proxied": "Where requests go, for each domain that is passed on to the port.",
    "server": "The server and its version.",
}


class WebconfParams(Frozen):
    """domains: public names. port: the application's. config: nginx's main file, when neither the
    running process nor the binary tells the right one.
    """

    domains: tuple[str, ...] = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    config: str = ""


class Webconf(Kind[WebconfParams]):
    """Reads the files, include lines followed; `nginx -t` would create missing log files."""

    name = "webconf"
    Params = WebconfParams
    facts = FACTS

    def asks(self) -> tuple[Ask, ...]:
        """proxy.conf."""
        config = self.params.config
        return (collect("proxy.conf", *([config] if config else []), spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """What the blocks say of each domain."""
        told = ParsedReply(replies[0])
        if told.trouble is not None:
            return unseen(FACTS, told.trouble)
        processes = told.rows("running")
        if isinstance(processes, Missing):
            return unseen(FACTS, processes)
        running = tuple(process for process in processes if process in OURS)
        others = tuple(process for process in processes if process not in OURS)
        server = " and ".join((*told.known("nginx"), *told.known("apache"))) or "none"
        facts: dict[str, Fact | Missing] = {"running": running, "other_proxy": others, "server": server}
        unread = _unread(told, running, others)
        if unread is not None:
            return facts | unseen(("complete", "unnamed", "unproxied", "proxied"), unread)
        return facts | {"complete": True} | self._domains(blocks(told))

    def _domains(self, found: list[Block]) -> dict[str, Fact | Missing]:
        unnamed: list[str] = []
        unproxied: list[str] = []
        proxied: list[str] = []
        for domain in self.params.domains:
            naming = [block for block in found if names(block, domain)]
            places = [place for block in naming for place in block.places]
            hits = [place for place in places if port_of(place) == self.params.port]
            if not naming:
                unnamed.append(domain)
            elif hits:
                proxied.append(f"{hits[0]} for {domain}")
            else:
                elsewhere = places or [target for block in naming for target in block.targets]
                unproxied.append(f"{domain} to {elsewhere[0] if elsewhere else 'nowhere'}")
        shown = ", ".join(proxied) or "nowhere"
        return {"unnamed": tuple(unnamed), "unproxied": tuple(unproxied), "proxied": shown}


def _unread(told: ParsedReply, running: Sequence[str], others: Sequence[str]) -> Missing | None:
    """Why the files at hand do not decide: one was unreadable, or another proxy answers."""
    for name in ("nginx_file", "apache_file"):
        if (refusal := told.refusal(name)) is not None:
            return refusal
    if others:
        return Missing(Cause.UNSUPPORTED, f"{', '.join(others)} runs, and its configuration is not read")
    if any(row.startswith("absent") for row in told.known("nginx_conf")) and "nginx" in running:
        return Missing(Cause.UNSUPPORTED, "nginx runs, but its configuration is not on this host")
    if "nginx" in running and not told.known("nginx"):
        return Missing(Cause.NO_TOOL, "nginx runs, but its program is not on this host: in a container?")
    if not told.known("apache") and {"apache2", "httpd"} & set(running):
        return Missing(Cause.NO_TOOL, "Apache runs, but its program is not on this host: in a container?")
    return None
