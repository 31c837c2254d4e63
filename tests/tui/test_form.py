"""A new launch: from the empty form to the walk, with hosts tried on the way."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from readiness_tui.launch import load_checklist
from readiness_tui.tui.screens.form import FormScreen
from readiness_tui.tui.widgets.field import Field
from readiness_tui.workspace.new_launch import host, this_machine
from tests.sshd import Sshd
from tests.tui.driving import DAY, app_on, on_disk, said, typed, until, walk

SIZE = (80, 24)


def _has_line(screen: FormScreen, index: int) -> bool:
    return len(screen.hosts.fields) > index


def beside(screen: FormScreen, index: int) -> str:
    """What is said beside a host's line."""
    return screen.hosts.fields[index].beside


@pytest.fixture
def sshd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sshd]:
    """A server of our own, and ssh_config that knows it."""
    server = Sshd(tmp_path / "sshd")
    monkeypatch.setenv("READINESS_SSH_CONFIG", str(server.ssh_config))
    server.start()
    yield server
    server.stop()


async def test_a_name_is_enough_for_this_machine(sessions: Path) -> None:
    app = app_on(sessions)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("N")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        screen = app.screen
        assert isinstance(screen, FormScreen)
        await until(pilot, lambda: any(line.startswith("this=local") for line in screen.hosts.lines))
        await pilot.press("ctrl+s")
        name = screen.query_one("#name", Field)
        await until(pilot, lambda: "enter a name" in name.beside)
        await typed(pilot, "pay-2.4")
        assert name.beside == "", "what is typed anew is not wrong yet"
        await pilot.press("ctrl+s")
        walked = await walk(pilot)
        assert len(walked.checklist.items) == 209
        await pilot.press("q")
        await until(pilot, lambda: app.return_code == 0)
    session = on_disk(sessions, "pay-2.4")
    assert session.day == DAY
    assert session.operator == "ana"
    assert session.hosts == (host(this_machine(load_checklist("production"))),)
    assert {"app", "db"} <= set(session.hosts[0].roles)


async def test_parameters_are_found_and_set(sessions: Path, small: Path) -> None:
    app = app_on(sessions)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("N")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        screen = app.screen
        assert isinstance(screen, FormScreen)
        await typed(pilot, "pay")
        await pilot.press("down")
        screen.query_one("#checklist", Field).fill(str(small))
        await pilot.press("enter")
        await until(pilot, lambda: screen.parameters.chosen is not None)
        await until(pilot, lambda: screen.query_one("#checklist", Field).beside == "11 items")
        screen.parameters.take_keys()
        await pilot.press("slash")
        await typed(pilot, "port")
        await pilot.press("enter", "enter")
        await pilot.press("backspace", "backspace", "backspace", "backspace")
        await typed(pilot, "[9")
        await pilot.press("enter")
        assert "not a value" in said(screen)
        await pilot.press("enter", "backspace", "backspace", "backspace", "backspace")
        await typed(pilot, "9000")
        await pilot.press("enter", "ctrl+s")
        await walk(pilot)
    assert on_disk(sessions).parameters == {"app_port": 9000}


async def test_a_checklist_with_faults_is_told_beside_its_field(sessions: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("id: broken\ntitel: Nothing\n")
    app = app_on(sessions)
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.press("N")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        screen = app.screen
        assert isinstance(screen, FormScreen)
        field = screen.query_one("#checklist", Field)
        field.fill(str(broken))
        field.enter()
        await pilot.press("enter")
        await until(pilot, lambda: "broken.yaml:" in field.beside)
        assert "titel" in field.beside


@pytest.mark.needs("sshd")
async def test_hosts_are_tried_each_beside_its_line(sessions: Path, sshd: Sshd) -> None:
    app = app_on(sessions)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("N")
        await until(pilot, lambda: isinstance(app.screen, FormScreen))
        screen = app.screen
        assert isinstance(screen, FormScreen)
        await until(pilot, lambda: any(screen.hosts.lines))
        for index, line in enumerate((f"web={sshd.address},app", "down=127.0.0.1:1,db", "odd")):
            await until(pilot, partial(_has_line, screen, index))
            screen.hosts.fields[index].enter()
            screen.hosts.fields[index].fill("")
            screen.hosts.fields[index].fill(line[:-1])
            await pilot.press("end", line[-1])
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "reached in" in beside(screen, 0), "the server answers")
        await until(pilot, lambda: "unreachable" in beside(screen, 1))
        await until(pilot, lambda: "not a host" in beside(screen, 2))
        await pilot.press("escape")
