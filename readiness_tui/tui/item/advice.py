"""What to do next about an item, with the key that does it. Pure."""

from __future__ import annotations

from readiness_tui.display.sentences import Outcomes
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.checklist import Item, Mode
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.session import Record
from readiness_tui.rules.standing import ItemStanding, Standing


def next_step(
    item: Item, record: Record, one: ItemStanding, found: Outcomes, *, probed: bool, running: bool
) -> str:
    """One line. probed: a probe looks at the item. running: it does so now."""
    if running:
        return "wait for the check, or x stops it"
    if item.mode is Mode.DERIVED:
        return "nothing here: it is computed from the other items and the sign-offs"
    recheck = "; r checks again" if probed else ""
    match one.standing:
        case Standing.NOT_READY if one.answered_not_done:
            return f"space answers done once it is{recheck}"
        case Standing.NOT_READY | Standing.CONFLICT:
            return "fix it, then r checks again; f not done, o override"
        case Standing.UNKNOWN:
            return "remove the cause, then r checks again; o override"
        case Standing.STALE if _too_old(found, one):
            return "r checks again"
        case Standing.STALE:
            return f"space confirms done; f not done; c clears the answer{recheck}"
        case Standing.PENDING:
            return "nothing before the launch"
        case Standing.READY | Standing.NOT_APPLICABLE | Standing.WAIVED:
            return "nothing; n goes to the next open item"
    if probed and any(outcome is None for outcome in found.values()):
        return "r checks it" if item.mode is Mode.AUTO else "r checks it; then space done, f not done, a n/a"
    if record.answer is AnswerKind.DEFERRED:
        return "space done, f not done, a n/a"
    return "space done, f not done, a n/a, d decide later"


def _too_old(found: Outcomes, one: ItemStanding) -> bool:
    """The outcome is stale, not the answer."""
    looked = any(o is not None and o.verdict is not Verdict.INFO for o in found.values())
    return looked and not one.reason.startswith(("the answer", "the item's text"))
