"""`readiness merge`, as git calls it: two operators in two clones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from readiness_tui.model.answer import AnswerKind
from readiness_tui.store import codec
from tests.cli.conftest import REPOSITORY, Readiness

pytestmark = pytest.mark.needs("git")


class Clone:
    """One operator's copy of the repository of launches."""

    def __init__(self, folder: Path, who: str) -> None:
        self.folder = folder
        self.git("config", "user.name", who)
        self.git("config", "user.email", f"{who}@example.invalid")
        driver = f"PYTHONPATH={REPOSITORY} {sys.executable} -m readiness_tui merge %O %A %B"
        self.git("config", "merge.readiness.driver", driver)

    def git(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(["git", *words], cwd=self.folder, capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, done.stderr + done.stdout
        return done

    @property
    def file(self) -> Path:
        (file,) = (self.folder / "sessions" / "demo").glob("????-??-??.toml")
        return file


@pytest.fixture
def clones(program: Readiness, home: Path, small: str) -> tuple[Clone, Clone]:
    """Two clones of a repository with one launch in it."""
    subprocess.run(["git", "init", "-q", "-b", "main", "--bare", str(home / "origin")], check=True)
    made = []
    for who in ("ana", "lee"):
        subprocess.run(
            ["git", "clone", "-q", str(home / "origin"), str(home / who)], check=True, capture_output=True
        )
        made.append(Clone(home / who, who))
        if who == "ana":
            ana = made[0]
            program("new", "demo", "--checklist", small, "--sessions", str(ana.folder / "sessions"))
            install = program("merge", "--install").out.splitlines()
            (ana.folder / ".gitattributes").write_text(install[-1] + "\n")
            (ana.folder / ".gitignore").write_text("*.lock\n.lock*\n")
            ana.git("checkout", "-q", "-B", "main")
            ana.git("add", "-A")
            ana.git("commit", "-qm", "start")
            ana.git("push", "-q", "origin", "main")
    return made[0], made[1]


def answer(program: Readiness, clone: Clone, item: str, *words: str) -> None:
    done = program("answer", "demo", item, *words, "--sessions", str(clone.folder / "sessions"))
    assert done.status == 0, done.err
    clone.git("commit", "-qam", f"answer {item}")


def test_different_items_merge_cleanly(program: Readiness, clones: tuple[Clone, Clone]) -> None:
    ana, lee = clones
    answer(program, ana, "paper.run.book", "done", "--note", "by ana")
    answer(program, lee, "paper.run.map", "n/a", "--reason", "no map needed")
    ana.git("push", "-q", "origin", "main")
    lee.git("pull", "-q", "--no-rebase", "--no-edit")
    merged = codec.loads(lee.file.read_text(), source="merged")
    assert merged.record("paper.run.book").note == "by ana"
    assert merged.record("paper.run.map").answer is AnswerKind.NOT_APPLICABLE
    assert len(merged.history) == 3
    assert lee.git("status", "--porcelain").stdout == ""


def test_the_same_item_is_a_conflict_that_loses_nothing(
    program: Readiness, clones: tuple[Clone, Clone]
) -> None:
    ana, lee = clones
    answer(program, ana, "paper.run.book", "done")
    answer(program, lee, "paper.run.book", "not-done", "--reason", "half of it")
    ana.git("push", "-q", "origin", "main")
    pulled = lee.git("pull", "--no-rebase", "--no-edit", check=False)
    assert pulled.returncode != 0
    assert "conflict: paper.run.book" in pulled.stdout + pulled.stderr
    assert "UU" in lee.git("status", "--porcelain").stdout
    merged = codec.loads(lee.file.read_text(), source="merged")
    assert merged.record("paper.run.book").reason == "half of it"
    assert any(change.what == "conflict" and "done" in change.new for change in merged.history)


def test_a_torn_copy_is_refused_and_left_alone(readiness: Readiness, home: Path, small: str) -> None:
    readiness("new", "demo", "--checklist", small)
    (good,) = (home / "kept" / "demo").glob("????-??-??.toml")
    torn, before = home / "torn.toml", good.read_bytes()
    torn.write_bytes(before[:-40])
    done = readiness("merge", str(good), str(good), str(torn))
    assert done.status == 2
    assert "torn.toml" in done.err
    assert good.read_bytes() == before


def test_three_files_are_needed(readiness: Readiness, home: Path) -> None:
    done = readiness("merge", "one", "two")
    assert (done.status, "BASE OURS THEIRS" in done.err) == (2, True)
