"""The limits a web server puts on the size and the rate of requests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from readiness_tui.model.facts import Fact, Missing, version_key
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.kinds.webconf.sites import Scope, Site
from readiness_tui.probes.sentences import settle

UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
NGINX_DEFAULT = "1m"
APACHE_DEFAULT = 1024**3
APACHE_LIMITED_SINCE = (2, 4, 54)
"""From this release LimitRequestBody is 1 GiB where it is not set; before, there was no limit."""

RATE_HEADERS = re.compile(r"(?:^|,)((?:x-)?rate-?limit(?:-[a-z]+)*)(?:,|$)")


def size(text: str) -> int | None:
    """Bytes of a size as nginx writes it; None for what is not one."""
    match = re.fullmatch(r"(\d{1,15})([kKmMgG]?)", text)
    return int(match[1]) * UNITS[match[2].lower()] if match else None


def shown(count: int) -> str:
    """Bytes in words: `2m`, `1g`, or `no limit` for 0."""
    if count == 0:
        return "no limit"
    for unit in ("g", "m", "k"):
        if count % UNITS[unit] == 0:
            return f"{count // UNITS[unit]}{unit}"
    return str(count)


def body_limits(site: Site) -> tuple[tuple[str, int], ...] | Missing:
    """The limit of every scope that sets one, and of the site as a whole: label and bytes (0: none)."""
    name = "client_max_body_size" if site.kind == "nginx" else "limitrequestbody"
    found: dict[str, int] = {}
    for scope in site.scopes():
        statement = scope.value(name)
        if statement is None:
            found.setdefault(scope.label, _default(site))
            continue
        count = size(statement.words[0]) if statement.words else None
        if count is None:
            words = " ".join(statement.words)
            return Missing(Cause.UNSUPPORTED, f"{statement.name} {words} of {scope.label} is not understood")
        found[scope.label] = count
    return tuple(found.items())


def _default(site: Site) -> int:
    if site.kind == "nginx":
        return size(NGINX_DEFAULT) or 0
    limited = version_key(site.server.partition("/")[2]) >= APACHE_LIMITED_SINCE
    return APACHE_DEFAULT if limited else 0


def size_problems(sites: Iterable[Site | Missing], most: int) -> Fact | Missing:
    """Scopes without a limit, or with one above `most` bytes."""
    problems, doubts = [], []
    for site in sites:
        if isinstance(site, Missing):
            doubts.append(site)
            continue
        if site.doubt is not None:
            doubts.append(site.doubt)
            continue
        limits = body_limits(site)
        if isinstance(limits, Missing):
            doubts.append(limits)
            continue
        wrong = [(label, count) for label, count in limits if count == 0 or count > most]
        whole = dict(limits).get(site.domain)
        problems += [
            f"request bodies of {label} may have {_allowed(count)} (expected: at most {shown(most)})"
            for label, count in wrong
            if label == site.domain or count != whole
        ]
    return settle(problems, doubts)


def _allowed(count: int) -> str:
    return shown(count) if count else "any size"


def size_shown(sites: Iterable[Site | Missing]) -> str:
    """The largest limit of each site, in words."""
    parts = []
    for site in sites:
        limits = body_limits(site) if isinstance(site, Site) else site
        if isinstance(site, Site) and not isinstance(limits, Missing):
            largest = max(count for _, count in limits)
            parts.append(f"{site.server} limits request bodies of {site.domain} to {shown(largest)}")
    return "; ".join(parts)


def rate(site: Site, paths: Sequence[str]) -> tuple[str, ...] | Missing:
    """Which limits of rate or connections are in force at the paths, in words; none where there is none."""
    if site.doubt is not None:
        return site.doubt
    if site.kind != "nginx":
        return ()
    found: dict[str, None] = {}
    for path in paths:
        scope = site.at(path)
        if scope.handler == "return":
            continue  # it answers before a limit is looked at
        for kind in ("limit_req", "limit_conn"):
            dry = scope.value(f"{kind}_dry_run")
            if dry is not None and dry.words == ("on",):
                continue
            for statement in scope.values(kind):
                found[_rate_words(site, scope, statement.name, statement.words)] = None
    return tuple(found)


def _rate_words(site: Site, scope: Scope, kind: str, words: Sequence[str]) -> str:
    zone = next((word for word in words if word.startswith("zone=")), "")
    zones = [one.words for one in site.top.each(f"{kind}_zone")]
    own = next((each for each in zones if any(word.split(":")[0] == zone for word in each)), ())
    speed = next((word.removeprefix("rate=") for word in own if word.startswith("rate=")), "")
    status = scope.value(f"{kind}_status")
    code = status.words[0] if status is not None and status.words else "503"
    told = f"{kind} {speed or ' '.join(words[1:2])}".strip()
    return f"{told} on {scope.label} (answers {code})"


def unused(site: Site) -> str:
    """A zone that is defined although nothing uses it, or a limit that only counts (dry run)."""
    defined = [one.words for one in site.top.each("limit_req_zone", "limit_conn_zone")]
    zones = [word.partition(":")[0] for words in defined for word in words if "zone=" in word]
    if not zones:
        return f"{site.server} limits no requests of {site.domain}"
    return f"{site.server} defines {zones[0]}, but no limit is in force for {site.domain}"
