"""Whether a domain's requests reach the application through the proxy, and why not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from readiness_tui.model.facts import Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.kinds.webconf.configuration import Block
from readiness_tui.probes.kinds.webconf.requests import Answer, Requests

SERVER_ERROR = 500
BAD_REQUEST = 400
NOT_FOUND = 404
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
GATEWAY = frozenset({502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
REFUSALS = frozenset({401, 403, 407, 429, 444})


@dataclass(frozen=True, slots=True)
class Judged:
    """problem: why it fails, a sentence. unknown: why it cannot pass. shown: what was seen."""

    problem: str = ""
    unknown: Missing | None = None
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything known of one domain. way: https or http; server: what answers, for people.

    stale: what is newer than the load, empty, or missing. app_listens: a socket has the
    application's port.
    """

    domain: str
    way: str
    port: int
    path: str
    app_port: int
    server: str
    requests: Requests
    block: Block | Missing | None
    stale: str | Missing
    app_listens: bool = True

    @property
    def url(self) -> str:
        """The request in question."""
        return f"{self.way}://{self.domain}{self.path}"


def judge(case: Case) -> Judged:
    """The request decides; the files explain it and tell whether a restart would change it."""
    through = case.requests.answers.get((case.way, "health"))
    if through is None:
        return _no_answer(case)
    stale = isinstance(case.stale, str) and case.stale != ""
    running = replace(case, block=None) if stale else case  # such files do not describe what runs
    proof = _proof(running, through)
    misplaced = _misplaced(running, proven=proof is True)
    if misplaced is not None:
        return misplaced
    if isinstance(proof, Judged):
        return proof
    target = _target(running)
    shown = f"{case.server} passes {case.domain} to {target}; {case.path} answers {through.status} through it"
    unknown = _doubt(case, through)
    return Judged(unknown=unknown, shown=shown)


def _doubt(case: Case, through: Answer) -> Missing | None:
    """Why a request that reaches the application is not enough."""
    if isinstance(case.block, Missing):
        return case.block
    if isinstance(case.stale, Missing):
        return case.stale
    if case.stale:
        return Missing(Cause.STALE, f"{case.domain} works now, but {case.stale}")
    if through.status >= SERVER_ERROR:
        words = f"{case.url} answers {through.status}, as the application itself does"
        return Missing(Cause.UNSUPPORTED, words)
    return None


def _no_answer(case: Case) -> Judged:
    why = case.requests.failed.get((case.way, "health"), "broken")
    if why == "unrecognized-name":
        return Judged(problem=f"no server on port {case.port} accepts the name {case.domain}")
    plain = case.requests.answers.get(("plain", "health"))
    if why == "not-tls" or plain is not None:
        return Judged(problem=f"port {case.port} answers plain HTTP instead of TLS")
    if why == "refused":
        return Judged(problem=f"nothing accepts connections on port {case.port}")
    cause = {"timeout": Cause.TIMEOUT, "no-tool": Cause.NO_TOOL}.get(why, Cause.GARBLED)
    said = {"timeout": "got no answer in time", "no-tool": "cannot be asked: curl, python3 or openssl needed"}
    words = said.get(why, "was closed without an answer: this client may be refused")
    return Judged(unknown=Missing(cause, f"{case.url} {words}"))


def _proof(case: Case, through: Answer) -> bool | Judged:
    """True when the answer is the application's; else what it is instead."""
    answers = case.requests.answers
    other = answers.get((case.way, "other"))
    direct, direct_other = answers.get(("direct", "health")), answers.get(("direct", "other"))
    if direct is None:
        return _without_direct(case, through)
    known = _passes(case) or case.requests.marked(case.way)
    if through.equals(direct):
        if known or (other is not None and direct_other is not None and other.resembles(direct_other)):
            return True
        words = f"{case.url} answers as the application does, other paths do not"
        return Judged(unknown=Missing(Cause.UNSUPPORTED, words))
    if through.resembles(direct) and known:
        return True
    if through.status in GATEWAY:
        return Judged(
            problem=f"{case.url} answers {through.status}: {case.server} does not reach the application"
        )
    if (moved := _redirected(case, through)) is not None:
        return moved
    differs = f"{case.url} answers {through.status}, port {case.app_port} itself {direct.status}"
    if other is not None and direct_other is not None and other.equals(direct_other):
        if through.status == direct.status:
            return True  # the body is changed on the way
        return Judged(unknown=Missing(Cause.UNSUPPORTED, differs))
    one_page = other is not None and (through.status, through.digest) == (other.status, other.digest)
    if one_page and through.status not in REFUSALS:
        words = f"{case.server} answers every path of {case.domain} with one page of its own"
        return Judged(problem=words)
    if isinstance(case.block, Block) and case.block.handler in ("files", "return"):
        return Judged(problem=f"{case.server} answers {case.url} itself ({_itself(case.block)})")
    if through.status in REFUSALS:
        return Judged(
            unknown=Missing(Cause.DENIED, f"{case.url} answers {through.status}: this client is refused")
        )
    if case.requests.marked(case.way):
        return True
    if _passes(case) and direct.status == NOT_FOUND and through.status < BAD_REQUEST and not one_page:
        return True  # the path is rewritten on the way
    if through.status == direct.status:
        differs = f"{case.url} answers otherwise than the application on port {case.app_port}"
    elif isinstance(case.block, Block) and not _passes(case):
        return Judged(problem=differs)
    return Judged(unknown=Missing(Cause.UNSUPPORTED, differs))


