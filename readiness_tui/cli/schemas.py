"""JSON Schemas of the files and documents that other programs read or write."""

from __future__ import annotations

from typing import Any

from readiness_tui.model.checklist import Checklist
from readiness_tui.model.session import Session
from readiness_tui.reports.parts.status import StatusView

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def checklist_schema() -> dict[str, Any]:
    """Of a checklist file. A probe's own parameters stand beside its other keys."""
    made = Checklist.model_json_schema()
    for name in ("source", "builtin", "digest"):
        made["properties"].pop(name)
    probe = made["$defs"]["ProbeSpec"]
    probe["properties"].pop("params")
    probe["additionalProperties"] = True
    return {"$schema": DIALECT, **made}


def session_schema() -> dict[str, Any]:
    """Of a session file; TOML's dates and times are strings in it."""
    return {"$schema": DIALECT, **Session.model_json_schema()}


def status_schema() -> dict[str, Any]:
    """Of what `status --json` and `probe --json` print."""
    return {"$schema": DIALECT, **StatusView.model_json_schema(mode="serialization")}
