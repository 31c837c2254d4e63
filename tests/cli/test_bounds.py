"""Output has a limit, and JSON contains no character that controls a terminal."""

from __future__ import annotations

import json

import pytest

from readiness_tui.cli.support.printing import raw
from readiness_tui.errors import ChecklistError, Fault


def test_the_first_fifty_faults_and_a_count() -> None:
    faults = tuple(Fault("a.yaml", line, 1, "", "bad") for line in range(1, 80_001))
    lines = str(ChecklistError(faults)).splitlines()
    assert len(lines) == 51
    assert lines[-1] == "and 79950 more"


def test_json_escapes_c1_and_direction_characters(capsys: pytest.CaptureFixture[str]) -> None:
    text = "a\u202eb\x9b31mc\u2066\x7f\u2028 \u00e4"
    raw(json.dumps({"note": text}, ensure_ascii=False))
    output = capsys.readouterr().out
    assert json.loads(output) == {"note": text}
    assert "\u202e" not in output
    assert "\x9b" not in output
    assert "\u00e4" in output
