"""Which third-party checklists may run."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from readiness_tui.errors import SessionError
from readiness_tui.store import allow

ONE, TWO = "sha256:" + "1" * 64, "sha256:" + "2" * 64


def test_nothing_is_allowed_until_it_is(tmp_path: Path) -> None:
    file = tmp_path / "state" / "allowed.toml"
    assert not allow.allowed(ONE, file=file)
    allow.allow(ONE, tmp_path / "a.yaml", file=file)
    assert allow.allowed(ONE, file=file)
    assert not allow.allowed(TWO, file=file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_is_remembered_once_and_beside_others(tmp_path: Path) -> None:
    file = tmp_path / "allowed.toml"
    allow.allow(ONE, tmp_path / "a.yaml", file=file)
    before = file.read_bytes()
    allow.allow(ONE, tmp_path / "b.yaml", file=file)
    assert file.read_bytes() == before
    allow.allow(TWO, tmp_path / "b.yaml", file=file)
    assert allow.allowed(ONE, file=file)
    assert allow.allowed(TWO, file=file)


@pytest.mark.parametrize("text", ["[[", "\xff", "allowed = 5"])
def test_a_damaged_file_allows_nothing_and_is_kept(text: str, tmp_path: Path) -> None:
    file = tmp_path / "allowed.toml"
    file.write_text(text, encoding="latin-1")
    for use in (lambda: allow.allowed(ONE, file=file), lambda: allow.allow(ONE, tmp_path, file=file)):
        with pytest.raises(SessionError, match="list of allowed checklists is damaged") as caught:
            use()
        assert caught.value.where == str(file)
    assert file.read_text(encoding="latin-1") == text


def test_it_is_kept_in_the_users_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    allow.allow(ONE, Path("a.yaml"))
    assert (tmp_path / "readiness-tui" / "allowed.toml").exists()
    assert allow.allowed(ONE)
