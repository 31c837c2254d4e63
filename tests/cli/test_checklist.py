"""`readiness checklist` and `readiness probes`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from readiness_tui.store import allow
from tests.cli.conftest import SMALL, Readiness


def test_the_built_in_checklist_is_shown_whole(readiness: Readiness) -> None:
    done = readiness("checklist", "show", "production", "--json")
    output = json.loads(done.out)
    assert (done.status, done.err) == (0, "")
    assert len(output["items"]) == len({item["id"] for item in output["items"]}) == 209
    assert len(output["sections"]) == 14
    assert sum(len(section["groups"]) for section in output["sections"]) == 33
    assert [role["id"] for role in output["roles"]] == ["technical", "operations", "security", "product"]
    assert {"app_name", "service_unit"} <= {parameter["name"] for parameter in output["parameters"]}
    groups = {(section["id"], group["id"]) for section in output["sections"] for group in section["groups"]}
    assert {(item["section"], item["group"]) for item in output["items"]} == groups


def test_people_see_ids_and_parameters(readiness: Readiness) -> None:
    done = readiness("checklist", "show")
    assert sum(line.startswith("infrastructure.server.") for line in done.out.splitlines()) == 8
    assert "app_name" in done.out


def test_the_built_in_ones_are_listed(readiness: Readiness) -> None:
    assert "production" in readiness("checklist", "list").out
    output = json.loads(readiness("checklist", "list", "--json").out)
    assert {"id": "production", "title": "Production Readiness Checklist", "version": 1} in output[
        "checklists"
    ]


def test_lint_names_file_line_and_column_of_every_fault(readiness: Readiness, small: str) -> None:
    assert readiness("checklist", "lint", small).status == 0
    Path(small).write_text(
        SMALL.replace("severity: major", "severty: major").replace("mode: manual", "mode: manul", 1)
    )
    done = readiness("checklist", "lint", small)
    assert (done.status, done.err) == (2, "")
    faults = done.out.splitlines()
    assert len(faults) >= 2
    assert all(line.startswith(f"{small}:") for line in faults)
    output = json.loads(readiness("checklist", "lint", small, "--json").out)
    assert [f"{f['file']}:{f['line']}:{f['column']}" for f in output["faults"]] == [
        ":".join(line.split(":")[:3]) for line in faults
    ]


@pytest.mark.parametrize("words", [[], ["--session"], ["--status"]])
def test_schemas_are_json_schemas(words: list[str], readiness: Readiness) -> None:
    output = json.loads(readiness("checklist", "schema", *words).out)
    assert output["$schema"].startswith("https://json-schema.org/")
    assert output["type"] == "object"
    assert "source" not in output["properties"]


def test_the_status_schema_names_every_key_of_the_status(readiness: Readiness, small: str) -> None:
    readiness("new", "demo", "--checklist", small)
    output = json.loads(readiness("status", "demo", "--json").out)
    schema = json.loads(readiness("checklist", "schema", "--status").out)
    assert list(schema["properties"]) == list(output)
    assert list(schema["$defs"]["ItemView"]["properties"]) == list(output["items"][0])
    assert schema["required"] == list(output)


def test_a_third_party_checklist_is_allowed_by_content(readiness: Readiness, home: Path, small: str) -> None:
    done = readiness("checklist", "allow", small)
    assert done.status == 0
    digest = json.loads(readiness("checklist", "show", small, "--json").out)["digest"]
    assert digest in done.err
    assert allow.allowed(digest)
    Path(small).write_text(SMALL + "# changed\n")
    assert not allow.allowed(json.loads(readiness("checklist", "show", small, "--json").out)["digest"])


def test_probe_kinds_are_listed_with_their_parameters(readiness: Readiness) -> None:
    output = json.loads(readiness("probes", "--json").out)
    kinds = {kind["kind"]: kind for kind in output["kinds"]}
    assert len(kinds) > 5
    assert all(kind["facts"] and kind["parameters"]["type"] == "object" for kind in kinds.values())
    assert all(kind in readiness("probes").out for kind in kinds)
    one = next(iter(kinds))
    alone = readiness("probes", one)
    assert alone.out.startswith(f"{one}: ")
    assert set(kinds[one]["facts"]) <= set(alone.out.split())
    wrong = readiness("probes", one + "x")
    assert wrong.status == 2
    assert f"did you mean {one}" in wrong.err
