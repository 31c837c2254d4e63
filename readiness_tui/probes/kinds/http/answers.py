"""Facts over the answers of several addresses: what speaks against any of them, and the slowest.

What speaks against one is known although another was not seen; that nothing does is known only
when all were seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import first_missing
from readiness_tui.probes.kinds.http import headers
from readiness_tui.probes.kinds.http.responses import CDN, TEMPORARY, Response, insecure

Found = dict[str, Fact | Missing]

NO_ANSWER = Missing(Cause.UNREACHABLE, "no address answered: every port is closed")
NO_SAMPLE = Missing(Cause.NOT_CONFIGURED, "no sample was asked for")

HEADER_FACTS = {
    "frame_options": "x-frame-options",
    "csp": "content-security-policy",
    "referrer_policy": "referrer-policy",
    "server": "server",
    "content_type": "content-type",
    "cache_control": "cache-control",
}

T = TypeVar("T")


def against(found: Iterable[str], unseen: Missing | None) -> tuple[str, ...] | Missing:
    """What speaks against, once each; that nothing does is not known while something is unseen."""
    return tuple(dict.fromkeys(found)) or unseen or ()


def every(values: Iterable[bool | Missing], unseen: Missing | None) -> bool | Missing:
    """Whether all hold: one that does not decides it, else one that is missing does."""
    known = [*values, *([unseen] if unseen is not None else [])]
    return False if False in known else first_missing(known) or True


def status_facts(seen: Sequence[Response], unseen: Missing | None, expect: Sequence[int]) -> Found:
    """The statuses, and which addresses' are not right."""
    answered = [one for one in seen if not one.closed]
    distinct = tuple(dict.fromkeys(one.status for one in answered))
    sampled = (row.partition(" ")[0] for one in answered for row in one.told.known("statuses"))
    all_seen = tuple(dict.fromkeys([*map(str, distinct), *sampled]))
    status: Fact | Missing = distinct[0] if len(distinct) == 1 else tuple(map(str, distinct))
    nothing = unseen or (None if answered else NO_ANSWER)
    return {
        "status": nothing or status,
        "statuses": nothing or all_seen,
        "unexpected": against((f"{o.url} {o.status}" for o in answered if o.status not in expect), unseen),
        "successes": against((one.url for one in answered if 200 <= one.status < 300), unseen),
        "body_match": every((_matches(one) for one in answered), nothing),
        "closed": against((one.url for one in seen if one.closed), unseen),
        "shown": "; ".join(_shown(one) for one in seen) or nothing or "",
    }


def redirect_facts(seen: Sequence[Response], unseen: Missing | None) -> Found:
    """Where the addresses send the client, and which of them leave it without encryption."""
    answered = [one for one in seen if not one.closed]
    places = tuple(dict.fromkeys(one.location for one in answered if one.location))
    nothing = unseen or (None if answered else NO_ANSWER)
    return {
        "location": nothing or places,
        "redirect_host": nothing or tuple(dict.fromkeys(urlsplit(place).hostname or "" for place in places)),
        "https": every((urlsplit(one.location).scheme == "https" for one in answered), nothing),
        "insecure": against((why for one in seen if (why := insecure(one))), unseen),
        "temporary": against((o.url for o in seen if o.location and o.status in TEMPORARY), unseen),
    }


def header_facts(
    seen: Sequence[Response], unseen: Missing | None, required: Sequence[str], profile: str
) -> Found:
    """What the headers of every response say, the controls' among them."""
    nothing = unseen or (None if seen else NO_ANSWER)
    ages = [headers.hsts_max_age(one) for one in seen]
    names = dict.fromkeys(name for one in seen for name in one.header_names)
    return {
        **{fact: nothing or _said(seen, _values(header)) for fact, header in HEADER_FACTS.items()},
        "lacking": _lacking(seen, nothing, required, profile),
        "hsts_max_age": nothing or first_missing(ages) or min(a for a in ages if not isinstance(a, Missing)),
        "nosniff": every(map(headers.nosniff, seen), nothing),
        "frame_ancestors": nothing or _said(seen, _ancestors),
        "html_without_csp": _bare(seen, nothing),
        "header_names": nothing or tuple(names),
        **_pages(seen, nothing),
        "front": nothing or _front(names),
        "cdn": nothing or tuple(whose for name, whose in CDN.items() if name in names),
        "cookies": nothing or _all(headers.cookies(one) for one in seen),
        "weak_cookies": _weak(seen, nothing),
    }


