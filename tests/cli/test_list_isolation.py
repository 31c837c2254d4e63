"""A launch that makes the program fail is reported in its row; the others are listed."""

from __future__ import annotations

import json

import pytest

from readiness_tui.store.sessions import Sessions
from readiness_tui.workspace.overview import overview
from tests.cli.conftest import Readiness


def test_every_launch_is_listed(
    readiness: Readiness, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name in ("good", "bad"):
        readiness("new", name, "--host", "me=local,app")
    load = Sessions.load

    def broken(self: Sessions, launch: str, *words: object) -> object:
        if launch == "bad":
            raise OverflowError("date value out of range")
        return load(self, launch, *words)  # type: ignore[arg-type]  # a day or nothing

    monkeypatch.setattr(Sessions, "load", broken)
    rows = json.loads(readiness("list", "--json").out)["launches"]
    assert [(row["launch"], row["error"]) for row in rows] == [
        ("bad", "OverflowError: date value out of range"),
        ("good", None),
    ]
    folder = tmp_path_factory.mktemp("none")
    monkeypatch.setattr(Sessions, "days", broken)
    assert "OverflowError" in overview(Sessions(folder), "bad").fault
