"""The program killed at random moments of a walk: nothing confirmed is lost, the file always parses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROUNDS = int(os.environ.get("READINESS_KILLS", "16"))
"""Kills; READINESS_KILLS=200 for the figures that are quoted."""

TYPING_S = 1.0
"""Seconds of typing that may be missing: 0.3 by design, the rest for a machine that is busy."""


def test_a_kill_at_any_moment_loses_nothing_that_was_confirmed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.tui.kills", str(tmp_path), str(ROUNDS), "11"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=30 + 10 * ROUNDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rounds) == ROUNDS
    assert [one for one in rounds if one["kept"] < one["confirmed"]] == []
    assert [one for one in rounds if one["lost_s"] > TYPING_S] == []
    assert any(one["confirmed"] for one in rounds), "no walk came far enough to confirm anything"
    assert any(one["noted"] for one in rounds), "no walk came far enough to type"
