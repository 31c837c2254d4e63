"""Edits: the only way to change a session. Each is pure: it returns a new session.

Changes made by a human are recorded in the history; outcomes and the position are not.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError

from readiness_tui.errors import UsageError
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import Session
from readiness_tui.rules.edits.contract import Context, Edit, UndoableEdit, find
from readiness_tui.rules.edits.items import (
    Restore,
    SetAnswer,
    SetEvidence,
    SetNote,
    SetOutcomes,
    SetPosition,
    SetWaiver,
)
from readiness_tui.rules.edits.launch import (
    AddSignoff,
    SetHosts,
    SetLaunchAt,
    SetNotes,
    SetOperator,
    SetParameter,
    SetProbeOnOpen,
    SetZone,
    WithdrawSignoff,
)
from readiness_tui.rules.edits.together import SetAnswers

__all__ = [
    "AddSignoff",
    "Edit",
    "Restore",
    "SetAnswer",
    "SetAnswers",
    "SetEvidence",
    "SetHosts",
    "SetLaunchAt",
    "SetNote",
    "SetNotes",
    "SetOperator",
    "SetOutcomes",
    "SetParameter",
    "SetPosition",
    "SetProbeOnOpen",
    "SetWaiver",
    "SetZone",
    "UndoableEdit",
    "WithdrawSignoff",
    "apply",
    "find",
]


def apply(checklist: Checklist, session: Session, edit: Edit, *, by: str, now: datetime) -> Session:
    """Return the session after the edit; the same object if nothing changes.

    by: who edits. now: UTC. Raises UsageError for an edit that is invalid for the checklist, and for a
    value that a session file cannot hold.
    """
    try:
        return edit.apply(session, Context(checklist, by, now))
    except ValidationError as error:
        raise UsageError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error
    except ValueError as error:
        raise UsageError(str(error)) from error
