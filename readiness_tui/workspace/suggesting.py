"""Looking at a launch's hosts for values of its parameters; nothing is adopted here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from pydantic import JsonValue

from readiness_tui.engine.events import Event, HostChanged, HostState, Replied
from readiness_tui.engine.run import Run
from readiness_tui.model.inventory import Host
from readiness_tui.model.probe import Reply
from readiness_tui.probes.suggestions.looking import Look
from readiness_tui.probes.suggestions.proposal import Proposal, Suggestion, gathered
from readiness_tui.probes.suggestions.proposing import proposals
from readiness_tui.rules.probing.plan import Check, Plan

ITEM = "(suggestions)"
"""What stands in a plan's checks for an item's id."""


@dataclass(frozen=True, slots=True)
class Looked:
    """suggestions: by parameter. unreached: why a host could not be looked at, by its name."""

    suggestions: tuple[Suggestion, ...]
    unreached: Mapping[str, str]


def suggestion_plan(hosts: Sequence[Host], given: Mapping[str, JsonValue]) -> Plan:
    """One look at each host. given: parameters the operator has set; they narrow what is asked."""
    unit, env_file = (str(given.get(name) or "") for name in ("service_unit", "env_file"))
    checks = []
    for host in hosts:
        look = Look(unit, env_file)
        checks.append(Check(ITEM, host.name, look, look.asks()))
    return Plan({host.name: host for host in hosts}, tuple(checks), complete=False)


async def look(
    run: Run, given: Mapping[str, JsonValue], show: Callable[[Event], None] = lambda event: None
) -> Looked:
    """Run the plan of `suggestion_plan` and gather what it finds, without what `given` has already."""
    replies: dict[str, list[Reply]] = {}
    unreached: dict[str, str] = {}
    async with aclosing(run.events()) as events:
        async for event in events:
            show(event)
            if isinstance(event, Replied):
                replies.setdefault(event.target, []).append(event.reply)
            elif isinstance(event, HostChanged) and event.state is HostState.FAILED:
                unreached[event.target] = event.detail or str(event.cause)
    found: list[Proposal] = []
    for check in run.plan.checks:
        assert isinstance(check.probe, Look)
        if check.target in replies and check.target not in unreached:
            seen = check.probe.seen(replies[check.target])
            found += proposals(check.target, seen)
    new = [one for one in found if given.get(one.parameter) != one.value]
    return Looked(gathered(new), unreached)
