"""The sign-off page as Markdown, to be read by the leads before they sign."""

from __future__ import annotations

from readiness_tui.reports.parts.page import page
from readiness_tui.reports.parts.templates import markdown
from readiness_tui.rules.decision.review import Review


def render(review: Review) -> bytes:
    """The page, judged at the launch time if it is set, else now."""
    return markdown("signoff.md.j2", page(review)).encode()
