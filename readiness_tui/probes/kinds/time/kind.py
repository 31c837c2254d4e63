"""Kind `time`: a host's time zone, and whether its clock is synchronised."""

from __future__ import annotations

from collections.abc import Sequence

from readiness_tui.model.base import Frozen
from readiness_tui.model.facts import Facts
from readiness_tui.model.probe import Ask, Reply
from readiness_tui.probes.collect import collect
from readiness_tui.probes.contract import Kind
from readiness_tui.probes.facts import ParsedReply
from readiness_tui.probes.kinds.time import synchronisation, zone


class TimeParams(Frozen):
    """expected_timezone: as the operator writes it. max_offset_ms: how far the clock may be off."""

    expected_timezone: str = "UTC"
    max_offset_ms: float = 500


class Time(Kind[TimeParams]):
    """Reads the zone's data and asks the time daemons; it never asks systemd-timedated, which would start."""

    name = "time"
    moving = frozenset({"skew_s", "clock_note"})
    Params = TimeParams
    facts = zone.FACTS | synchronisation.FACTS

    def asks(self) -> tuple[Ask, ...]:
        """host.time, with the zone to compare with."""
        return (collect("host.time", self.params.expected_timezone, spec=self.spec),)

    def read(self, replies: Sequence[Reply]) -> Facts:
        """Zone and clock from the one reply."""
        (reply,) = replies
        told = ParsedReply(reply)
        asked_at, took_s = reply.asked_at.timestamp(), reply.took_ms / 1000
        clock = synchronisation.synchronisation(told, asked_at, took_s, self.params.max_offset_ms)
        return zone.zone(told, self.params.expected_timezone) | clock
