"""Watch the file of an open launch for changes by others, and its lock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from readiness_tui.errors import ReadinessError
from readiness_tui.launch import Launch
from readiness_tui.rules.former_ids import migrate
from readiness_tui.store.lock import Owner, holder

LOOK_S = 1.0
"""Seconds between checks of the file."""


async def follow(launch: Launch, say: Callable[[str], None], resave: Callable[[], None]) -> None:
    """Watch the file for as long as the launch is open.

    A read-only launch shows what others save. An editable launch is submitted again when others wrote the
    file, which merges the changes. resave: submits it.
    """
    reported = reported_owner = ""
    while True:
        await asyncio.sleep(LOOK_S)
        session = launch.assessment.session
        if await asyncio.to_thread(launch.sessions.changed, session):
            if not launch.assessment.read_only:
                resave()
            elif (failed := await _reload(launch)) != reported:
                reported = failed
                say(failed)
        if launch.held_by is not None:
            word = await asyncio.to_thread(_owner_now, launch, launch.held_by)
            if word != reported_owner:
                reported_owner = word
                say(word)


async def _reload(launch: Launch) -> str:
    """Load the changed file. Returns why it cannot be read; empty if it can."""
    session, assessment = launch.assessment.session, launch.assessment
    try:
        session_now = await asyncio.to_thread(launch.sessions.load, session.launch, session.day)
    except ReadinessError as error:
        return f"cannot be read at present: {error.message}"
    assessment.replace(migrate(assessment.checklist, session_now))
    return ""


def _owner_now(launch: Launch, before: Owner) -> str:
    """Record the present owner. Returns a message if the previous owner has left or died."""
    now = holder(launch.sessions.folder_of(launch.assessment.session.launch))
    launch.held_by = now
    if now is None:
        return f"{before.who} has left: it can be opened for editing"
    return f"{now.who} ended without leaving it: T takes it over" if now.alive is False else ""


def named(owner: Owner) -> str:
    """Who has a launch open, where and since when, in the operator's time zone."""
    try:
        since = f"{datetime.fromisoformat(owner.since).astimezone():%d %b %H:%M}"
    except ValueError:
        since = owner.since
    return f"{owner.who} on {owner.host} since {since} (pid {owner.pid})"
