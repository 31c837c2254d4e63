"""Each format against its golden file; READINESS_GOLDEN=write renews them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from readiness_tui.reports import registry
from tests.reports import sample

GOLDEN = Path(__file__).parent / "golden"
BINARY = {"bundle"}
"""Formats that are no text; their own tests read them."""
FORMATS = sorted(set(registry.names()) - BINARY)


def test_every_golden_file_belongs_to_a_format() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.txt")) == FORMATS


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_writes_its_golden_file(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Chatham")  # documents are in UTC wherever they are made
    text = registry.find(name)(sample.reviewed()).decode()
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("READINESS_GOLDEN") == "write":
        golden.write_bytes(text.encode())
    assert text == golden.read_bytes().decode()
