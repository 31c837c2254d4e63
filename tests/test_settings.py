"""Settings: the precedence of their sources, and faults in the file."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from readiness_tui import settings
from readiness_tui.errors import UsageError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without settings, in an empty folder."""
    for name in (settings.SESSIONS, settings.OPERATOR):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return tmp_path


def configure(text: str) -> Path:
    path = settings.path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="latin-1")
    return path


class TestSessionsFolder:
    """Each word given, from the weakest to the strongest."""

    def test_from_the_weakest_word_to_the_strongest(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert settings.sessions_folder(None) == home / "data" / "readiness-tui" / "sessions"
        Path("sessions").mkdir()
        assert settings.sessions_folder(None) == Path("sessions")
        configure('sessions = "/srv/launches"')
        assert settings.sessions_folder(None) == Path("/srv/launches")
        monkeypatch.setenv(settings.SESSIONS, "/srv/env")
        assert settings.sessions_folder(None) == Path("/srv/env")
        assert settings.sessions_folder("here") == Path("here")

    def test_the_home_folder_is_meant_by_a_tilde(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", str(home))
        assert settings.sessions_folder("~/launches") == home / "launches"

    def test_a_file_is_not_accepted_as_folder(self) -> None:
        Path("x").write_text("")
        with pytest.raises(UsageError, match="the sessions folder is not a directory"):
            settings.sessions_folder("x")


class TestOperator:
    def test_from_the_weakest_word_to_the_strongest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert settings.operator() == getpass.getuser()
        configure('operator = "ana"')
        assert settings.operator() == "ana"
        monkeypatch.setenv(settings.OPERATOR, "lee")
        assert settings.operator() == "lee"
        monkeypatch.setenv(settings.OPERATOR, "  ")
        assert settings.operator() == "ana"


class TestFile:
    def test_without_a_file_the_defaults_apply(self) -> None:
        assert settings.load() == settings.Settings()

    def test_every_setting_is_read(self) -> None:
        configure('mouse = true\nplain = true\n[keys]\nanswer-done = "y,space"\n')
        assert settings.load() == settings.Settings(mouse=True, plain=True, keys={"answer-done": "y,space"})

    @pytest.mark.parametrize(
        ("text", "line", "words"),
        [
            ("plain = true\nmouze = true", 2, "unknown setting 'mouze' (did you mean mouse?)"),
            ('\nmouse = "yes"', 2, "mouse: should be a valid boolean"),
            ("[keys]\nquit = 5", 2, "keys.quit: should be a valid string"),
            ("plain = true\nplain =", 2, "the settings file is not valid TOML"),
            ("plain = true\n[keys\n", 2, "the settings file is not valid TOML"),
        ],
    )
    def test_a_fault_is_reported_with_its_line(self, text: str, line: int, words: str) -> None:
        path = configure(text)
        with pytest.raises(UsageError) as caught:
            settings.load()
        assert caught.value.where == f"{path}:{line}"
        assert words in caught.value.message

    def test_a_file_that_is_not_text_is_reported(self) -> None:
        configure("\xff\xfe")
        with pytest.raises(UsageError, match="not UTF-8"):
            settings.load()

    def test_a_folder_in_place_of_the_file_is_reported(self) -> None:
        settings.path().mkdir(parents=True)
        with pytest.raises(UsageError, match="cannot read the settings file"):
            settings.load()
