"""The bundle format: everything needed to verify a decision, in one reproducible tar."""

from __future__ import annotations

from datetime import UTC, datetime, time

from readiness_tui.model.session import Session
from readiness_tui.reports import signoff_html
from readiness_tui.rules.decision.page import page, scope_of
from readiness_tui.rules.decision.review import Review
from readiness_tui.signing import bundle


def render(review: Review) -> bytes:
    """The tar, including the files of the review. Identical for the same session if `now` is its `moment`."""
    session = review.session
    files = dict(review.files)
    files["page.txt"] = review.page.encode()
    files["page.html"] = signoff_html.render(review)
    for each in review.signoffs:
        if each.signoff is None or not each.signoff.signature:
            continue
        files[f"signoff/{each.role}.txt"] = each.signoff.statement.encode()
        files[f"signoff/{each.role}.txt.sig"] = each.signoff.signature.encode()
        scope = scope_of(review.checklist, each.role)
        if scope == each.role:
            files[f"pages/{each.role}.txt"] = page(review.checklist, session, scope).encode()
    return bundle.write(files, moment(session))


def moment(session: Session) -> datetime:
    """The time stored in the bundle: T0, else that of the last signature, else the end of the day (UTC)."""
    end = datetime.combine(session.day, time(23, 59, 59), UTC)
    return session.launch_at or max((signed.at for signed in session.signoffs), default=end)
