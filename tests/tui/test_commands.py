"""Every command has a name, keys and a sentence; no two on one screen share a key; the page is current."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from readiness_tui.tui.commands.base import Command
from readiness_tui.tui.screens.base import CommandScreen
from readiness_tui.tui.screens.help import HelpScreen
from readiness_tui.tui.screens.notice import NoticeScreen
from readiness_tui.tui.walk.screen import CONTROLLERS, WalkScreen
from scripts.keys_page import SCREENS, page

ALL = [screen for _, screen in SCREENS] + [HelpScreen, NoticeScreen]


def _commands() -> list[type[Command]]:
    return list(dict.fromkeys(command for screen in ALL for command in screen.OFFERS))


@pytest.mark.parametrize("command", _commands(), ids=lambda command: command.__name__)
def test_a_command_says_what_it_does(command: type[Command]) -> None:
    assert command.name
    assert command.spelt
    assert command.label
    assert command.topic
    assert command.meaning().endswith(".")
    assert len(command.meaning()) < 110


def test_names_differ() -> None:
    names = [command.name for command in _commands()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("screen", ALL, ids=lambda screen: screen.__name__)
def test_no_two_commands_of_a_screen_share_a_key(screen: type[CommandScreen]) -> None:
    for typing in (True, False):
        offered = [command for command in screen.OFFERS if command.typing in (None, typing)]
        keys = [key for command in offered for key in command.keys.split(",") if key]
        assert sorted(keys) == sorted(set(keys)), typing


def test_every_command_is_answered_by_its_screen() -> None:
    for screen in ALL:
        answered = {message for cls in screen.__mro__ for message in getattr(cls, "_decorated_handlers", ())}
        by_action = {command for command in screen.OFFERS if command.digits}
        if issubclass(screen, WalkScreen):
            answered |= {command for controller in CONTROLLERS for command in controller.commands()}
        app_answers = {"Help"}
        silent = [c.__name__ for c in screen.OFFERS if c not in answered | by_action]
        assert [name for name in silent if name not in app_answers] == [], screen.__name__


def test_each_command_of_the_walk_has_one_controller() -> None:
    handled = [command for controller in CONTROLLERS for command in controller.commands()]
    assert len(handled) == len(set(handled))
    assert set(handled) == set(WalkScreen.OFFERS)


def test_controllers_do_not_import_each_other() -> None:
    modules = {controller.__module__ for controller in CONTROLLERS}
    for controller in CONTROLLERS:
        source = Path(sys.modules[controller.__module__].__file__ or "").read_text(encoding="utf-8")
        imported = {
            module for module in modules - {controller.__module__} if f"from {module} import" in source
        }
        assert imported == set(), controller.__name__


def test_keys_page_is_current() -> None:
    kept = Path(__file__).parents[2] / "docs" / "keys.md"
    assert kept.read_text(encoding="utf-8") == page(), "run python scripts/keys_page.py > docs/keys.md"
