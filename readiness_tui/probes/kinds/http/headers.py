"""What security headers and cookies must say, and whether a response's do (catalogue, section 8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from readiness_tui.model.facts import Missing
from readiness_tui.probes.kinds.http.responses import Response

HSTS_S = 15_768_000
"""Seconds of Strict-Transport-Security that are enough: half a year (catalogue, section 8)."""

SAFE_REFERRERS = frozenset(
    {
        "no-referrer",
        "same-origin",
        "strict-origin",
        "strict-origin-when-cross-origin",
        "no-referrer-when-downgrade",
    }
)
"""Referrer policies that keep a page's address to itself (catalogue, section 8)."""


def hsts_max_age(response: Response) -> int | Missing:
    """Seconds; 0 without the header, or over plain HTTP, where a client must ignore it (RFC 6797)."""
    values = response.header("strict-transport-security")
    if isinstance(values, Missing):
        return values
    match = re.search(r'(?i)(?:^|;)\s*max-age\s*=\s*"?(\d{1,12})', values[0]) if values else None
    return int(match[1]) if match and response.url.startswith("https:") else 0


def nosniff(response: Response) -> bool | Missing:
    """The content type may not be guessed."""
    values = response.header("x-content-type-options")
    if isinstance(values, Missing):
        return values
    return bool(values) and values[0].partition(",")[0].strip().lower() == "nosniff"


def frame_ancestors(response: Response) -> str | Missing:
    """Who may frame the page by its policy; empty when that is not said."""
    policies = response.policies()
    if isinstance(policies, Missing):
        return policies
    said = [policy["frame-ancestors"] or "'none'" for policy in policies if "frame-ancestors" in policy]
    return said[0] if said else ""


def framing_denied(response: Response) -> bool | Missing:
    """Strangers' pages cannot frame it: by its policy, which wins, or by X-Frame-Options."""
    ancestors = frame_ancestors(response)
    if isinstance(ancestors, Missing) or ancestors:
        return (
            ancestors
            if isinstance(ancestors, Missing)
            else not re.search(r"(^|\s)(\*|https?:)(\s|$)", ancestors)
        )
    values = response.header("x-frame-options")
    if isinstance(values, Missing):
        return values
    options = {option.strip().upper() for value in values for option in value.split(",")}
    return options in ({"DENY"}, {"SAMEORIGIN"})


def referrer_safe(response: Response) -> bool | Missing:
    """The last policy a client knows counts, and it is a safe one."""
    values = response.header("referrer-policy")
    if isinstance(values, Missing):
        return values
    words = [word.strip().lower() for value in values for word in value.split(",")]
    known = [
        word
        for word in words
        if word in SAFE_REFERRERS | {"origin", "origin-when-cross-origin", "unsafe-url"}
    ]
    return bool(known) and known[-1] in SAFE_REFERRERS


def guarded(response: Response) -> bool | Missing:
    """It has a content security policy."""
    policies = response.policies()
    return policies if isinstance(policies, Missing) else any(policies)


def nothing_loaded(response: Response) -> bool | Missing:
    """A policy forbids all content, as an API's should."""
    policies = response.policies()
    if isinstance(policies, Missing):
        return policies
    return any(policy.get("default-src", "").lower() == "'none'" for policy in policies)


def hsts_enough(response: Response) -> bool | Missing:
    """Browsers will keep to HTTPS for half a year."""
    seconds = hsts_max_age(response)
    return seconds if isinstance(seconds, Missing) else seconds >= HSTS_S


RULES: Mapping[str, Callable[[Response], bool | Missing]] = {
    "strict-transport-security": hsts_enough,
    "x-content-type-options": nosniff,
    "x-frame-options": framing_denied,
    "content-security-policy": guarded,
    "referrer-policy": referrer_safe,
}
"""What each required header must say; any other header need only be there."""


def lacks(response: Response, header: str, profile: str = "web") -> bool | Missing:
    """The header is missing, or does not say what it must.

    profile: an `api` has no use for content, so its policy forbids all of it.
    """
    strict = profile == "api" and header.lower() == "content-security-policy"
    rule = nothing_loaded if strict else RULES.get(header.lower())
    if rule is not None:
        holds = rule(response)
        return holds if isinstance(holds, Missing) else not holds
    values = response.header(header)
    return values if isinstance(values, Missing) else not values


_SESSION = re.compile(r"(?i)sess|sid\b|auth|token|jwt|login|remember|^connect\.")
_READ_BY_SCRIPTS = re.compile(r"(?i)csrf|xsrf")
"""Cookies that a page's own script must read; HttpOnly would break them, and nobody logs in with them."""

FOREIGN = "https://readiness-probe.example"
"""The site that a probe pretends to be asked from, to see whether CORS lets any site in."""


def cookies(response: Response) -> tuple[str, ...] | Missing:
    """Every cookie: its name and attributes."""
    return response.header("set-cookie")


def weak(cookie: str) -> str:
    """What a cookie that looks like a session's lacks: Secure, HttpOnly, SameSite; else nothing."""
    name, *attributes = (part.strip() for part in cookie.split(";"))
    if not _SESSION.search(name) or _READ_BY_SCRIPTS.search(name):
        return ""
    said = {
        key.strip().lower(): value.strip().lower() for key, _, value in (a.partition("=") for a in attributes)
    }
    if said.get("max-age", "").startswith(("0", "-")) or "1970" in said.get("expires", ""):
        return ""  # it removes the cookie
    lacking = [word for word in ("Secure", "HttpOnly") if word.lower() not in said]
    if said.get("samesite") not in ("lax", "strict"):
        lacking.append("SameSite")
    return f"{name} lacks {', '.join(lacking)}" if lacking else ""


def reflects(response: Response) -> bool:
    """It lets the foreign site that was named read the answer, with the user's cookies."""
    named = response.told.known("header.access_control_allow_origin")
    allowed = response.told.known("header.access_control_allow_credentials")
    return FOREIGN in named and any(value.strip().lower() == "true" for value in allowed)


def scripts(response: Response) -> str | Missing:
    """Why a page's policy does not keep foreign scripts out; empty when it does.

    `'unsafe-inline'` is void beside a nonce, a hash or `'strict-dynamic'` (CSP level 3, section 6.7.3).
    """
    policies = response.policies(own=True)
    if isinstance(policies, Missing):
        return policies
    if not any(policies):
        return "is a page without a content-security-policy"
    loose = [_loose(policy.get("script-src", policy.get("default-src", "*"))) for policy in policies]
    return "" if not all(loose) else f"has a content-security-policy that allows {loose[0]} scripts"


def _loose(sources: str) -> str:
    words = sources.lower().split()
    strict = any(word.startswith(("'nonce-", "'sha256-", "'sha384-", "'sha512-")) for word in words)
    if "'strict-dynamic'" in words and strict:
        return ""
    if "'unsafe-inline'" in words and not strict:
        return "inline"
    return "any site's" if {"*", "https:", "http:", "data:"} & set(words) else ""
