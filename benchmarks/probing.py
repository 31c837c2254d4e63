"""`python -m benchmarks.probing`: 60 checks on one host, ours against bare ssh and against peers.

Prints Markdown, or with `--json` every sample. Where a peer is not installed the table says so.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks import namespaces
from benchmarks.contenders import BareScript, BareTrue, Fleet, Headless, InProcess, fleet
from benchmarks.gates import SHIPPED_RTT, Gate, gates
from benchmarks.lab import Lab
from benchmarks.load import CHECKS, Check
from benchmarks.measuring import Contender, Runs, interleave
from benchmarks.peer_contenders import peers
from benchmarks.screen import screened

LINE = {
    True: "The line delays every packet; client and host have a network namespace each.",
    False: "The line delays bytes only, on loopback (for packets: root and /dev/net/tun).",
}
"""What stands between client and host, by whether the benchmark has a network of its own."""

FLEET = 20
"""Hosts asked at once to find what one costs the client."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure. rounds, peer_rounds: runs of each. rtts_s: seconds."""

    rounds: int = 7
    peer_rounds: int = 2
    rtts_s: tuple[float, ...] = (0.0, 0.02, 0.08)
    checks: tuple[Check, ...] = CHECKS
    fleet: int = FLEET
    warm_up: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything found."""

    options: Options
    contenders: tuple[Contender, ...]
    runs: Runs
    fleet: Fleet | None

    def gates(self) -> tuple[Gate, ...]:
        """The goals with what was measured."""
        return tuple(gates(self.runs, self.options.rtts_s, self.fleet))


def measure(options: Options) -> Measured:
    """Run everything in a separate lab."""
    ours = (
        BareTrue(),
        BareScript(),
        InProcess(),
        InProcess(first=True),
        InProcess(warm=True),
        Headless(),
    )
    others = peers() if options.peer_rounds else ()
    runs, many = Runs(), None
    with Lab() as lab:
        interleave(
            runs,
            ours,
            lab,
            options.checks,
            rtts_s=options.rtts_s,
            rounds=options.rounds,
            warm_up=options.warm_up,
            say=_say,
        )
        near = min(options.rtts_s, key=lambda rtt: abs(rtt - SHIPPED_RTT))
        interleave(
            runs,
            (*others, BareScript(), InProcess()) if others else (),
            lab,
            options.checks,
            rtts_s=(near,),
            rounds=options.peer_rounds,
            warm_up=False,
            say=_say,
        )
        if options.fleet:
            _say(f"{options.fleet} hosts at once")
            lab.begin(0.0)
            many = asyncio.run(fleet(lab, options.checks, options.fleet))
            lab.quiet()
            _say(f"{options.fleet} hosts at once, with the screen")
            seen = asyncio.run(screened(lab, len(options.checks), options.fleet))
            many = dataclasses.replace(many, screen_cpu_s=seen)
            lab.quiet()
    return Measured(options, (*ours, *others), runs, many)


def markdown(measured: Measured) -> str:
    """The tables."""
    options = measured.options
    lines = [
        f"{len(options.checks)} checks, one host; seconds are medians of {options.rounds} interleaved rounds "
        f"({options.peer_rounds} for peers); in brackets: times the bare ssh script.",
        LINE[namespaces.inside()],
        "",
        *_rows(measured),
        "",
        "| goal | measured | to keep | |",
        "|---|---|---|---|",
        *(_gate(gate) for gate in measured.gates()),
    ]
    for name, why in measured.runs.not_run.items():
        lines.append(f"\n{name} was not run: {why}")
    return "\n".join(lines) + "\n"


def _rows(measured: Measured) -> Iterator[str]:
    rtts, runs = measured.options.rtts_s, measured.runs
    heads = "".join(f" RTT {rtt * 1000:.0f} |" for rtt in rtts)
    yield f"| contender |{heads} client CPU s | host CPU s | wire KB | connections | shells |"
    yield "|---|" + "---|" * (len(rtts) + 5)
    for contender in measured.contenders:
        cells = [_time(runs, contender.name, rtt) for rtt in rtts]
        yield "| " + " | ".join([contender.title, *cells, *_cost(runs, contender.name, rtts)]) + " |"


def _time(runs: Runs, name: str, rtt_s: float) -> str:
    seconds, bare = runs.seconds(name, rtt_s), runs.seconds("ssh-script", rtt_s)
    if seconds is None:
        return "not run" if name in runs.not_run else "–"
    return f"{seconds:.2f}" + (f" ({seconds / bare:.2f})" if bare else "")


def _cost(runs: Runs, name: str, rtts_s: Sequence[float]) -> Iterator[str]:
    """What it cost at the round trip where all were run, or the nearest to it."""
    known = [rtt for rtt in rtts_s if (name, rtt) in runs.samples]
    if not known:
        yield from ["–"] * 5
        return
    rtt = min(known, key=lambda rtt: abs(rtt - SHIPPED_RTT))
    kept = name == "ours-warm"  # its host's work cannot be told from what connected it
    yield f"{runs.median(name, rtt, lambda sample: sample.cpu_s):.3f}"
    yield "–" if kept else f"{runs.median(name, rtt, lambda sample: sample.host_cpu_s):.2f}"
    wire = runs.median(name, rtt, lambda sample: sample.wire or 0)
    yield f"{wire / 1000:.0f}" if wire else "–"
    yield f"{runs.median(name, rtt, lambda sample: sample.connections):.0f}"
    yield f"{runs.median(name, rtt, lambda sample: sample.execs):.0f}"


def _gate(gate: Gate) -> str:
    if gate.measured is None:
        return f"| {gate.name} | not run | {_bound(gate)} | |"
    word = "held" if gate.held else "MISSED"
    return f"| {gate.name} | {gate.measured:.3g} {gate.unit} | {_bound(gate)} | {word} |"


def _bound(gate: Gate) -> str:
    return f"{'≥' if gate.at_least else '≤'} {gate.goal:.3g} {gate.unit}"


def as_json(measured: Measured) -> str:
    """Every sample, every goal, and what was not run."""
    samples = [
        {"contender": name, "rtt_s": rtt, **dataclasses.asdict(sample)}
        for (name, rtt), found in measured.runs.samples.items()
        for sample in found
    ]
    goals = [{**dataclasses.asdict(gate), "held": gate.held} for gate in measured.gates()]
    told = {
        "samples": samples,
        "gates": goals,
        "not_run": measured.runs.not_run,
        "line": LINE[namespaces.inside()],
        "fleet": dataclasses.asdict(measured.fleet) if measured.fleet else None,
    }
    return json.dumps(told, indent=1) + "\n"


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def options(words: Sequence[str]) -> tuple[Options, bool]:
    """What the command line asks for, and whether as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.probing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="runs of each contender (7)")
    parser.add_argument("--peer-rounds", type=int, default=2, help="runs of each peer; 0: no peers (2)")
    parser.add_argument("--rtt", type=float, nargs="+", default=[0, 20, 80], help="milliseconds (0 20 80)")
    parser.add_argument("--checks", type=int, default=len(CHECKS), help="how many of the 60 checks (60)")
    parser.add_argument("--fleet", type=int, default=FLEET, help="hosts at once for the costs of one (20)")
    parser.add_argument("--quick", action="store_true", help="one round, no peers, RTT 0 and 20")
    parser.add_argument("--json", action="store_true", help="every sample instead of tables")
    asked = parser.parse_args(words)
    rtts = tuple(milliseconds / 1000 for milliseconds in asked.rtt)
    made = Options(asked.rounds, asked.peer_rounds, rtts, CHECKS[: asked.checks], asked.fleet)
    if asked.quick:
        made = dataclasses.replace(made, rounds=1, peer_rounds=0, rtts_s=(0.0, 0.02))
    return made, asked.json


def main(words: Sequence[str]) -> None:
    """Measure and print."""
    asked, wants_json = options(words)
    measured = measure(asked)
    print(as_json(measured) if wants_json else markdown(measured), end="")


if __name__ == "__main__":
    namespaces.enter("benchmarks.probing", sys.argv[1:])
    main(sys.argv[1:])
