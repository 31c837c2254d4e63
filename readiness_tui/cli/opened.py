"""How a verb comes by a launch, and the one place where it saves it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from readiness_tui import settings
from readiness_tui.cli.folder import sessions_at
from readiness_tui.cli.options import Place
from readiness_tui.launch import Launch


def to_read(option: str | None, place: Place, context: click.Context | None = None) -> Launch:
    """The launch as it was left: the named day, else its newest; nothing is begun or written."""
    sessions = sessions_at(option, context)
    day = place.day or sessions.load(place.launch).day
    return Launch.open(sessions, place.launch, day=day)


@contextmanager
def to_work(option: str | None, launch: str) -> Iterator[Launch]:
    """The launch to work on, held for this process: today's session, carried over when new."""
    opened = Launch.open(sessions_at(option), launch, operator=settings.operator())
    try:
        yield opened
    finally:
        opened.release()


def keep(launch: Launch) -> None:
    """Save the session as it is now. Raises SessionError."""
    launch.sessions.save(launch.assessment.session)
