"""The JSON Schema of a checklist file, for completion and checks in editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from readiness_tui.checklist.checks import READER_KEYS
from readiness_tui.checklist.probe_checks import CONDITIONS
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.probe import KindSchema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def checklist_schema(kinds: Mapping[str, KindSchema] | None = None) -> dict[str, Any]:
    """The schema, generated from the model. kinds: if given, the allowed values of `kind`.

    The reader checks what a schema cannot express: unique ids, references, the parameters of a kind.
    """
    schema = Checklist.model_json_schema(by_alias=True)
    for key in READER_KEYS:
        del schema["properties"][key]
    probe = schema["$defs"]["ProbeSpec"]
    probe["additionalProperties"] = True
    probe["anyOf"] = [{"required": [name]} for name in CONDITIONS]
    if kinds:
        probe["properties"]["kind"]["enum"] = sorted(kinds)
    return {"$schema": DIALECT, **schema}
