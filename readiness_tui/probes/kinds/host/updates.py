"""Pending updates of a host, and whether its package index is fresh enough to believe."""

from __future__ import annotations

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply

DAY_S = 86400

FACTS: dict[str, str] = {
    "pm": "The package manager: apt, dnf or apk.",
    "pending": "Updates that are pending.",
    "security": "Security updates among them; apk does not tell them apart, so all of them.",
    "index_age_days": "Days since the package index was made.",
    "index_fresh": "True when the index is younger than `max_index_age_days`; never false, but unknown.",
    "index_age": "The same age in words.",
    "reboot": "Whether a reboot is due: yes or no.",
}


def updates(told: ParsedReply, max_index_age_days: float) -> dict[str, Fact | Missing]:
    """The facts above, from what host.updates told. An index too old makes `index_fresh` stale."""
    pending = told.number("pending")
    security = told.number("security")
    age = told.number("index_age_s")
    days = age if isinstance(age, Missing) else _days(age)
    return {
        "pm": told.text("pm"),
        "pending": pending,
        "security": pending if security == -1 else security,
        "index_age_days": days,
        "index_age": days if isinstance(days, Missing) else _words(days),
        "index_fresh": _fresh(days, max_index_age_days),
        "reboot": _reboot(told),
    }


def _days(age_s: float) -> float | Missing:
    days = round(age_s / DAY_S, 1)
    if days < 0:
        return Missing(Cause.GARBLED, "the package index is from the future: is the host's clock right?")
    return days


def _fresh(days: float | Missing, most: float) -> bool | Missing:
    if isinstance(days, Missing):
        return days
    if days <= most:
        return True
    return Missing(Cause.STALE, f"the package index is {_words(days)} old, over {most:g} d")


def _reboot(told: ParsedReply) -> str | Missing:
    """`maybe` is no word to pass on: the newest kernel on disk is not the one that runs."""
    text = told.text("reboot")
    if isinstance(text, str) and text not in ("yes", "no"):
        return Missing(Cause.UNSUPPORTED, f"reboot {text}")
    return text


def _words(days: float) -> str:
    return f"{days * 24:.0f} h" if days < 2 else f"{days:.0f} d"
