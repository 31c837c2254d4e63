"""Asking who works on a launch, where neither an option, the environment nor the settings say it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.app import App

from readiness_tui.display.marks import Charset
from readiness_tui.errors import ReadinessError, UsageError
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui.messages import OpenLaunch

HELP = """Named in answers, in the history and on the sign-off page.
READINESS_OPERATOR or --operator says it without a question."""


async def ask(
    app: App[None], sessions: Sessions, event: OpenLaunch, chars: Charset, left: Callable[[], None]
) -> bool:
    """Ask for the operator, and ask to open the launch again with the name.

    left: called when the question was left. False, without a question, for a launch that cannot be read.
    """
    from readiness_tui.tui.screens.single_value import SingleValueScreen
    from readiness_tui.workspace.opening import offered_operator

    try:
        offered = await asyncio.to_thread(offered_operator, sessions, event.name)
    except ReadinessError:
        return False

    def named(name: str) -> None:
        if not name:
            raise UsageError("write your name: answers and the history say who gave them")
        event.operator = name

    def open_it() -> None:
        again = OpenLaunch(event.name, event.day, event.view, item=event.item, operator=event.operator)
        app.post_message(again)

    screen = SingleValueScreen(
        f"Who works on {event.name} now?",
        "Operator",
        named,
        chars,
        value=offered,
        takes="your name",
        help=HELP,
        then=open_it,
        left=left,
    )
    await app.push_screen(screen)
    return True
