"""Asking for the parameter that the item under the cursor lacks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from readiness_tui.model.checklist import Item, Mode
from readiness_tui.rules import parameters
from readiness_tui.tui.walk.state import WalkState

if TYPE_CHECKING:
    from readiness_tui.tui.walk.view import WalkView


def missing(state: WalkState) -> str:
    """The first parameter that the item under the cursor lacks; empty when it lacks none."""
    if (item := state.item) is None or state.assessment.read_only:
        return ""
    lacking = parameters.missing(state.checklist, state.assessment.session, item)
    return lacking[0] if lacking else ""


def ask(walk: WalkView) -> bool:
    """Ask for that parameter, save it and run the item's probe. False when the item lacks none."""
    from readiness_tui.tui.screens.parameter import ParameterScreen

    item, name = walk.state.item, missing(walk.state)
    if item is None or not name:
        return False
    then = partial(_given, walk, item)
    walk.app.push_screen(ParameterScreen(walk.workspace, name, why=f"Needed by: {item.text}", then=then))
    return True


def _given(walk: WalkView, item: Item) -> None:
    """The parameter was saved: ask for the next one, or run the probe."""
    if walk.state.item is item and ask(walk):
        return
    if item.mode is not Mode.DERIVED:
        walk.workspace.work(walk.workspace.prober.probe((item.same_as or item.id,)))
