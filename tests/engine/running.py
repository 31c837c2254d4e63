"""Code shared by the tests of runs: probes, hand-made plans, and the events of a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path

from readiness_tui.engine.events import Event, HostChanged, HostState, OutcomeFound
from readiness_tui.engine.run import Run
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.probe import Ask, CollectorAsk, ProbeResult, Reply
from readiness_tui.rules.probing.plan import Check, Plan
from readiness_tui.transports.pool import Connections
from tests.transports.asking import collector


class Says:
    """A probe that passes if every reply has the expected text."""

    def __init__(self, *asks: Ask, expects: str = "ok=1") -> None:
        self._asks = asks
        self._expects = expects

    def asks(self) -> tuple[Ask, ...]:
        return self._asks

    def judge(self, replies: Sequence[Reply]) -> ProbeResult:
        assert [reply.ask for reply in replies] == list(self._asks)
        said = " ".join(reply.stdout.strip() for reply in replies)
        verdict = Verdict.PASS if self._expects in said else Verdict.FAIL
        return ProbeResult(verdict, evidence=said, facts={"said": said})


OK = collector("ok", "kv ok 1")
WELL = Says(OK)


def check(item: str, target: str, probe: Says) -> Check:
    return Check(item, target, probe, probe.asks())


def plan(checks: Sequence[Check], **addresses: str) -> Plan:
    return Plan(
        {name: Host(name=name, address=address) for name, address in addresses.items()}, tuple(checks)
    )


async def all_events(run: Run, on: Callable[[Event], None] = lambda event: None) -> list[Event]:
    found: list[Event] = []
    async with aclosing(run.events()) as events:
        async for event in events:
            found.append(event)
            on(event)
    return found


def outcomes(events: Sequence[Event]) -> dict[tuple[str, str], Outcome]:
    found: dict[tuple[str, str], Outcome] = {}
    for event in events:
        if isinstance(event, OutcomeFound):
            assert (event.item, event.target) not in found, "judged twice"
            found[event.item, event.target] = event.outcome
    return found


async def only(hosts: Mapping[str, str], connections: Connections, probe: Says = WELL) -> Outcome:
    """One probe's outcome on the first of the hosts."""
    name = next(iter(hosts))
    run = Run(plan([check("only", name, probe)], **hosts), connections)
    return outcomes(await all_events(run))["only", name]


def states(events: Sequence[Event], target: str) -> list[HostState]:
    return [event.state for event in events if isinstance(event, HostChanged) and event.target == target]


def hanging(tmp_path: Path, marker: str, name: str) -> tuple[CollectorAsk, Path]:
    fifo = tmp_path / f"fifo-{name}"
    os.mkfifo(fifo)
    return collector(f"hang-{name}", f"echo up >{fifo}; sleep {marker}", timeout_s=100), fifo
