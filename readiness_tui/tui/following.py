"""Noticing what others do to the file of an open launch, and who holds it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from readiness_tui.errors import ReadinessError
from readiness_tui.launch import Launch
from readiness_tui.rules.identity import adopt
from readiness_tui.store.lock import Owner, holder

LOOK_S = 1.0
"""Seconds between two looks at the file."""


async def follow(launch: Launch, say: Callable[[str], None], resave: Callable[[], None]) -> None:
    """Look at the file for as long as the launch is open.

    A launch that is read shows what others save. One that is worked on is saved anew when somebody
    else wrote its file, which merges the two. resave: submits it once more.
    """
    told = ""
    held_by = launch.held_by
    while True:
        await asyncio.sleep(LOOK_S)
        session = launch.assessment.session
        if await asyncio.to_thread(launch.sessions.changed, session):
            if not launch.assessment.read_only:
                resave()
            elif (failed := await _reload(launch)) != told:
                told = failed
                say(failed)
        if held_by is not None and not await asyncio.to_thread(_still_held, launch):
            launch.held_by = None
            say(f"{held_by.who} has left: H, then Enter, opens it to work on")
            held_by = None


async def _reload(launch: Launch) -> str:
    """Take up what the file says; why not, when it cannot be read."""
    session, assessment = launch.assessment.session, launch.assessment
    try:
        found = await asyncio.to_thread(launch.sessions.load, session.launch, session.day)
    except ReadinessError as error:
        return f"cannot be read just now: {error.message}"
    assessment.adopt(adopt(assessment.checklist, found))
    return ""


def _still_held(launch: Launch) -> bool:
    owner = holder(launch.sessions.folder_of(launch.assessment.session.launch))
    return owner is not None and owner.alive is not False


def named(owner: Owner) -> str:
    """Who has a launch open, where and since when, in the operator's zone."""
    try:
        since = f"{datetime.fromisoformat(owner.since).astimezone():%d %b %H:%M}"
    except ValueError:
        since = owner.since
    return f"{owner.who} on {owner.host} since {since} (pid {owner.pid})"
