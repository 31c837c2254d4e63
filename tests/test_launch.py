"""An open launch: the results of one run are used by the next."""

from __future__ import annotations

from contextlib import aclosing
from datetime import date
from pathlib import Path

from readiness_tui.engine.events import AskStarted
from readiness_tui.launch import Launch, begin, load_checklist, reference
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.probe import Ask, asked
from readiness_tui.model.session import Session
from readiness_tui.rules import edits
from readiness_tui.store.sessions import Sessions
from readiness_tui.transports.shell.pool import WORKERS
from tests.samples import outcome


def launch_of_this_machine(folder: Path) -> Launch:
    checklist, sessions = load_checklist("production"), Sessions(folder)
    host = Host(name="me", address="local", roles=("app",))
    begun = Session(
        launch="demo", day=date.today(), checklist=reference(checklist), operator="ana", hosts=(host,)
    )
    begin(sessions, begun, checklist)
    return Launch.open(sessions, "demo", operator="ana")


async def first_asked(launch: Launch) -> list[Ask]:
    """What each worker begins with."""
    run = launch.run(launch.plan(only=["infrastructure.server"]))
    began: list[Ask] = []
    async with aclosing(launch.probe(run)) as events:
        async for event in events:
            if isinstance(event, AskStarted):
                began.append(event.ask)
            if len(began) == WORKERS:
                break
    await launch.close()
    return began


async def test_what_took_long_the_last_time_is_asked_first(tmp_path: Path) -> None:
    launch = launch_of_this_machine(tmp_path)
    checks = launch.plan(only=["infrastructure.server"]).checks
    early = await first_asked(launch)
    slow = next(check for check in checks if len(check.asks) == 1 and check.asks[0] not in early)
    launch = Launch.open(Sessions(tmp_path), "demo", operator="ana")
    found = outcome(Verdict.PASS).model_copy(update={"took_ms": 9000, "asked": asked(slow.asks)})
    launch.assessment.apply(edits.SetOutcomes({slow.item: {"me": found}}, {}))
    assert slow.asks[0] in await first_asked(launch)
