"""The sign-off page as one HTML file that needs nothing else: no script, no network."""

from __future__ import annotations

from readiness_tui.reports.parts.page import page
from readiness_tui.reports.parts.templates import html
from readiness_tui.rules.decision.review import Review


def render(review: Review) -> bytes:
    """The page, judged at the launch time when one is set, else now."""
    return html("signoff.html.j2", page(review)).encode()
