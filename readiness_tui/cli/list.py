"""`readiness list`: the launches, their days, progress and gate."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Literal

import click
from pydantic import BaseModel

from readiness_tui.assessment import Assessment
from readiness_tui.cli.support.folder import folder_at, sessions_at
from readiness_tui.cli.support.options import json_option, sessions_option
from readiness_tui.cli.support.printing import raw, say, table
from readiness_tui.errors import ReadinessError
from readiness_tui.launch import load_checklist
from readiness_tui.rules.decision.gate import progress
from readiness_tui.rules.times import local
from readiness_tui.store.sessions import Sessions


class Row(BaseModel):
    """A launch in the list. error: why its newest day cannot be read; the rest is then empty."""

    launch: str
    days: tuple[date, ...] = ()
    operator: str = ""
    launch_at: datetime | None = None
    satisfied: int | None = None
    total: int | None = None
    gate: Literal["go", "no-go"] | None = None
    blocking: int | None = None
    error: str | None = None


class Listing(BaseModel):
    """The output of `list --json`."""

    launches: tuple[Row, ...]


@click.command(short_help="List the launches: days, progress, gate.")
@json_option
@sessions_option
def command(as_json: bool, sessions: str | None) -> None:
    """List the launches with days, progress and gate. For a launch that cannot be read, show why."""
    kept = sessions_at(sessions)
    rows = tuple(_row(kept, launch) for launch in kept.launches())
    if as_json:
        raw(Listing(launches=rows).model_dump_json(indent=2) + "\n")
    elif not rows:
        say(f"no launches in {folder_at(sessions)}; create one with readiness new")
    else:
        table([_cells(row) for row in rows], ("launch", "days", "newest", "satisfied", "gate", "launch time"))


_checklist = cache(load_checklist)


def _row(kept: Sessions, launch: str) -> Row:
    """One launch's row. Errors are shown in the row, so that the other launches are listed."""
    try:
        return _read(kept, launch)
    except Exception as error:  # noqa: BLE001 - a launch that breaks the program must not hide the others
        return Row(launch=launch, error=f"{type(error).__name__}: {error}"[:200])


def _read(kept: Sessions, launch: str) -> Row:
    days: tuple[date, ...] = ()
    try:
        days = kept.days(launch)
        session = kept.load(launch)
        checklist = _checklist(session.checklist.source or session.checklist.id)
    except ReadinessError as error:
        return Row(launch=launch, days=days, error=" ".join(str(error).split("\n  hint: ")[0].split()))
    work = Assessment(checklist, session)
    gate = work.gate()
    done, due = progress(work.standings().values())
    return Row(
        launch=launch,
        days=days,
        operator=session.operator,
        launch_at=session.launch_at,
        satisfied=done,
        total=due,
        gate=gate.decision,
        blocking=len(gate.blocking),
    )


def _cells(row: Row) -> tuple[str, ...]:
    newest = str(row.days[-1]) if row.days else ""
    if row.error is not None:
        return row.launch, str(len(row.days)), newest, "", f"cannot be read: {row.error}", ""
    progress = f"{row.satisfied}/{row.total}"
    gate = f"{row.gate}, {row.blocking} blocking" if row.blocking else str(row.gate)
    return row.launch, str(len(row.days)), newest, progress, gate, local(row.launch_at)
