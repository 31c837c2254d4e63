"""Two people on one account have two names, also on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from readiness_tui.store.sessions import Sessions
from tests.cli.conftest import Readiness


def test_answers_history_and_exports_name_who_did_it(home: Path, readiness: Readiness, small: str) -> None:
    assert readiness("new", "demo", "--checklist", small, "--operator", "ana").status == 0
    assert readiness("answer", "demo", "paper.run.book", "done", "--operator", "ana").status == 0
    items = [item["id"] for item in json.loads(readiness("status", "demo", "--json").out)["items"]]
    other = next(i for i in items if i != "paper.run.book")
    assert readiness("answer", "demo", other, "done", "--reason", "seen", "--operator", "ben").status == 0
    assert readiness("set", "demo", "--launch-at", "2026-11-27T06:00Z", "--operator", "ben").status == 0
    session = Sessions(home / "kept").load("demo")
    assert (session.record("paper.run.book").by, session.record(other).by) == ("ana", "ben")
    assert [(line.what, line.by) for line in session.history] == [
        ("answer", "ana"),
        ("answer", "ben"),
        ("launch_at", "ben"),
    ]
    for form in ("signoff-html", "json", "csv"):
        text = readiness("export", "demo", "--format", form).out
        assert "ana" in text, form
        assert "ben" in text, form
    signing = ("sign", "demo", "--role", "technical", "--decision", "no-go", "--who", "kim")
    assert readiness(*signing, "--request", "out").status == 0
    page = (home / "out" / "page.txt").read_text()
    assert "answer: done by ana" in page
    assert "answer: done by ben" in page


def test_the_tui_is_opened_without_a_name_if_none_is_given(
    home: Path, readiness: Readiness, small: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    readiness("new", "demo", "--checklist", small)
    assert readiness("open", "demo").tui == (home / "kept", "demo", None, "ana")
    monkeypatch.delenv("READINESS_OPERATOR")
    assert readiness("open", "demo").tui == (home / "kept", "demo", None, "")
    assert readiness("open", "demo", "--operator", "ben").tui == (home / "kept", "demo", None, "ben")
