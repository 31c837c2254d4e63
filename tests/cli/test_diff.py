"""`readiness diff`: what changed since yesterday, over files on disk."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.cli.conftest import Readiness


def earlier(home: Path, launch: str, day: str) -> Path:
    """Make today's session file one of an earlier day, as if the walk had been left then."""
    (now,) = (home / "kept" / launch).glob("????-??-??.toml")
    text = re.sub(r"^day = .*$", f"day = {day}", now.read_text(), flags=re.MULTILINE)
    text = re.sub(r"\d{4}-\d\d-\d\dT", f"{day}T", text)
    old = now.with_name(f"{day}.toml")
    old.write_text(text)
    now.unlink()
    return old


def walked(readiness: Readiness, home: Path, small: str) -> str:
    """A launch of two days: a runbook that was written is not any more, a map was drawn."""
    readiness("new", "demo", "--checklist", small)
    readiness("answer", "demo", "paper.run.book", "done", "--note", "in the wiki")
    readiness("answer", "demo", "paper.run.map", "not-done", "--reason", "no paper")
    day = "2026-01-05"
    earlier(home, "demo", day)
    readiness("answer", "demo", "paper.run.book", "not-done", "--reason", "the wiki is gone")
    readiness("answer", "demo", "paper.run.map", "done")
    return f"demo@{day}"


def test_regressions_come_first_and_decide_the_exit_status(
    readiness: Readiness, home: Path, small: str
) -> None:
    old = walked(readiness, home, small)
    done = readiness("diff", old, "demo")
    assert done.status == 1
    assert done.out.index("Regressed") < done.out.index("Fixed")
    assert "ready -> not-ready  paper.run.book  Runbook written" in done.out
    assert "reason: -  ->  the wiki is gone" in done.out
    back = readiness("diff", "demo", "demo")
    assert (back.status, "nothing differs: 3 items as before" in back.out) == (0, True)


def test_json_names_both_sides_and_every_part(readiness: Readiness, home: Path, small: str) -> None:
    old = walked(readiness, home, small)
    output = json.loads(readiness("diff", old, "demo", "--json").out)
    assert output["regressed"] is True
    assert output["before"]["day"] == "2026-01-05"
    assert [(row["id"], row["kind"]) for row in output["items"]] == [
        ("paper.run.book", "regressed"),
        ("paper.run.map", "fixed"),
    ]
    assert output["counts"]["same"] == 1
    assert {"what": "answer", "before": "done", "after": "not-done"} in output["items"][0]["parts"]


def test_markdown_shows_hostile_words_as_words(readiness: Readiness, home: Path, small: str) -> None:
    old = walked(readiness, home, small)
    readiness("answer", "demo", "paper.run.pen", "--note", "<script>alert(1)</script> [x](http://e)")
    page = readiness("diff", old, "demo", "--markdown").out
    assert "## Regressed" in page
    assert "<script>" not in page.replace("\\<script>", "")
    assert "[x](" not in page.replace("\\[x\\](", "")


def test_a_file_anywhere_can_be_compared(readiness: Readiness, home: Path, small: str) -> None:
    walked(readiness, home, small)
    old = home / "kept" / "demo" / "2026-01-05.toml"
    assert readiness("diff", str(old), "demo").status == 1


def test_a_reworded_item_shows_both_texts_from_the_checklist_of_its_day(
    readiness: Readiness, home: Path, small: str
) -> None:
    readiness("new", "demo", "--checklist", small)
    readiness("answer", "demo", "paper.run.book", "done")
    earlier(home, "demo", "2026-01-05")
    Path(small).write_text(Path(small).read_text().replace("Runbook written", "Runbook written and read"))
    readiness("answer", "demo", "paper.run.pen", "done")
    done = readiness("diff", "demo@2026-01-05", "demo")
    assert "Reworded" in done.out
    assert "text: Runbook written  ->  Runbook written and read" in done.out
    assert "ready -> stale" in done.out


def test_an_invalid_comparison_is_one_error_line(readiness: Readiness, home: Path, small: str) -> None:
    readiness("new", "demo", "--checklist", small)
    for place, word in (
        ("demmo", "did you mean demo?"),
        ("demo@2020-01-01", "no session of"),
        ("x.toml", "x.toml"),
    ):
        done = readiness("diff", place, "demo")
        assert done.status == 2
        assert word in done.err
        assert "Traceback" not in done.err
