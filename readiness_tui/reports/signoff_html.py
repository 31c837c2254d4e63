"""The sign-off page as one self-contained HTML file, without scripts or network access."""

from __future__ import annotations

from readiness_tui.reports.parts.page import page
from readiness_tui.reports.parts.templates import html
from readiness_tui.rules.decision.review import Review


def render(review: Review) -> bytes:
    """The page, judged at the launch time if it is set, else now."""
    return html("signoff.html.j2", page(review)).encode()