def _without_direct(case: Case, through: Answer) -> bool | Judged:
    """The application is not on this host, or it is down."""
    if through.status in GATEWAY:
        return Judged(
            problem=f"{case.url} answers {through.status}: {case.server} does not reach the application"
        )
    if (moved := _redirected(case, through)) is not None:
        return moved
    block = case.block
    if isinstance(block, Block) and block.handler in ("files", "return"):
        return Judged(problem=f"{case.server} answers {case.url} itself ({_itself(block)})")
    refused = case.requests.failed.get(("direct", "health")) == "refused" and not case.app_listens
    targets = [place.rpartition(":") for place in (block.places or () if isinstance(block, Block) else ())]
    hosts = {host for host, _, port in targets if port == str(case.app_port)}
    if hosts and hosts <= LOOPBACK and refused:
        words = f"nothing answers on port {case.app_port}, where {case.server} passes {case.domain}"
        return Judged(problem=words)
    other = case.requests.answers.get((case.way, "other"))
    one_page = other is not None and through.equals(other)
    usable = through.status < SERVER_ERROR and through.status not in REFUSALS
    if hosts - LOOPBACK and usable and not one_page:
        return True
    words = f"nothing answers on 127.0.0.1:{case.app_port}, so answers cannot be compared"
    return Judged(unknown=Missing(Cause.UNREACHABLE, words))


def _redirected(case: Case, through: Answer) -> Judged | None:
    if through.status not in REDIRECTS:
        return None
    if case.way == "http" and through.location.startswith("https://"):
        return Judged(problem=f"port 80 redirects {case.domain} to https, where nothing listens")
    where = through.location[:60] or "nowhere"
    return Judged(problem=f"{case.url} is redirected to {where} instead of reaching the application")


def _misplaced(case: Case, *, proven: bool) -> Judged | None:
    """What the files say against the answer: another block's, or another port's."""
    block = case.block
    if not isinstance(block, Block):
        return None
    if not block.named:
        if block.elsewhere:
            words = f"{case.domain} is named on another port; {case.port} answers for {block.block}"
            return Judged(problem=words)
        if proven:
            words = f"no block names {case.domain}; the first one answers, for {block.block}"
            return Judged(unknown=Missing(Cause.UNSUPPORTED, words))
        words = f"no block names {case.domain} on port {case.port}; that of {block.block} answers"
        return Judged(problem=words)
    if not block.places or _passes(case):
        return None
    elsewhere = ", ".join(block.places[:3])
    if all(place.startswith("unix:") for place in block.places):
        return None
    if not proven:
        words = f"{case.server} passes {case.domain} to {elsewhere} (expected: port {case.app_port})"
        return Judged(problem=words)
    words = f"{case.domain} is passed to {elsewhere}, which answers like port {case.app_port}"
    return Judged(unknown=Missing(Cause.UNSUPPORTED, words))


def _passes(case: Case) -> bool:
    """Whether the files pass the domain to the application's port."""
    places = case.block.places if isinstance(case.block, Block) else None
    return any(place.rpartition(":")[2] == str(case.app_port) for place in places or ())


def _target(case: Case) -> str:
    places = case.block.places if isinstance(case.block, Block) else None
    return ", ".join(places[:3]) if places else f"the application on port {case.app_port}"


def _itself(block: Block) -> str:
    return "files on disk" if block.handler == "files" else f"the directive {block.handler}"
