"""The benchmark of the walk runs, on tiny sizes."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import walking


def test_walking_measures_small_launches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    took = []
    for items in (10, 20):
        (folder := tmp_path / str(items)).mkdir()
        took.append(walking.measure(items, 2, folder, keys=1))

    assert [(one.items, one.hosts) for one in took] == [(10, 2), (20, 2)]
    assert all(one.open > 0 and one.save > 0 for one in took)
    tables = walking.markdown(took)
    assert "| 20 x 2 |" in tables
    assert "answer: loop late, worst, ms" in tables
