"""Noticing what others do to the file of an open launch, and who holds it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from readiness_tui.errors import ReadinessError
from readiness_tui.launch import Launch
from readiness_tui.rules.former_ids import migrate
from readiness_tui.store.lock import Owner, holder

LOOK_S = 1.0
"""Seconds between two looks at the file."""


async def follow(launch: Launch, say: Callable[[str], None], resave: Callable[[], None]) -> None:
    """Look at the file for as long as the launch is open.

    A launch that is read shows what others save. One that is worked on is saved anew when somebody
    else wrote its file, which merges the two. resave: submits it once more.
    """
    told = told_of_owner = ""
    while True:
        await asyncio.sleep(LOOK_S)
        session = launch.assessment.session
        if await asyncio.to_thread(launch.sessions.changed, session):
            if not launch.assessment.read_only:
                resave()
            elif (failed := await _reload(launch)) != told:
                told = failed
                say(failed)
        if launch.held_by is not None:
            word = await asyncio.to_thread(_owner_now, launch, launch.held_by)
            if word != told_of_owner:
                told_of_owner = word
                say(word)


async def _reload(launch: Launch) -> str:
    """Take up what the file says; why not, when it cannot be read."""
    session, assessment = launch.assessment.session, launch.assessment
    try:
        found = await asyncio.to_thread(launch.sessions.load, session.launch, session.day)
    except ReadinessError as error:
        return f"cannot be read just now: {error.message}"
    assessment.replace(migrate(assessment.checklist, found))
    return ""


def _owner_now(launch: Launch, before: Owner) -> str:
    """Note who has it now; in words, how whoever had it ended."""
    now = holder(launch.sessions.folder_of(launch.assessment.session.launch))
    launch.held_by = now
    if now is None:
        return f"{before.who} has left: it can be opened for editing"
    return f"{now.who} ended without leaving it: T takes it over" if now.alive is False else ""


def named(owner: Owner) -> str:
    """Who has a launch open, where and since when, in the operator's zone."""
    try:
        since = f"{datetime.fromisoformat(owner.since).astimezone():%d %b %H:%M}"
    except ValueError:
        since = owner.since
    return f"{owner.who} on {owner.host} since {since} (pid {owner.pid})"
