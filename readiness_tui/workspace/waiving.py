"""Waivers: given, ended, and signed by their approver; the command line and the screens share it."""

from __future__ import annotations

from datetime import date

from readiness_tui.assessment import Assessment
from readiness_tui.errors import UsageError
from readiness_tui.model.answer import Waiver
from readiness_tui.rules import edits
from readiness_tui.signing import waiver as statement
from readiness_tui.signing.statement import principal


def waiver(assessment: Assessment, reason: str, owner: str, approver: str, until: date) -> Waiver:
    """A new waiver, approved now. Raises UsageError for a name that is no principal, or an own approval."""
    if not reason.strip():
        raise UsageError("a waiver needs a reason")
    who, agreed = principal(owner), principal(approver)
    if who.casefold() == agreed.casefold():
        raise UsageError("a waiver's approver is not its owner")
    return Waiver(
        reason=reason,
        owner=who,
        approver=agreed,
        expires=until,
        by=assessment.operator,
        at=assessment.now(),
    )


def message(assessment: Assessment, item: str, given: Waiver) -> bytes:
    """What the approver of a waiver signs. Raises UsageError for an approver who is no principal."""
    return statement.text(assessment.session, item, given).encode()


def with_signature(assessment: Assessment, item: str, given: Waiver, signature: str) -> Waiver:
    """The waiver with its approver's signature.

    Raises UsageError when it does not count: by another key, over another waiver, by somebody unlisted.
    """
    made = given.model_copy(update={"signature": signature})
    if why := assessment.check_waiver(assessment.session, item, made):
        raise UsageError(f"the signature does not count: {why}")
    return made


def give(assessment: Assessment, item: str, given: Waiver) -> None:
    """Waive the item. Raises UsageError as `edits.SetWaiver`."""
    assessment.apply(edits.SetWaiver(item, given))


def held(assessment: Assessment, item: str) -> Waiver:
    """The waiver of an item. Raises UsageError when it has none."""
    found = assessment.session.record(edits.find(assessment.checklist, item).id).waiver
    if found is None:
        raise UsageError(f"{item} has no waiver")
    return found
