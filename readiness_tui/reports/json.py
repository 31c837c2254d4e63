"""The launch as JSON, in the shape of `status --json`."""

from __future__ import annotations

from readiness_tui.reports.parts.status import status
from readiness_tui.reports.parts.text import json_escaped
from readiness_tui.rules.decision.review import Review


def render(review: Review) -> bytes:
    """The status, indented, in the checklist's order."""
    return (json_escaped(status(review).model_dump_json(indent=2)) + "\n").encode()
