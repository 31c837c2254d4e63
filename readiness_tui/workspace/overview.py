"""The summary of each launch on the first screen. A damaged file is reported in it, not raised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from readiness_tui.assessment import utc_now
from readiness_tui.display.rows import Tally, tally
from readiness_tui.errors import ReadinessError
from readiness_tui.launch import Launch
from readiness_tui.rules.decision.gate import decide
from readiness_tui.rules.standing import standings
from readiness_tui.store.sessions import Sessions


@dataclass(frozen=True, slots=True)
class Overview:
    """One launch on one day.

    days: all of them, oldest first. fault: why it cannot be read; everything else is then empty. at: when
    a human last changed it (UTC), by whom, and the position of the walk.
    """

    name: str
    days: tuple[date, ...] = ()
    day: date | None = None
    fault: str = ""
    hint: str = ""
    at: datetime | None = None
    by: str = ""
    position: str = ""
    section: str = ""
    all: Tally | None = None
    decision: str = ""
    blocking: int = 0
    hosts: int = 0


def overview(
    sessions: Sessions,
    name: str,
    day: date | None = None,
    *,
    clock: Callable[[], datetime] = utc_now,
) -> Overview:
    """Read a launch's day, or its newest day. Never raises, so that one launch cannot hide the others."""
    try:
        return _read(sessions, name, day, clock)
    except Exception as error:  # noqa: BLE001 - any fault of a launch is shown beside its name
        return Overview(name, day=day, fault=f"{type(error).__name__}: {error}"[:200])


def _read(sessions: Sessions, name: str, day: date | None, clock: Callable[[], datetime]) -> Overview:
    days: tuple[date, ...] = ()
    try:
        days = sessions.days(name)
        shown = day or (days[-1] if days else None)
        launch = Launch.open(sessions, name, day=shown, clock=clock)
    except ReadinessError as error:
        place = f"{error.where}: " if error.where else ""
        return Overview(name, days, day, fault=f"{place}{error.message}", hint=error.hint)
    session, checklist = launch.assessment.session, launch.assessment.checklist
    results = standings(checklist, session, clock())
    gate = decide(checklist, session, clock())
    last = max(session.history, key=lambda change: change.at, default=None)
    answered = max((r for r in session.items.values() if r.at), key=lambda r: r.at or clock(), default=None)
    item = checklist.items.get(session.position)
    section = next((s.title for s, _, i in checklist.walk() if item is not None and i.id == item.id), "")
    return Overview(
        name,
        days,
        session.day,
        at=last.at if last else (answered.at if answered else None),
        by=last.by if last else (answered.by if answered else session.operator),
        position=item.text if item else "",
        section=section,
        all=tally(checklist.items.values(), results),
        decision=gate.decision,
        blocking=len(gate.blocking),
        hosts=len(session.hosts),
    )
