"""The schema for editors: what it requires, and that the built-in checklist satisfies it."""

from __future__ import annotations

import json
from typing import Any

from readiness_tui.checklist.schema import checklist_schema
from readiness_tui.model.checklist import Checklist, Item
from tests.checklist.samples import KINDS


def test_it_is_json_and_names_its_dialect() -> None:
    schema = json.loads(json.dumps(checklist_schema()))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == "Checklist"


def test_keys_the_reader_finds_out_are_not_offered() -> None:
    schema = checklist_schema()
    assert set(schema["properties"]) == set(Checklist.model_fields) - {"source", "builtin", "digest"}
    assert schema["additionalProperties"] is False


def test_a_probe_has_conditions_by_the_names_of_the_file_and_its_kind_s_parameters() -> None:
    probe = checklist_schema()["$defs"]["ProbeSpec"]
    assert {"kind", "where", "fail", "pass", "info", "show"} <= set(probe["properties"])
    assert "pass_if" not in probe["properties"]
    assert probe["additionalProperties"] is True
    assert probe["anyOf"] == [{"required": ["fail"]}, {"required": ["pass"]}, {"required": ["info"]}]
    assert probe["required"] == ["kind", "where"]


def test_items_are_closed_and_their_words_listed() -> None:
    definitions = checklist_schema()["$defs"]
    item: dict[str, Any] = definitions["Item"]
    assert set(item["properties"]) == set(Item.model_fields)
    assert item["additionalProperties"] is False
    assert definitions["Mode"]["enum"] == ["auto", "assist", "manual", "derived"]


def test_kinds_are_listed_when_known() -> None:
    assert checklist_schema(KINDS)["$defs"]["ProbeSpec"]["properties"]["kind"]["enum"] == ["range", "service"]
    assert "enum" not in checklist_schema()["$defs"]["ProbeSpec"]["properties"]["kind"]
