"""The bundle: everything that is needed to verify a decision, as one reproducible tar."""

from __future__ import annotations

from datetime import UTC, datetime, time

from readiness_tui.reports import signoff_html
from readiness_tui.rules.decision.page import page, scope_of
from readiness_tui.rules.decision.review import Review
from readiness_tui.signing import bundle


def render(review: Review) -> bytes:
    """The tar of the review's files; its times are T0, else the last signature's, else the day's."""
    session = review.session
    last = max((signed.at for signed in session.signoffs), default=datetime.combine(session.day, time(), UTC))
    moment = session.launch_at or last
    files = dict(review.files)
    files["page.txt"] = review.page.encode()
    files["page.html"] = signoff_html.render(_at(review, moment))
    for each in review.signoffs:
        if each.signoff is None or not each.signoff.signature:
            continue
        files[f"signoff/{each.role}.txt"] = each.signoff.statement.encode()
        files[f"signoff/{each.role}.txt.sig"] = each.signoff.signature.encode()
        scope = scope_of(review.checklist, each.role)
        if scope == each.role:
            files[f"pages/{each.role}.txt"] = page(review.checklist, session, scope).encode()
    return bundle.write(files, moment)


def _at(review: Review, moment: datetime) -> Review:
    """The review as written at that moment, so that the same session gives the same bytes."""
    from dataclasses import replace

    return replace(review, now=moment)
