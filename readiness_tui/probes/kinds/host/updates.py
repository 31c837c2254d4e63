"""Pending updates of a host, and whether its package index is fresh enough to believe."""

from __future__ import annotations

from collections.abc import Iterator

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, first_missing

DAY_S = 86400

FACTS: dict[str, str] = {
    "pm": "The package manager: apt, dnf or apk.",
    "update_problems": "Why the system is not up to date, a sentence each.",
    "updates_known": "True when pending updates and a due reboot could be seen; never false, but unknown.",
    "pending": "Updates that are pending.",
    "security": "Security updates among them; apk does not tell them apart, so all of them.",
    "index_age_days": "Days since the package index was made.",
    "index_fresh": "True when the index is younger than `max_index_age_days`; never false, but unknown.",
    "index_age": "The same age in words.",
    "reboot": "Whether a reboot is due: yes or no.",
}

WITH_SECURITY_ARCHIVE = ("debian", "ubuntu")
"""Distributions that publish security updates in an archive of their own."""


def updates(told: ParsedReply, max_index_age_days: float, max_pending: int) -> dict[str, Fact | Missing]:
    """The facts above, from what host.updates told. An index too old makes `index_fresh` stale."""
    pending = told.number("pending")
    security = told.number("security")
    if not isinstance(security, Missing) and security == -1:
        security = pending
    reboot = told.text("reboot")
    age = told.number("index_age_s")
    days = age if isinstance(age, Missing) else _days(age)
    return {
        "pm": told.text("pm"),
        "update_problems": tuple(_problems(told, pending, security, reboot, max_pending)),
        "updates_known": first_missing((pending, security, reboot)) or True,
        "pending": pending,
        "security": security,
        "index_age_days": days,
        "index_age": days if isinstance(days, Missing) else _words(days),
        "index_fresh": _fresh(days, max_index_age_days),
        "reboot": reboot,
    }


def _problems(
    told: ParsedReply,
    pending: float | Missing,
    security: float | Missing,
    reboot: str | Missing,
    max_pending: int,
) -> Iterator[str]:
    held = ", ".join((*told.known("held_security"), *told.known("kept_security")))
    back = f", held back: {held}" if held else ""
    if not isinstance(security, Missing) and security > 0:
        total = f" ({pending:g} in all)" if not isinstance(pending, Missing) and pending > security else ""
        yield f"{_count(security, 'security update')} pending{total}{back}"
    elif not isinstance(pending, Missing) and pending > max_pending:
        yield f"{_count(pending, 'update')} pending (expected: at most {max_pending})"
    distribution = "".join(told.known("distribution")[-1:])
    family, _, release = distribution.partition(" ")
    if "no" in told.known("security_archive") and family in WITH_SECURITY_ARCHIVE and release:
        yield f"no security archive of {distribution} is among the package sources"
    if reboot == "yes":
        why = "".join(told.known("reboot_why")[-1:])
        yield f"a reboot is due ({why})" if why else "a reboot is due"


def _count(number: float, noun: str) -> str:
    return f"{number:g} {noun}{'' if number == 1 else 's'}"


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


def _words(days: float) -> str:
    return f"{days * 24:.0f} h" if days < 2 else f"{days:.0f} d"
