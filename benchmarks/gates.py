"""The goals of a probe run, each a number measured beside a number to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.contenders import Fleet
from benchmarks.measuring import Runs, Sample

KIB = 1024

SHIPPED_RTT = 0.02
"""The round trip at which the peers are compared."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A goal. measured: None when a part of it was not run. at_least: the goal is a lower bound."""

    name: str
    measured: float | None
    goal: float
    unit: str
    at_least: bool = False

    @property
    def held(self) -> bool | None:
        """Whether the goal is met; None if it was not measured."""
        if self.measured is None:
            return None
        return self.measured >= self.goal if self.at_least else self.measured <= self.goal


_PEERS = {
    "testinfra": 50,
    "testinfra-controlpath": 8,
    "testinfra-paramiko": 13,
    "ansible": 80,
    "ansible-pipelining": 45,
    "pyinfra": 13,
    "parallel-ssh": 11,
}
"""How many times as long each must take."""


def gates(runs: Runs, rtts_s: tuple[float, ...], fleet: Fleet | None) -> Iterator[Gate]:
    """Every goal that a number can show."""
    for rtt in rtts_s:
        yield Gate(
            f"cold / bare ssh script, RTT {_ms(rtt)}", _ratio(runs, "ours", "ssh-script", rtt), 0.6, "x"
        )
    for rtt in rtts_s:
        yield Gate(f"cold / bare ssh true, RTT {_ms(rtt)}", _ratio(runs, "ours", "ssh-true", rtt), 1.0, "x")
    for rtt in rtts_s:
        if rtt >= SHIPPED_RTT:
            ratio = _ratio(runs, "ours-process", "ssh-script", rtt)
            yield Gate(f"headless process / bare ssh script, RTT {_ms(rtt)}", ratio, 1.0, "x")
    for rtt in rtts_s:
        slowest = runs.further("ours-warm", rtt, "slowest")
        limit = 3.5 * rtt + (slowest or 0.0) + 0.05
        name = f"run again, RTT {_ms(rtt)}: 3.5 RTT + slowest check + 50 ms"
        yield Gate(name, runs.seconds("ours-warm", rtt), round(limit, 3), "s")
    for rtt in rtts_s:
        first = runs.further("ours", rtt, "first")
        yield Gate(f"first answer, RTT {_ms(rtt)}: 9 RTT + 150 ms", first, 9 * rtt + 0.15, "s")
    for name, times in _PEERS.items():
        ratio = _ratio(runs, name, "ours", SHIPPED_RTT)
        yield Gate(f"{name} / cold, RTT {_ms(SHIPPED_RTT)}", ratio, times, "x", at_least=True)
    yield from _costs(runs, min(rtts_s), max(rtts_s), fleet)


def _costs(runs: Runs, near: float, far: float, fleet: Fleet | None) -> Iterator[Gate]:
    many = f", {fleet.hosts} at once" if fleet else ""
    cpu = fleet.cpu_s * 1000 if fleet else None
    yield Gate(f"client's processor time a host{many}", cpu, 12, "ms")
    screen = fleet.screen_cpu_s * 1000 if fleet else None
    yield Gate(f"the same with the screen{many}", screen, 20, "ms")
    memory = fleet.memory / KIB if fleet else None
    yield Gate(f"client's memory an open host{many}", memory, 64, "KiB")
    yield Gate("shells a host", runs.median("ours", near, lambda sample: sample.execs), 4, "")
    wire = _ratio(runs, "ours", "ssh-script", far, lambda sample: sample.wire or 0)
    yield Gate("bytes / bare ssh script", wire, 1.6, "x")
    host = _ratio(runs, "ours", "ssh-script", near, lambda sample: sample.host_cpu_s)
    yield Gate("host's processor time / bare ssh script", host, 1.25, "x")


def _ratio(
    runs: Runs,
    one: str,
    other: str,
    rtt_s: float,
    figure: Callable[[Sample], float] = lambda sample: sample.seconds,
) -> float | None:
    above, below = runs.median(one, rtt_s, figure), runs.median(other, rtt_s, figure)
    return above / below if above is not None and below else None


def _ms(rtt_s: float) -> str:
    return f"{rtt_s * 1000:.0f}"
