"""The sign-off page as Markdown: what four leads read before they sign."""

from __future__ import annotations

from datetime import datetime

from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import Session
from readiness_tui.reports.parts.page import page
from readiness_tui.reports.parts.templates import markdown


def render(checklist: Checklist, session: Session, now: datetime) -> str:
    """The page, judged at the launch time when one is set, else at `now` (UTC)."""
    return markdown("signoff.md.j2", page(checklist, session, now))
