"""One run of one contender, many runs in turn, and their medians."""

from __future__ import annotations

import resource
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.lab import Lab
from benchmarks.load import Check


class Contender(Protocol):
    """A way to run the checks. Only `run` is timed.

    name: its key in tables and JSON. title: what a row says.
    """

    name: str
    title: str

    def prepare(self, lab: Lab, checks: Sequence[Check]) -> None:
        """What a user would have before pressing the key."""
        ...

    def run(self) -> int:
        """Run all checks; how many were answered."""
        ...

    def finish(self) -> dict[str, float]:
        """Leave nothing behind; further figures of the run, by name."""
        ...


@dataclass(frozen=True, slots=True)
class Sample:
    """What one run cost. seconds: until the answers were there; cpu_s: the client's processor time.

    host_cpu_s: below sshd, with what a kept connection cost before. wire: bytes of payload both
    ways, not known at distance 0. more: a contender's own figures.
    """

    seconds: float
    cpu_s: float
    host_cpu_s: float
    wire: int | None
    connections: int
    execs: int
    more: dict[str, float] = field(default_factory=dict)


class NotRunError(Exception):
    """A contender that could not be run, or did not answer everything, and why."""


def sample(contender: Contender, lab: Lab, checks: Sequence[Check], rtt_s: float) -> Sample:
    """Run once. Raises NotRunError when not every check was answered."""
    lab.quiet()
    lab.begin(rtt_s)
    contender.prepare(lab, checks)
    try:
        earlier, before = lab.wire().wire, lab.work()
        cpu, began = processor_s(), time.perf_counter()
        answered = contender.run()
        seconds, cpu = time.perf_counter() - began, processor_s() - cpu
    finally:
        more = contender.finish()
    lab.quiet()
    work, wire = lab.work(), lab.wire().wire
    if answered != len(checks):
        raise NotRunError(f"answered {answered} of {len(checks)} checks")
    return Sample(
        seconds,
        cpu,
        work.cpu_s - before.cpu_s,
        (wire - earlier) if rtt_s else None,
        work.connections - before.connections,
        work.execs - before.execs,
        more,
    )


@dataclass(slots=True)
class Runs:
    """All samples by contender and round trip; contenders that could not be run, and why."""

    samples: dict[tuple[str, float], list[Sample]] = field(default_factory=lambda: defaultdict(list))
    not_run: dict[str, str] = field(default_factory=dict)

    def median(self, name: str, rtt_s: float, figure: Callable[[Sample], float]) -> float | None:
        """The median of a figure; None without samples."""
        found = self.samples.get((name, rtt_s))
        return statistics.median(map(figure, found)) if found else None

    def seconds(self, name: str, rtt_s: float) -> float | None:
        """The median of the time it took."""
        return self.median(name, rtt_s, lambda sample: sample.seconds)

    def further(self, name: str, rtt_s: float, figure: str) -> float | None:
        """The median of a contender's own figure."""
        return self.median(name, rtt_s, lambda sample: sample.more[figure])


def interleave(
    runs: Runs,
    contenders: Sequence[Contender],
    lab: Lab,
    checks: Sequence[Check],
    *,
    rtts_s: Iterable[float],
    rounds: int,
    warm_up: bool = True,
    say: Callable[[str], None] = lambda text: None,
) -> None:
    """Run all in turn, round after round, each round beginning with another; add to `runs`.

    warm_up: one run of each before that counts for nothing. One that fails is not tried again.
    """
    rtts = tuple(rtts_s)
    if warm_up:
        say("warm-up")
        for contender in contenders:
            _try(runs, contender, lab, checks, 0.0)
    for turn in range(rounds):
        shift = turn % max(1, len(contenders))
        for rtt in rtts:
            for contender in (*contenders[shift:], *contenders[:shift]):
                say(f"round {turn + 1} of {rounds}, RTT {rtt * 1000:.0f} ms: {contender.title}")
                if (made := _try(runs, contender, lab, checks, rtt)) is not None:
                    runs.samples[contender.name, rtt].append(made)


def _try(runs: Runs, contender: Contender, lab: Lab, checks: Sequence[Check], rtt_s: float) -> Sample | None:
    if contender.name in runs.not_run:
        return None
    try:
        return sample(contender, lab, checks, rtt_s)
    except NotRunError as why:
        runs.not_run[contender.name] = str(why)
        return None


def processor_s() -> float:
    """Processor seconds of this process and of the children it has waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)