def time_facts(seen: Sequence[Response], unseen: Missing | None, sampled: bool) -> Found:
    """The slowest of each time, in milliseconds."""
    answered = [one for one in seen if not one.closed]
    nothing = unseen or (None if answered else NO_ANSWER)
    stopped = next((_stopped(one) for one in answered if one.told.known("stopped")), None)
    no_sample = nothing or (None if sampled else NO_SAMPLE) or stopped
    return {
        "connect_ms": nothing or _slowest(answered, "connect_ms"),
        "ttfb_ms": nothing or _slowest(answered, "ttfb_ms"),
        "p50_ms": no_sample or _slowest(answered, "p50_ms"),
        "p95_ms": no_sample or _slowest(answered, "p95_ms"),
    }


def _pages(seen: Sequence[Response], unseen: Missing | None) -> Found:
    """How much text the pages have."""
    rows = [(one, one.told.number("words")) for one in seen if one.told.known("words")]
    counts = [(one, count) for one, count in rows if not isinstance(count, Missing)]
    shown = "; ".join(f"{one.place} {one.status}, {count} words" for one, count in counts)
    answered = "; ".join(f"{one.place} {one.status}" for one in seen)
    fewest = min((count for _, count in counts), default=0)
    return {"words": unseen or fewest, "words_shown": unseen or shown or answered}


def _front(names: Iterable[str]) -> str:
    """The content networks by the headers they leave, or that none is seen."""
    found = tuple(dict.fromkeys(whose for name, whose in CDN.items() if name in names))
    return f"{', '.join(found)} answers" if found else "no content network is seen: the origin answers itself"


def _shown(one: Response) -> str:
    if one.closed:
        return f"{one.url} closed ({one.closed})"
    if one.location:
        return f"{one.url} -> {one.status} {one.location}"
    took = one.told.number("ttfb_ms")
    return f"{one.url} {one.status}" + ("" if isinstance(took, Missing) else f" in {took:.0f} ms")


def _matches(one: Response) -> bool | Missing:
    said = one.told.text("body_match")
    return Missing(said.cause, f"{one.url}: {said.reason}") if isinstance(said, Missing) else said == "yes"


def _values(header: str) -> Callable[[Response], tuple[str, ...] | Missing]:
    return lambda one: one.header(header)


def _said(
    seen: Sequence[Response], read: Callable[[Response], tuple[str, ...] | Missing]
) -> tuple[str, ...] | Missing:
    """A header's values over the responses, `none` for one without it."""
    values = [read(one) for one in seen]
    told = [value or ("none",) for value in values if not isinstance(value, Missing)]
    return first_missing(values) or tuple(dict.fromkeys(word for value in told for word in value))


def _ancestors(one: Response) -> tuple[str, ...] | Missing:
    said = headers.frame_ancestors(one)
    return said if isinstance(said, Missing) else (said,) if said else ("none said",)


def _all(values: Iterable[tuple[str, ...] | Missing]) -> tuple[str, ...] | Missing:
    known = list(values)
    rows = (row for value in known if not isinstance(value, Missing) for row in value)
    return first_missing(known) or tuple(dict.fromkeys(rows))


def _lacking(
    seen: Sequence[Response], unseen: Missing | None, required: Sequence[str], profile: str
) -> tuple[str, ...] | Missing:
    """The headers that are not as they must be; where, unless it is everywhere."""
    found: list[str] = []
    unread: list[bool | Missing] = []
    one_host = len({urlsplit(one.url).netloc for one in seen}) == 1
    for header in required:
        judged = [(one, headers.lacks(one, header, profile)) for one in seen]
        unread += (lacks for _, lacks in judged)
        places = [
            f"{one.path if one_host else one.place} ({one.status})" for one, lacks in judged if lacks is True
        ]
        found += [header] if len(places) == len(seen) > 1 else (f"{header} on {place}" for place in places)
    return against(found, first_missing(unread) or unseen)


def _bare(seen: Sequence[Response], unseen: Missing | None) -> tuple[str, ...] | Missing:
    judged = [(one, headers.guarded(one)) for one in seen if one.is_html]
    found = (one.url for one, guarded in judged if guarded is False)
    return against(found, first_missing(guarded for _, guarded in judged) or unseen)


def _weak(seen: Sequence[Response], unseen: Missing | None) -> tuple[str, ...] | Missing:
    rows = [headers.cookies(one) for one in seen]
    told = (cookie for row in rows if not isinstance(row, Missing) for cookie in row)
    return against((why for cookie in told if (why := headers.weak(cookie))), first_missing(rows) or unseen)


def _stopped(one: Response) -> Missing:
    why = one.told.known("stopped")[-1]
    return Missing(Cause.ERROR, f"{one.url}: the sample stopped: {why}")


def _slowest(answered: Sequence[Response], name: str) -> float | Missing:
    times = [one.told.number(name) for one in answered]
    return first_missing(times) or max(time for time in times if not isinstance(time, Missing))
