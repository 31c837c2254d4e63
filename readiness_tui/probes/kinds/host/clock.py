"""A host's time zone, and whether something keeps its clock right."""

from __future__ import annotations

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Reply
from readiness_tui.probes.facts import ParsedReply, fields, number

UTC_NAMES = frozenset(
    {"UTC", "Etc/UTC", "Etc/UCT", "UCT", "Universal", "Etc/Universal", "Zulu", "Etc/Zulu", "abbr:UTC"}
)
"""One zone, many names (catalogue, timezone)."""

FACTS: dict[str, str] = {
    "tz": "Time zone; a name for the same zone as `expected_timezone` is told as that one.",
    "tz_name": "Time zone, as the host names it.",
    "utc_offset": "Offset from UTC now, such as +0100.",
    "clock": "synchronised, unsynchronised (a daemon runs), or no-daemon.",
    "time_daemon": "The time daemons that run.",
    "time_detail": "Source, stratum and offset, as far as told; how far from the operator's clock, if it is.",
    "skew_s": "Seconds between the host's clock and the operator's; evidence only.",
}


SKEW_S = 2
"""Seconds between two clocks that are worth a word (catalogue, ntp)."""


def clock(
    reply: Reply, container: bool | Missing, expected_timezone: str, max_offset_ms: float
) -> dict[str, Fact | Missing]:
    """The facts above, from what host.time replied."""
    told = ParsedReply(reply)
    epoch = told.number("epoch")
    skew = epoch if isinstance(epoch, Missing) else round(epoch - reply.asked_at.timestamp())
    zone = told.text("tz")
    daemons = told.rows("daemon")
    return {
        "tz": zone if isinstance(zone, Missing) else _zone(zone, expected_timezone),
        "tz_name": zone,
        "utc_offset": told.text("utc_offset"),
        "clock": told.trouble or _state(told, daemons, container, max_offset_ms),
        "time_daemon": daemons if isinstance(daemons, Missing) else ", ".join(daemons) or "no time daemon",
        "time_detail": told.trouble or _detail(told) + _apart(skew, reply.took_ms / 1000),
        "skew_s": skew,
    }


def _apart(skew: float | Missing, took_s: float) -> str:
    """The difference between the clocks in words, unless it is nothing or the look took that long."""
    if isinstance(skew, Missing) or -SKEW_S <= skew <= SKEW_S + took_s:
        return ""
    return f", clock {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the operator's"


def _zone(zone: str, expected: str) -> str | Missing:
    if not zone:
        return Missing(Cause.GARBLED, "the time zone is empty")
    if zone in UTC_NAMES and expected in UTC_NAMES:
        return expected
    if zone.startswith("abbr:") and expected not in UTC_NAMES:
        return Missing(Cause.UNSUPPORTED, f"only the abbreviation {zone[5:]} is known, not the zone")
    return zone


def _state(
    told: ParsedReply, daemons: tuple[str, ...] | Missing, container: bool | Missing, max_offset_ms: float
) -> str | Missing:
    """Synchronised by the word of the kernel, chrony, ntpd or OpenNTPD; else why not, or unknown."""
    if _synchronised(told, max_offset_ms):
        return "synchronised"
    if isinstance(container, Missing):
        return container
    if container:
        return Missing(Cause.UNSUPPORTED, "a container has the clock of its host: look there")
    if isinstance(daemons, Missing):
        return daemons
    if not daemons:
        return "no-daemon"
    answered = any(told.known(name) for name in ("synced", "chrony", "ntp_peer", "ntpctl"))
    if not answered:
        return Missing(Cause.NO_TOOL, f"{daemons[0]} runs, but no tool here tells whether it is synchronised")
    return "unsynchronised"


def _synchronised(told: ParsedReply, max_offset_ms: float) -> bool:
    if "yes" in told.known("synced") or told.known("ntp_peer"):
        return True
    if any("clock synced" in row for row in told.known("ntpctl")):
        return True
    for row in told.known("chrony"):
        offset = _chrony(row)["offset_ms"]
        normal = "leap Normal" in fields(row, 4)
        if normal and isinstance(offset, float) and abs(offset) <= max_offset_ms:
            return True
    return False


def _chrony(row: str) -> dict[str, float | str]:
    """`name|stratum N|offset SECONDS|leap STATUS`, the offset in milliseconds."""
    source, stratum, offset, leap = fields(row, 4)
    seconds = number("offset", offset.removeprefix("offset "))
    told = "?" if isinstance(seconds, Missing) else 1000.0 * seconds
    return {"source": source, "stratum": stratum, "offset_ms": told, "leap": leap}


def _detail(told: ParsedReply) -> str:
    for row in told.known("chrony"):
        chrony = _chrony(row)
        offset = chrony["offset_ms"]
        millis = f"{offset:.1f}" if isinstance(offset, float) else offset
        return f"{chrony['stratum']}, offset {millis} ms, {chrony['leap']}"
    for row in told.known("ntp_peer"):
        peer, offset = fields(row, 2)
        return f"peer {peer.lstrip('*')}, offset {offset.removeprefix('offset_ms ')} ms"
    for row in told.known("ntpctl"):
        return row
    synced = told.known("synced")
    return f"kernel says synchronised: {synced[-1]}" if synced else "nothing tells"
