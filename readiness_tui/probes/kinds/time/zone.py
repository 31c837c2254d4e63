"""A host's time zone, compared by its data: names are many, links are copied (tzfile(5))."""

from __future__ import annotations

import re

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply

UTC_RULE = "UTC0"
UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "UCT", "Universal", "Etc/Universal", "Zulu", "Etc/Zulu"})
"""Names of UTC, for hosts without zone files; where there are files these decide."""

FACTS: dict[str, str] = {
    "zone": "same or different, against the expected zone.",
    "zone_note": "The host's zone as a sentence, with the expected one when it is different.",
    "utc_offset": "Offset from UTC now, such as +0100.",
}

_NAME = r"(?:<[^>]+>|[A-Za-z]{3,})"
_RULE = re.compile(rf"{_NAME}([+-]?[\d:]+)(?:({_NAME})([+-]?[\d:]+)?(,.+)?)?")
"""A POSIX TZ rule: offset, then daylight saving time with its offset and its dates."""


def zone(reply: ParsedReply, expected: str) -> dict[str, Fact | Missing]:
    """The facts above. A missing, dangling or unreadable-as-TZif localtime is UTC, as in glibc."""
    offset = reply.text("utc_offset")
    kind = reply.text("zone_file")
    if isinstance(kind, Missing):
        return {"zone": kind, "zone_note": kind.reason, "utc_offset": offset}
    name, state = _name(reply, kind), _state(reply, kind, expected)
    shown = f"the time zone is {name}" + (f" ({offset})" if isinstance(offset, str) else "")
    if state == "different":
        shown += f" (expected: {expected})"
    elif state == "same" and name != expected and not {name, expected} <= UTC_NAMES:
        shown += f", the same as {expected}"
    return {"zone": state, "zone_note": shown, "utc_offset": offset}


def _state(reply: ParsedReply, kind: str, expected: str) -> str | Missing:
    known = _last(reply, "expected_file")
    if known == "unusable":
        return Missing(Cause.NOT_CONFIGURED, f"expected_timezone {expected!r} is not a time zone name")
    if known == "absent":
        reason = f"the host has no zone file for {expected} (misspelled expected_timezone, or tzdata too old)"
        return Missing(Cause.NOT_CONFIGURED, reason)
    rule = _last(reply, "zone_rule") if kind == "valid" else UTC_RULE
    if known != "valid":  # no zone files on this host
        if expected in UTC_NAMES and _RULE.fullmatch(rule):
            return "same" if rule == UTC_RULE else "different"
        return Missing(Cause.UNSUPPORTED, f"the host has no zone files to compare with {expected}")
    if kind == "valid" and _last(reply, "same_data") == "yes":
        return "same"
    wanted = _last(reply, "expected_rule")
    offsets, expected_offsets = _last(reply, "zone_offsets"), _last(reply, "expected_offsets")
    if len(offsets.split()) != 2 or len(expected_offsets.split()) != 2:
        return Missing(Cause.GARBLED, "the offsets of the time zones were not told")
    if _times(rule) is not None and _times(wanted) is not None:
        return "same" if _times(rule) == _times(wanted) and offsets == expected_offsets else "different"
    if offsets != expected_offsets:
        return "different"
    return Missing(Cause.UNSUPPORTED, f"the zone file is too old to tell whether it is {expected}")


def _times(rule: str) -> tuple[object, ...] | None:
    """The rule without its abbreviations, as `GMT0` and `UTC0` are the same time; None for other text."""
    match = _RULE.fullmatch(rule)
    return (match[1], match[2] is not None, match[3], match[4]) if match else None


def _name(reply: ParsedReply, kind: str) -> str:
    if kind in ("absent", "dangling", "garbage"):
        what = {"absent": "absent", "dangling": "a dangling link", "garbage": "not a zone file"}[kind]
        return f"UTC because /etc/localtime is {what}"
    link = _last(reply, "zone_link")
    return link or _last(reply, "zone_name") or f"a copy with the rule {_last(reply, 'zone_rule')}"


def _last(reply: ParsedReply, name: str) -> str:
    text = reply.text(name, default="")
    return text if isinstance(text, str) else ""
