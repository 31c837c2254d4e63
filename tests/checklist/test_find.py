"""Names and paths of checklists."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import readiness_tui
from readiness_tui.checklist.find import builtin_folder, find, names
from readiness_tui.checklist.read import read
from readiness_tui.errors import UsageError
from tests.checklist.samples import KINDS, SMALL


def test_a_built_in_name() -> None:
    assert "production" in names()
    assert find("production") == builtin_folder() / "production.yaml"


def test_the_nearest_name_is_suggested() -> None:
    with pytest.raises(UsageError, match=r"no checklist called 'prodcution' \(did you mean production\?\)"):
        find("prodcution")


@pytest.mark.parametrize("path", ["./none.yaml", "none.yaml", "none.yml", "some/where"])
def test_a_path_is_left_for_the_reader_to_judge(path: str) -> None:
    assert find(path) == Path(path)


def test_a_file_without_an_ending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ours").write_text(SMALL)
    monkeypatch.chdir(tmp_path)
    assert find("ours") == Path("ours")


def test_home_is_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    assert find("~/a.yaml") == Path("/somewhere/a.yaml")


@pytest.mark.parametrize("word", ["", "  ", "x" * 5000, "a\0b", "~nobody-of-this-name/a.yaml"])
def test_what_is_neither(word: str) -> None:
    with pytest.raises(UsageError):
        find(word)


def test_a_built_in_checklist_is_marked_and_others_are_not(tmp_path: Path) -> None:
    (tmp_path / "production.yaml").write_text(SMALL)
    stranger = read(tmp_path / "production.yaml", kinds=KINDS)
    assert not stranger.builtin
    assert stranger.source == str(tmp_path / "production.yaml")


def test_the_source_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session keeps it, and is opened again from elsewhere."""
    (tmp_path / "it.yaml").write_text(SMALL)
    monkeypatch.chdir(tmp_path)
    assert read(Path("it.yaml"), kinds=KINDS).source == str(tmp_path / "it.yaml")


def test_an_installed_package_has_its_own_folder(tmp_path: Path) -> None:
    """As in a wheel: the folder lies within the package."""
    package = Path(readiness_tui.__file__).parent
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, tmp_path / "readiness_tui", ignore=ignore)
    shutil.copytree(builtin_folder(), tmp_path / "readiness_tui" / "checklists")
    code = "from readiness_tui.checklist.find import find; print(find('production'))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == str(tmp_path / "readiness_tui" / "checklists" / "production.yaml")
