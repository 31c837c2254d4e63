"""Open a launch for editing, or read-only while another process has it open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from readiness_tui import settings
from readiness_tui.errors import LaunchLockedError
from readiness_tui.launch import Launch
from readiness_tui.store.lock import holder
from readiness_tui.store.sessions import Sessions


def offered_operator(sessions: Sessions, name: str) -> str:
    """The operator to suggest: the launch's last one, else the login; empty if neither is known.

    Does file I/O. Raises as `Sessions.load`.
    """
    return sessions.load(name).operator or settings.login()


def open_launch(
    sessions: Sessions,
    name: str,
    day: date | None,
    operator: str,
    today: date,
    clock: Callable[[], datetime],
) -> Launch:
    """A past day read-only, or today's session for editing; read-only too while another process has the
    lock.

    Does file I/O and parsing, so call it in a thread. Raises as `Launch.open`.
    """
    try:
        return Launch.open(sessions, name, day=day, operator=operator, today=today, clock=clock)
    except LaunchLockedError as error:
        owner = holder(sessions.folder_of(name))
        newest = sessions.days(name)[-1]
        launch = Launch.open(sessions, name, day=newest, operator=operator, today=today, clock=clock)
        launch.assessment.read_only = error.message
        launch.held_by = owner
        return launch
