"""The launch as JSON: the shape that `status --json` prints."""

from __future__ import annotations

from datetime import datetime

from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import Session
from readiness_tui.reports.parts.status import status


def render(checklist: Checklist, session: Session, now: datetime) -> str:
    """The status shape, indented, in the checklist's order. now: UTC."""
    return status(checklist, session, now).model_dump_json(indent=2) + "\n"
