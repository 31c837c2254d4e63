"""One HTTP response and the facts about its body: size, digest, words, and pattern matches."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from readiness_tui import bounded_regex
from readiness_tui.model.network_asks import HttpAsk
from readiness_tui.transports.network.contract import Lines

SENT = "http11.send_request_headers.started"
ANSWERED = "http11.receive_response_headers.complete"

DENIED_TEXT = 60
"""Most characters reported of a match of a pattern that must not occur."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,30}|!|\?)?([^<>]{0,4000})>")
_UNSEEN = frozenset({"script", "style", "template", "head", "noscript"})
"""Elements whose content is not displayed."""

_WORD = re.compile(r"\w[\w'-]*")
_META = re.compile(r"""(?i)http-equiv\s*=\s*["']?content-security-policy["'\s]""")
_CONTENT = re.compile(r"""(?i)\bcontent\s*=\s*("[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Got:
    """One response.

    body: at most BODY_LIMIT bytes. partly: why it was not read completely. times: seconds from the start
    of the request, by the client's events; no entries for a connection that was not made.
    """

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    partly: str
    times: Mapping[str, float]

    @property
    def wait_ms(self) -> float:
        """Milliseconds to the first byte, once connected."""
        return (self.times[ANSWERED] - self.times[SENT]) * 1000


def described(got: Got) -> Lines:
    """The body's size and digest; for a page also its words, and a policy within it."""
    if got.partly:
        return [("!body_len", got.partly)]
    lines = [("body_len", str(len(got.body))), ("body_sha", sha256(got.body).hexdigest()[:16])]
    kind = _header(got, "content-type").lower()
    if kind.startswith(("text/html", "application/xhtml", "text/plain")) and not _packed(got):
        words, policies = _page(_text(got))
        lines.append(("words", str(words)))
        lines += (("meta_csp", policy) for policy in policies)
    return lines


def _page(text: str) -> tuple[int, Sequence[str]]:
    """The displayed words, and the policies of `<meta http-equiv>`, in one pass."""
    words, policies, unseen, at = 0, [], "", 0
    for tag in _TAG.finditer(text):
        name = (tag[2] or "").lower()
        if not unseen:
            words += len(_WORD.findall(text, at, tag.start()))
        at = tag.end()
        if name == "meta" and _META.search(tag[3]) and (content := _CONTENT.search(tag[3])):
            policies.append(content[1][1:-1])
        if name in _UNSEEN and unseen in ("", name) and not tag[3].endswith("/"):
            unseen = "" if tag[1] else name
    return words + (0 if unseen else len(_WORD.findall(text, at))), policies


def searched(ask: HttpAsk, got: Got) -> Lines:
    """Whether the body has what was looked for, and what it must not have."""
    return [*match("body_match", ask.body, got), *denied(ask.deny, got)]


def match(name: str, pattern: str, got: Got) -> Lines:
    """Whether the body matches; unknown for a body that was not read completely."""
    if not pattern:
        return []
    if packed := _packed(got):
        return [(f"!{name}", f"unsupported: packed as {packed} although not asked for")]
    try:
        if bounded_regex.first(pattern, _text(got)) is not None:
            return [(name, "yes")]
    except bounded_regex.PatternError as error:
        return [(f"!{name}", f"unsupported: {error}")]
    return [(f"!{name}", got.partly)] if got.partly else [(name, "no")]


def denied(pattern: str, got: Got) -> Lines:
    """Whether the body matches a pattern that must not occur, and the beginning of the match."""
    lines = match("deny_match", pattern, got)
    if ("deny_match", "yes") in lines:
        text = bounded_regex.first(pattern, _text(got)) or ""
        lines = [*lines, ("deny_text", text[:DENIED_TEXT])]
    return lines


def _packed(got: Got) -> str:
    packed = [value for name, value in got.headers if name.lower() == "content-encoding"]
    return "" if packed in ([], ["identity"]) else packed[0]


def _text(got: Got) -> str:
    return got.body.decode("utf-8", "replace")


def _header(got: Got, wanted: str) -> str:
    return next((value for name, value in got.headers if name.lower() == wanted), "")
