"""What speaks against the answers of public addresses, a sentence each, and what cannot be told of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import settle
from readiness_tui.probes.kinds.http import headers
from readiness_tui.probes.kinds.http.responses import TEMPORARY, Response, insecure

REFUSALS = frozenset({401, 403, 407, 429})
"""Statuses that may be meant for this client alone: they say nothing of what others get."""

EXPECTED = {
    "strict-transport-security": "a max-age of at least 15768000 seconds over https",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY or SAMEORIGIN, or frame-ancestors in the policy",
    "content-security-policy": "a policy",
    "referrer-policy": "a policy that keeps addresses private",
}

Found = Fact | Missing
Doubts = Iterable[Missing]


def of_status(seen: Sequence[Response], expect: Sequence[int], unseen: Missing | None) -> Found:
    """Statuses that are not the expected ones; one that refuses this client only is not known."""
    wanted = " or ".join(map(str, expect)) if len(expect) < 4 else f"{min(expect)} to {max(expect)}"
    problems, doubts = [], []
    for one in seen:
        if one.closed or one.status in expect:
            continue
        where = f", to {one.location[:60]}" if one.location else ""
        said = f"{one.url} answers {one.status}{where} (expected: {wanted})"
        if one.status in REFUSALS:
            doubts.append(Missing(Cause.DENIED, f"{one.url} answers {one.status}: this client is refused"))
        else:
            problems.append(said)
    return settle(problems, _with(unseen, doubts))


def of_time(seen: Sequence[Response], max_ms: int | None, unseen: Missing | None) -> Found:
    """Answers whose first byte took longer than allowed."""
    problems, doubts = [], []
    for one in seen:
        took = one.told.number("ttfb_ms")
        if isinstance(took, Missing):
            doubts.append(took)
        elif max_ms is not None and took > max_ms:
            problems.append(f"{one.url} took {took:.0f} ms to answer (expected: at most {max_ms})")
    return settle(problems, _with(unseen, doubts))


def of_body(seen: Sequence[Response], body: str, deny: str, unseen: Missing | None) -> Found:
    """Bodies without what they must have, or with what they must not have."""
    problems, doubts = [], []
    for one in seen:
        for name, pattern, bad in (("body_match", body, "no"), ("deny_match", deny, "yes")):
            said = one.told.text(name) if pattern else ""
            if isinstance(said, Missing):
                doubts.append(Missing(said.cause, f"{one.url}: {said.reason}"))
            elif said == bad and name == "body_match":
                problems.append(f"the body of {one.url} does not match {body[:40]}")
            elif said == bad:
                shown = " ".join(one.told.known("deny_text"))
                problems.append(f"the body of {one.url} says {shown!r}")
    return settle(problems, _with(unseen, doubts))


def of_control(seen: Sequence[Response], strays: Sequence[Response], unseen: Missing | None) -> Found:
    """Addresses that answer exactly as a path nobody has: what they say is said of anything."""
    problems, doubts = [], []
    for one in seen:
        for stray in strays:
            if stray.netloc != one.netloc or stray.status != one.status or not 200 <= one.status < 300:
                continue
            words = f"{one.url} answers as {stray.path} does, which nobody has"
            if one.body_sha and one.body_sha == stray.body_sha:
                problems.append(words)
            elif one.is_html and stray.is_html:
                doubts.append(Missing(Cause.UNSUPPORTED, f"{words}: both are pages with status {one.status}"))
    return settle(problems, _with(unseen, doubts))


def of_redirects(seen: Sequence[Response], allow_temporary: bool, unseen: Missing | None) -> Found:
    """Plain HTTP addresses that do not send a client on to HTTPS for good."""
    problems = [
        f"{why} (expected: 301 or 308 to https on the same host)" for one in seen if (why := insecure(one))
    ]
    for one in seen:
        if not insecure(one) and one.status in TEMPORARY and not allow_temporary:
            problems.append(
                f"{one.url} redirects for the time being only ({one.status}; expected: 301 or 308)"
            )
    doubts = [
        Missing(Cause.DENIED, f"{one.url} answers {one.status}: this client is refused")
        for one in seen
        if one.status in REFUSALS
    ]
    if doubts:
        refused = {f"{one.url} answers {one.status}" for one in seen if one.status in REFUSALS}
        problems = [text for text in problems if not any(text.startswith(f"{start} ") for start in refused)]
    return settle(problems, _with(unseen, doubts))


def of_headers(
    seen: Sequence[Response], required: Sequence[str], profile: str, unseen: Missing | None
) -> Found:
    """Required headers that are missing, or do not say what they must; where, unless it is everywhere."""
    problems, doubts = [], []
    for header in required:
        judged = [(one, headers.lacks(one, header, profile)) for one in seen]
        doubts += [lacks for _, lacks in judged if isinstance(lacks, Missing)]
        lacking = [one for one, lacks in judged if lacks is True]
        if lacking:
            problems.append(_header_problem(header, profile, lacking, whole=len(lacking) == len(seen)))
    return settle(problems, _with(unseen, doubts))


def _header_problem(header: str, profile: str, lacking: Sequence[Response], *, whole: bool) -> str:
    said = [values for one in lacking if not isinstance(values := one.header(header), Missing) and values]
    place = (
        "every answer"
        if whole and len(lacking) > 1
        else " and ".join(f"{o.place} ({o.status})" for o in lacking[:2])
    )
    if not said:
        return f"no {header} on {place}"
    strict = profile == "api" and header == "content-security-policy"
    wanted = "default-src 'none' for an API" if strict else EXPECTED.get(header, "a value")
    return f"{header} on {place} is {said[0][0][:22]} (expected: {wanted})"


def of_pages(seen: Sequence[Response], unseen: Missing | None) -> Found:
    """Pages in which a foreign script would run: no policy, one that allows inline scripts, no nosniff."""
    problems, doubts = [], []
    for one in seen:
        sniffed, policy = headers.nosniff(one), headers.scripts(one)
        doubts += [fact for fact in (sniffed, policy) if isinstance(fact, Missing)]
        if sniffed is False:
            problems.append(f"no x-content-type-options: nosniff on {one.place} ({one.status})")
        if one.is_html and policy and not isinstance(policy, Missing):
            problems.append(f"{one.place} {policy}")
    return settle(problems, _with(unseen, doubts))


def of_cookies(seen: Sequence[Response], unseen: Missing | None) -> Found:
    """Session cookies without their guards, and answers that let any site read them with a user's cookies."""
    rows = [headers.cookies(one) for one in seen]
    told = (cookie for row in rows if not isinstance(row, Missing) for cookie in row)
    problems = [f"cookie {why}" for cookie in told if (why := headers.weak(cookie))]
    problems += [
        f"{one.place} lets any site read it with a user's cookies (CORS reflects the origin)"
        for one in seen
        if headers.reflects(one)
    ]
    return settle(problems, _with(unseen, [row for row in rows if isinstance(row, Missing)]))


