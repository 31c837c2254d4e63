"""The prepared form of a built-in checklist is the checklist itself, or is not used."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from readiness_tui.checklist import find as finding
from readiness_tui.checklist import prepared as preparing
from readiness_tui.checklist.prepared import prepare, prepared
from readiness_tui.checklist.read import read
from readiness_tui.model.checklist import Checklist
from readiness_tui.probes import registry


@pytest.fixture
def builtin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a built-in checklist in a folder that counts as the built-in one."""
    folder = tmp_path / "checklists"
    folder.mkdir()
    name = finding.names()[0]
    path = folder / f"{name}.yaml"
    shutil.copy(finding.find(name), path)
    for module in ("find", "prepared", "read"):
        monkeypatch.setattr(f"readiness_tui.checklist.{module}.builtin_folder", lambda: folder)
    return path


def made(path: Path) -> Checklist:
    """The checklist, its form written."""
    checklist = read(path, kinds=registry.schemas())
    prepare(path, checklist)
    return checklist


def test_the_form_is_the_checklist(builtin: Path) -> None:
    checklist = made(builtin)
    assert prepared(builtin) == checklist
    assert prepared(builtin) is not checklist


def test_without_a_form_it_is_read_from_yaml(builtin: Path) -> None:
    assert prepared(builtin) is None


def test_a_form_of_other_bytes_is_not_used(builtin: Path) -> None:
    made(builtin)
    builtin.write_text(builtin.read_text() + "\n# a comment\n")
    assert prepared(builtin) is None


def test_a_form_of_another_version_is_not_used(builtin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(builtin)
    monkeypatch.setattr(preparing, "__version__", "0.0.0")
    assert prepared(builtin) is None


@pytest.mark.parametrize("body", [b"", b"{}", b"{", b"\xff", b"[1]"])
def test_a_broken_form_is_not_used(builtin: Path, body: bytes) -> None:
    made(builtin)
    form = builtin.parent / "prepared" / f"{builtin.stem}.json"
    form.write_bytes(form.read_bytes().partition(b"\n")[0] + b"\n" + body)
    assert prepared(builtin) is None


def test_a_checklist_elsewhere_never_has_a_form(builtin: Path, tmp_path: Path) -> None:
    made(builtin)
    other = tmp_path / "other"
    shutil.copytree(builtin.parent, other)
    assert prepared(other / builtin.name) is None
