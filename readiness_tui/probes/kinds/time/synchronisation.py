"""Whether a time daemon runs and follows a source other than the host itself (chronyc(1), ntpq(8))."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from readiness_tui.collectors import catalog
from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields, number
from readiness_tui.probes.hints import sudoers_hint
from readiness_tui.probes.kinds.host.capacity import container

FACTS: dict[str, str] = {
    "clock": "synchronised, unsynchronised, own-clock (a daemon follows the host itself), or no-daemon.",
    "clock_note": "The same as a sentence: daemon, source, stratum and offset.",
    "skew_s": "Seconds between the host's clock and the operator's; evidence only.",
}

SKEW_S = 2
"""Seconds between two clocks that are worth a word (catalogue, ntp)."""

STALE_S = 3 * 3600
"""Seconds after which a last synchronisation no longer counts: five times timesyncd's longest poll."""

TRACKING_FIELDS = 14
OWN_CLOCK = ("7F7F", "127.127.")
OTHER_DAEMONS = frozenset({"ptp4l", "phc2sys", "timemaster", "VBoxService", "vmtoolsd"})
"""Daemons that set a clock and that nothing here asks."""


@dataclass(frozen=True, slots=True)
class State:
    """What one daemon says of itself."""

    value: str
    note: str


def synchronisation(
    reply: ParsedReply, asked_at: float, took_s: float, limit_ms: float
) -> dict[str, Fact | Missing]:
    """The facts above. asked_at: the operator's clock; limit_ms: the largest offset accepted."""
    epoch = reply.number("epoch")
    skew = epoch if isinstance(epoch, Missing) else round(epoch - asked_at)
    now = asked_at if isinstance(epoch, Missing) else float(epoch)
    state = _judged(reply, now, limit_ms)
    if isinstance(state, Missing):
        return {"clock": state, "clock_note": state.reason, "skew_s": skew}
    return {"clock": state.value, "clock_note": state.note + _apart(skew, took_s), "skew_s": skew}


def _judged(reply: ParsedReply, now: float, limit_ms: float) -> State | Missing:
    if reply.trouble is not None:
        return reply.trouble
    readers: tuple[Callable[[], State | None], ...] = (
        lambda: _chrony(reply, now, limit_ms),
        lambda: _timesyncd(reply, now),
        lambda: _ntpd(reply, limit_ms),
        lambda: _openntpd(reply),
    )
    states = [state for state in (read() for read in readers) if state is not None]
    if good := next((state for state in states if state.value == "synchronised"), None):
        return good
    inside = container(reply)
    if isinstance(inside, Missing):
        return inside
    if inside:
        return Missing(
            Cause.UNSUPPORTED, "a container has the clock of its host; check the machine beneath it"
        )
    if states:
        return states[0]
    return _unanswered(reply)


def _unanswered(reply: ParsedReply) -> State | Missing:
    """No daemon told anything: none runs, or none could be asked."""
    for name in ("chrony", "ntpctl"):
        if reply.refused(name):
            hint = sudoers_hint(
                *(command for command in catalog.get("host.time").root if command[:4] == name[:4])
            )
            return Missing(Cause.DENIED, "the time daemon answers root only", hint)
    running = (*reply.known("daemon"), *reply.known("unit"))
    if running:
        return Missing(
            Cause.NO_TOOL, f"{running[0]} runs, but nothing on the host tells whether it is synchronised"
        )
    hidden = reply.refusal("daemon")
    if hidden is not None:
        return Missing(
            Cause.DENIED, "other users' processes are not visible, so a time daemon may run unseen"
        )
    return State("no-daemon", "no time daemon runs (expected: chronyd, systemd-timesyncd or ntpd)")


def _chrony(reply: ParsedReply, now: float, limit_ms: float) -> State | None:
    rows = reply.known("chrony")
    parts = rows[-1].split(",") if rows else []
    if len(parts) < TRACKING_FIELDS:
        return None
    reference, stratum, updated, offset, leap = (parts[index] for index in (0, 2, 3, 4, 13))
    if reference.upper().startswith(OWN_CLOCK[0]):
        return State(
            "own-clock", "chronyd follows its own clock, not a time server (expected: a synchronised source)"
        )
    sources = [row.split(",") for row in reply.known("chrony_source")]
    selected = next((row for row in sources if len(row) > 2 and row[1] == "*"), None)
    seconds, last = number("offset", offset), number("updated", updated)
    if leap == "Not synchronised" or isinstance(seconds, Missing) or isinstance(last, Missing):
        return State("unsynchronised", f"chronyd is not synchronised; {_sources(len(sources))}")
    if selected is None and now - last > STALE_S:
        return State(
            "unsynchronised", f"chronyd has no source; it last synchronised {(now - last) / 3600:.0f} h ago"
        )
    name = selected[2] if selected is not None else parts[1]
    if name.startswith("127.") or name == "::1":
        return State("own-clock", f"chronyd follows {name}, the host itself (expected: a time server)")
    off = abs(1000 * seconds)
    if off > limit_ms:
        return State(
            "unsynchronised", f"chronyd: the clock is {off:.0f} ms off (expected: at most {limit_ms:g} ms)"
        )
    return State(
        "synchronised", f"chronyd is synchronised to {name} (stratum {stratum}, offset {off:.1f} ms)"
    )


def _sources(count: int) -> str:
    return f"no source is selected ({count} configured)" if count else "it has no source"


def _timesyncd(reply: ParsedReply, now: float) -> State | None:
    running = (*reply.known("daemon"), *reply.known("unit"))
    if not {"systemd-timesyn", "systemd-timesyncd.service"} & set(running):
        return None
    told = reply.known("timesyncd_synced")
    last = number("timesyncd_synced", told[-1]) if told else None
    if last is None or isinstance(last, Missing):
        return State("unsynchronised", "systemd-timesyncd has not synchronised since the host started")
    if now - last > STALE_S:
        return State("unsynchronised", f"systemd-timesyncd last synchronised {(now - last) / 3600:.0f} h ago")
    return State("synchronised", f"systemd-timesyncd synchronised {max(0, now - last) / 60:.0f} min ago")


def _ntpd(reply: ParsedReply, limit_ms: float) -> State | None:
    peers = [fields(row, 4) for row in reply.known("ntp_peer")]
    for remote, reference, stratum, offset in peers:
        if remote.startswith((OWN_CLOCK[1], "LOCAL(")) or reference == ".LOCL.":
            return State(
                "own-clock", "ntpd follows its own clock, not a time server (expected: a synchronised peer)"
            )
        millis = number("offset", offset)
        if isinstance(millis, Missing):
            return None
        if abs(millis) > limit_ms:
            return State(
                "unsynchronised",
                f"ntpd: the clock is {abs(millis):.0f} ms off (expected: at most {limit_ms:g} ms)",
            )
        del stratum
        return State("synchronised", f"ntpd is synchronised to {remote} (offset {millis} ms)")
    return None


def _openntpd(reply: ParsedReply) -> State | None:
    rows = reply.known("ntpctl")
    if not rows:
        return None
    synced = "clock synced" in rows[-1]
    return State("synchronised" if synced else "unsynchronised", f"openntpd: {rows[-1]}")


def _apart(skew: float | Missing, took_s: float) -> str:
    """The difference between the clocks in words, unless it is small or the collector took that long."""
    if isinstance(skew, Missing) or -SKEW_S <= skew <= SKEW_S + took_s:
        return ""
    return f"; {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the operator's clock"