def of_access(
    seen: Sequence[Response], strays: Sequence[Response], deny: str, unseen: Missing | None
) -> Found:
    """Protected addresses that answer a stranger with their content."""
    problems: list[str] = []
    doubts: list[Missing] = []
    stray = {(one.netloc, one.status, one.body_sha) for one in strays if one.body_sha}
    for one in seen:
        if one.status in (401, 403):
            continue
        said = f"{one.url} answers {one.status} without credentials"
        if not 200 <= one.status < 300:
            doubts.append(Missing(Cause.UNSUPPORTED, f"{said}, which proves nothing (expected: 401 or 403)"))
        elif (one.netloc, one.status, one.body_sha) in stray:
            doubts.append(Missing(Cause.UNSUPPORTED, f"{said} the page that every unknown path gets"))
        elif deny and (blind := _denies(one)) is not False:
            words = f"{said}, and an error in the body: look at it"
            doubts.append(blind if isinstance(blind, Missing) else Missing(Cause.UNSUPPORTED, words))
        else:
            problems.append(f"{said} (expected: 401 or 403)")
    return settle(problems, _with(unseen, doubts))


def _denies(one: Response) -> bool | Missing:
    said = one.told.text("deny_match")
    return said if isinstance(said, Missing) else said == "yes"


def of_place(urls: Sequence[str], hosts: Sequence[str]) -> Found:
    """Addresses on a host that they should be apart from."""
    lower = {host.lower() for host in hosts}
    words = "is on the service's own name, so it goes down with it"
    return tuple(f"{url} {words}" for url in urls if (urlsplit(url).hostname or "") in lower)


def _with(unseen: Missing | None, doubts: Sequence[Missing]) -> Doubts:
    return ([unseen] if unseen is not None else []) + list(doubts)
