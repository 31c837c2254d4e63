"""The items as CSV (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from readiness_tui.reports.parts.text import utc, visible
from readiness_tui.rules.decision.review import Review
from readiness_tui.rules.standing import outcomes

COLUMNS = (
    "id,section,group,severity,role,phase,text,standing,answer,reason,note,by,at,"
    "hosts,evidence,waiver_expires"
)


def render(review: Review) -> bytes:
    """One row per item, in the checklist's order; CRLF line ends, UTF-8."""
    made = io.StringIO()
    rows = csv.writer(made, lineterminator="\r\n")
    rows.writerow(COLUMNS.split(","))
    for section, group, item in review.checklist.walk():
        record = review.session.record(item.id)
        results = outcomes(item, review.checklist, review.session)
        hosts = "; ".join(f"{t}: {o.verdict}" for t, o in results.items() if o)
        proofs = "; ".join(proof.path or proof.url or "" for proof in record.evidence)
        expires = str(record.waiver.expires) if record.waiver else ""
        fields = (item.id, section.id, group.id, item.severity, item.role, item.phase, item.text,
                  review.found[item.id].standing, record.answer or "", record.reason, record.note, record.by,
                  utc(record.at), hosts, proofs, expires)  # fmt: skip
        rows.writerow([_safe(visible(str(field))) for field in fields])
    return made.getvalue().encode()


def _safe(cell: str) -> str:
    """A cell that a spreadsheet does not interpret as a formula."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
