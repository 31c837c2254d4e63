"""The JSON Schema of a checklist file, for editors that complete and check while typing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from readiness_tui.checklist.checks import READER_KEYS
from readiness_tui.checklist.probe_checks import CONDITIONS
from readiness_tui.model.checklist import Checklist
from readiness_tui.model.probe import KindSchema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def checklist_schema(kinds: Mapping[str, KindSchema] | None = None) -> dict[str, Any]:
    """The schema, from the model. kinds: when given, `kind` is one of these.

    What only the reader can know (unique ids, references, a kind's own parameters) is left to it.
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
