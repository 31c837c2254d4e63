"""JSON Schemas of the session file and of the status. That of a checklist is in `checklist.schema`."""

from __future__ import annotations

from typing import Any

from readiness_tui.checklist.schema import DIALECT
from readiness_tui.model.session import Session
from readiness_tui.reports.parts.status import StatusView


def session_schema() -> dict[str, Any]:
    """The schema of a session file. TOML's dates and times are strings in it."""
    return {"$schema": DIALECT, **Session.model_json_schema()}


def status_schema() -> dict[str, Any]:
    """The schema of the output of `status --json` and `probe --json`."""
    return {"$schema": DIALECT, **StatusView.model_json_schema(mode="serialization")}
