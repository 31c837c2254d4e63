"""`readiness answer`: answers from a script."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from readiness_tui.model.session import Record
from readiness_tui.store import lock
from readiness_tui.store.sessions import Sessions
from tests.cli.conftest import Readiness


@pytest.fixture
def demo(readiness: Readiness, small: str) -> str:
    readiness("new", "demo", "--checklist", small)
    return "demo"


def record(home: Path, item: str) -> Record:
    return Sessions(home / "kept").load("demo").record(item)


@pytest.mark.parametrize(
    ("words", "standing"),
    [
        (["done"], "ready"),
        (["not-done", "--reason", "no time"], "not-ready: no time"),
        (["not-done"], "not-ready: answered not done"),
        (["n/a", "--reason", "no paper"], "n/a: no paper"),
        (["deferred"], "open: deferred"),
        (["clear"], "open: not answered"),
        (["--note", "words"], "open: not answered"),
    ],
)
def test_the_new_standing_is_printed(
    words: list[str], standing: str, readiness: Readiness, demo: str
) -> None:
    done = readiness("answer", demo, "paper.run.book", *words)
    assert (done.status, done.out, done.err) == (0, standing + "\n", "")


def test_who_and_why_are_kept_and_can_be_cleared(readiness: Readiness, demo: str, home: Path) -> None:
    readiness("answer", demo, "paper.run.book", "done", "--reason", "seen", "--note", "two\nlines")
    kept = record(home, "paper.run.book")
    assert (kept.answer, kept.reason, kept.by, kept.note) == ("done", "seen", "ana", "two\nlines")
    readiness("answer", demo, "paper.run.book", "clear")
    assert record(home, "paper.run.book") == Record(note="two\nlines")
    readiness("answer", demo, "paper.run.book", "--note", "")
    assert record(home, "paper.run.book") == Record()


def test_evidence_is_added_with_its_digest_and_renewed_in_its_place(
    readiness: Readiness, demo: str, home: Path
) -> None:
    (home / "proof.txt").write_text("one")
    readiness("answer", demo, "paper.run.book", "--evidence", "proof.txt", "--evidence", "https://wiki/x")
    (home / "proof.txt").write_text("two")
    readiness("answer", demo, "paper.run.book", "--evidence", "proof.txt", "--as-of", "2026-11-20")
    url, path = record(home, "paper.run.book").evidence
    assert (url.url, url.as_of) == ("https://wiki/x", None)
    assert path.sha256 == "sha256:" + hashlib.sha256(b"two").hexdigest()
    assert (path.path, path.as_of) == ("proof.txt", date(2026, 11, 20))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["paper.run.bok", "done"], "(did you mean paper.run.book?)"),
        (["paper.run.book"], "nothing to record"),
        (["paper.run.book", "n/a"], "n/a needs a reason"),
        (["paper.run.book", "maybe"], "'maybe' is not one of"),
        (["paper.run.book", "--reason", "x"], "--reason needs an answer"),
        (["paper.run.book", "done", "--as-of", "2026-11-20"], "--as-of needs --evidence"),
        (
            ["paper.run.book", "--evidence", "missing.txt"],
            "missing.txt: cannot read the evidence: No such file",
        ),
        (["paper.run.book", "--evidence", "."], "cannot read the evidence"),
        (["paper.run.book", "--note", "x", "--evidence", "x", "--as-of", "soon"], "not a day: 'soon'"),
    ],
)
def test_what_does_not_fit_changes_nothing(
    words: list[str], said: str, readiness: Readiness, demo: str, home: Path
) -> None:
    (path,) = (home / "kept/demo").glob("20*.toml")
    before = path.read_bytes()
    done = readiness("answer", demo, *words)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert path.read_bytes() == before


def test_a_derived_item_takes_a_note_only(readiness: Readiness) -> None:
    readiness("new", "demo", "--no-hosts")
    item = "prelaunch.decision.criteria-met"
    done = readiness("answer", "demo", item, "done")
    assert done.status == 2
    assert "cannot be answered by hand" in done.err
    assert readiness("answer", "demo", item, "--note", "x").status == 0


def test_a_launch_that_someone_holds_is_left_alone(readiness: Readiness, demo: str, home: Path) -> None:
    with lock.acquire(Sessions(home / "kept").folder_of(demo), "bo"):
        done = readiness("answer", demo, "paper.run.book", "done")
        assert done.status == 2
        assert "already open: bo" in done.err
        assert readiness("status", demo).status == 1  # reading goes on
    assert readiness("answer", demo, "paper.run.book", "done").status == 0


def test_an_unknown_launch_makes_no_folder(readiness: Readiness, demo: str, home: Path) -> None:
    done = readiness("answer", "demoo", "paper.run.book", "done")
    assert done.status == 2
    assert "(did you mean demo?)" in done.err
    assert [path.name for path in (home / "kept").iterdir()] == ["demo"]
