"""`readiness gate`: go or no-go, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

import click
from pydantic import BaseModel

from readiness_tui.cli.support.opened import to_read
from readiness_tui.cli.support.options import Moment, Place, json_option, place_argument, sessions_option
from readiness_tui.cli.support.printing import data, raw, table
from readiness_tui.errors import ExitCode
from readiness_tui.model.checklist import Checklist, Derivation, Mode, Severity
from readiness_tui.model.session import Session
from readiness_tui.reports.parts.status import ObstacleView, obstacle_view
from readiness_tui.rules.decision.gate import Gate, Obstacle
from readiness_tui.rules.times import local

SEVERITIES = [severity.value for severity in Severity]


class Decided(BaseModel):
    """The output of `gate --json`. at: the time it was judged for, UTC."""

    launch: str
    day: date
    decision: Literal["go", "no-go"]
    at: datetime
    blocking: tuple[ObstacleView, ...]
    minors: tuple[ObstacleView, ...]
    waived: tuple[str, ...]
    overridden: tuple[str, ...]
    counts: dict[str, int]


@click.command(short_help="Decide go or no-go, with the reasons.")
@place_argument
@click.option(
    "--at", type=Moment(), metavar="T0", help="Judge at this time (default: the launch time, else now)."
)
@json_option
@sessions_option
def command(place: Place, at: datetime | None, as_json: bool, sessions: str | None) -> ExitCode:
    """Decide go or no-go, with the reasons. No-go unless every condition is met and every role has signed."""
    work = to_read(sessions, place).assessment
    gate = work.gate(at)
    if as_json:
        raw(_decided(work.session, gate).model_dump_json(indent=2) + "\n")
    else:
        _print(work.session, gate, at)
    return exit_code(work.checklist, gate)


def exit_code(checklist: Checklist, gate: Gate) -> ExitCode:
    """The exit status of a decision.

    It is COULD_NOT_CHECK if everything that blocks is unknown. Items computed from other items do not
    count, because they follow from those; a missing signature does.
    """
    if gate.decision == "go":
        return ExitCode.READY
    causes = [obstacle for obstacle in gate.blocking if not _follows(checklist, obstacle)]
    if causes and all(obstacle.standing == "unknown" for obstacle in causes):
        return ExitCode.COULD_NOT_CHECK
    return ExitCode.NOT_READY


def _follows(checklist: Checklist, obstacle: Obstacle) -> bool:
    item = checklist.items.get(obstacle.item)
    return item is not None and item.mode is Mode.DERIVED and item.derive is not Derivation.APPROVAL


def _decided(session: Session, gate: Gate) -> Decided:
    return Decided(
        launch=session.launch,
        day=session.day,
        decision=gate.decision,
        at=gate.at,
        blocking=tuple(map(obstacle_view, gate.blocking)),
        minors=tuple(map(obstacle_view, gate.minors)),
        waived=gate.waived,
        overridden=gate.overridden,
        counts=gate.counts,
    )


def _print(session: Session, gate: Gate, at: datetime | None) -> None:
    moment = "the time asked for" if at else "the launch time" if session.launch_at else "now"
    data(f"{gate.decision}: {session.launch}, judged for {local(gate.at)} ({moment})")
    _listed("blocking", gate.blocking)
    _listed("minors not met", gate.minors)
    for words, ids in (("waived", gate.waived), ("overridden", gate.overridden)):
        if ids:
            data(f"\n{words} ({len(ids)})")
            data("\n".join(ids))


def _listed(words: str, obstacles: Sequence[Obstacle]) -> None:
    """Print the obstacles, most severe first."""
    if obstacles:
        ordered = sorted(obstacles, key=lambda obstacle: SEVERITIES.index(obstacle.severity))
        data(f"\n{words} ({len(obstacles)})")
        table([(o.standing, o.severity, o.role, o.item, o.what, o.reason) for o in ordered])
