"""docs/session-format.md describes every key, and its example can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import readiness_tui
from readiness_tui.model.answer import Evidence, Signoff, Waiver
from readiness_tui.model.base import Frozen
from readiness_tui.model.inventory import Host
from readiness_tui.model.outcome import Cause, Outcome
from readiness_tui.model.session import Change, ChecklistRef, Record, Session
from readiness_tui.store import codec

DOCUMENT = (Path(readiness_tui.__file__).parents[1] / "docs" / "session-format.md").read_text("utf-8")

TABLES: dict[str, type[Frozen]] = {
    "At the top": Session,
    "`checklist`": ChecklistRef,
    "`[[hosts]]`": Host,
    '`[items."<id>"]`': Record,
    '`[[items."<id>".evidence]]`': Evidence,
    '`[items."<id>".waiver]`': Waiver,
    '`[items."<id>".outcomes.<target>]`': Outcome,
    "`[[signoffs]]`": Signoff,
    "`[[history]]`": Change,
}


@pytest.mark.parametrize("heading", TABLES)
def test_every_key_has_its_row(heading: str) -> None:
    part = DOCUMENT.split(f"### {heading}\n", 1)[1].split("\n#", 1)[0]
    named = {key for row in re.findall(r"^\| (`[^|]+) \|", part, re.M) for key in re.findall(r"`(\w+)`", row)}
    tables_of_their_own = {"evidence", "waiver", "outcomes"} if TABLES[heading] is Record else set()
    assert named == set(TABLES[heading].model_fields) - tables_of_their_own


def test_every_cause_is_named() -> None:
    assert all(f"`{cause}`" in DOCUMENT for cause in Cause)


def test_the_example_is_a_session_written_as_the_program_would() -> None:
    example = DOCUMENT.split("```toml\n", 1)[1].split("```", 1)[0]
    assert codec.dumps(codec.loads(example, source="the example")) == example
