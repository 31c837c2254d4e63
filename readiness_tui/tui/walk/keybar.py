"""The keys that matter now, the most useful first. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from readiness_tui.model.checklist import Mode
from readiness_tui.rules.probing.plan import probe_of
from readiness_tui.rules.standing import Standing, outcomes
from readiness_tui.tui.commands.base import Command
from readiness_tui.tui.commands.reading import CloseDetail, NextItem
from readiness_tui.tui.walk.state import WalkState

UNMET = frozenset({Standing.NOT_READY, Standing.CONFLICT, Standing.UNKNOWN})

ANSWERS = ("answer.done", "answer.not-done", "answer.not-applicable", "answer.defer")
REST = ("evidence.note", "move.next-open", "evidence.open", "probe.section", "find.filter", "find.view")

IN_DETAIL: dict[str, type[Command]] = {command.name: command for command in (CloseDetail, NextItem)}
"""Keys that mean something else while the detail is shown."""

DETAIL = (CloseDetail.name, NextItem.name, "evidence.copy", "evidence.note")
LAST = ("find.palette", "view.help")
"""Always there; the last one even where there is hardly any room."""


def keys_now(
    state: WalkState, offers: Iterable[type[Command]], *, detail: bool = False
) -> tuple[type[Command], ...]:
    """The commands for the bar, by where the walk stands.

    offers: those that the screen has. detail: the item's detail is shown.
    """
    known = {command.name: command for command in offers} | (IN_DETAIL if detail else {})
    rest = DETAIL if detail else REST
    names = dict.fromkeys((*_first(state), *rest, *LAST))
    return tuple(known[name] for name in names if name in known)


def _first(state: WalkState) -> tuple[str, ...]:
    if state.assessment.read_only:
        return ("view.work",)
    if state.anchor:
        return (*ANSWERS, "select.range")
    stop = ("probe.cancel",) if state.workspace.prober.busy else ()
    undo = ("answer.undo",) if state.just_answered else ()
    if (item := state.item) is None:
        return (*stop, *undo, "find.clear")
    if item.mode is Mode.DERIVED:
        return (*stop, *undo)
    one, probe = state.found[item.id], probe_of(item, state.checklist)
    if one.standing is Standing.NOT_READY and one.answered_not_done:
        return (*stop, *undo, "answer.done", "answer.waive", "answer.clear")
    if one.standing in UNMET:
        return (*stop, *undo, "answer.override", "answer.waive", "answer.not-done", "probe.item")
    looked = outcomes(item, state.checklist, state.assessment.session).values()
    unchecked = probe is not None and (None in looked or one.standing is Standing.STALE)
    check = ("probe.item",) if unchecked else ()
    return (*stop, *undo, *check, *ANSWERS)
