"""The launch's settings in the TUI: refused at the field, saved at once, undone, merged with others' work."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click
import pytest
from textual.pilot import Pilot

from readiness_tui.cli.support.opened import to_work
from readiness_tui.errors import SessionError
from readiness_tui.model.outcome import Verdict
from readiness_tui.model.session import Session
from readiness_tui.reports.registry import find
from readiness_tui.rules import edits
from readiness_tui.rules.standing import Standing
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui.app import ReadinessApp
from readiness_tui.tui.screens.clash import ClashScreen
from readiness_tui.tui.screens.fields_screen import FieldsScreen
from readiness_tui.tui.screens.host import HostScreen
from readiness_tui.tui.screens.launch_notes import LaunchNotesScreen
from readiness_tui.tui.screens.parameter import ParameterScreen
from readiness_tui.tui.screens.settings import SettingsScreen
from readiness_tui.tui.screens.single_value import SingleValueScreen
from readiness_tui.workspace import launch_settings
from tests.tui.driving import (
    DAY,
    NOW,
    OFFSITE,
    RESTORED,
    Gates,
    app_on,
    begin,
    on_disk,
    said,
    typed,
    until,
    walk,
)

SIZE = (80, 24)
TOOL = "infrastructure.server.tool"
NEEDS_TOOL = """\
          - id: infrastructure.server.tool
            text: The tool is installed
            mode: auto
            severity: blocker
            role: technical
            why: Without it nothing is deployed.
            how: Ask for it by name.
            probe: {kind: command, where: [app], search: [GATES], run: [$tool], pass: {absent: {empty: true}}}
      - id: network
"""


@pytest.fixture
def small(tmp_path: Path, gates: Gates) -> Path:
    """The small checklist with an item whose probe needs the parameter `tool`."""
    from readiness_tui.launch import load_checklist
    from readiness_tui.store import allow
    from tests.tui.driving import small_checklist

    path = small_checklist(tmp_path, gates.folder)
    text = path.read_text().replace("      - id: network\n", NEEDS_TOOL.replace("GATES", str(gates.folder)))
    text = text.replace("parameters:\n", "parameters:\n  - {name: tool, help: The tool., type: text}\n")
    path.write_text(text)
    allow.allow(load_checklist(str(path)).digest, path)
    return path


async def settings(pilot: Pilot[None]) -> SettingsScreen:
    """The settings, opened from the walk."""
    await walk(pilot)
    await pilot.press("comma")
    await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen))
    screen = pilot.app.screen
    assert isinstance(screen, SettingsScreen)
    await until(pilot, lambda: bool(screen.rows.texts))
    return screen


async def change(pilot: Pilot[None], screen: SettingsScreen, key: str) -> FieldsScreen:
    """Choose a setting and press Enter."""
    while screen.rows.key != key:
        before = screen.rows.key
        await pilot.press("j")
        assert screen.rows.key != before, f"no setting {key}"
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, FieldsScreen) and bool(pilot.app.focused))
    assert isinstance(pilot.app.screen, FieldsScreen)
    return pilot.app.screen


async def test_a_wrong_value_is_refused_at_its_field_and_a_right_one_is_saved(
    sessions: Path, launch: str
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await settings(pilot)
        form = await change(pilot, screen, "parameter.app_port")
        assert isinstance(form, ParameterScreen)
        await pilot.press("end", "x", "enter")
        assert "is not a whole number" in form.fields["value"].beneath
        await pilot.press("backspace")
        assert form.fields["value"].beneath == "", "another value is not wrong yet"
        await pilot.press("9", "enter")
        await until(pilot, lambda: app.screen is screen)
        await until(pilot, lambda: on_disk(sessions).parameters == {"app_port": 80809})
        await pilot.press("u")
        await until(pilot, lambda: on_disk(sessions).parameters == {})
        assert on_disk(sessions).history[-1].why == "undo"
        await pilot.press("ctrl+r")
        await until(pilot, lambda: on_disk(sessions).parameters == {"app_port": 80809})


async def test_what_was_typed_into_a_form_that_was_left_is_offered_again(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await settings(pilot)
        await change(pilot, screen, "parameter.domains")
        await typed(pilot, "pay.example")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        form = await change(pilot, screen, "parameter.domains")
        assert form.fields["value"].value == "pay.example"
    assert on_disk(sessions).parameters == {}


async def test_a_host_is_added_with_its_roles_changed_and_removed(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await settings(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, HostScreen) and bool(app.focused))
        form = app.screen
        assert isinstance(form, HostScreen)
        adding: HostScreen = form
        await typed(pilot, "this")
        await pilot.press("enter")
        await typed(pilot, "local")
        await pilot.press("enter", "right", "space", "enter")
        assert "host 'this' already exists" in adding.fields["name"].beneath
        await pilot.press("end", "2", "ctrl+t")
        await until(pilot, lambda: "reached in" in adding.fields["address"].beneath)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        await until(pilot, lambda: len(on_disk(sessions).hosts) == 2)
        assert on_disk(sessions).hosts[1] == launch_settings.host("this2=local,db")
        changing = await _changed_host(pilot, screen)
        changing.fields["address"].fill("local:x:y")
        await pilot.press("ctrl+s")
        assert "not a host name or address" in changing.fields["address"].beneath
        await pilot.press("escape", "x")
        await until(pilot, lambda: [host.name for host in on_disk(sessions).hosts] == ["this"])
        await pilot.press("u")
        await until(pilot, lambda: len(on_disk(sessions).hosts) == 2)


async def _changed_host(pilot: Pilot[None], screen: SettingsScreen) -> HostScreen:
    await pilot.press("g")
    form = await change(pilot, screen, "host.this2")
    assert isinstance(form, HostScreen)
    return form


async def test_launch_time_operator_and_notes(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await settings(pilot)
        form = await change(pilot, screen, "launch_at")
        await typed(pilot, "tomorrow")
        await pilot.press("enter")
        assert "not a time" in form.fields["value"].beneath
        form.fields["value"].fill("2026-11-27T06:00Z")
        await pilot.press("enter")
        await until(pilot, lambda: on_disk(sessions).launch_at is not None)
        await change(pilot, screen, "operator")
        await pilot.press("ctrl+u")
        await typed(pilot, "ben")
        await pilot.press("enter")
        await until(pilot, lambda: app.operator == "ben")
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(app.screen, LaunchNotesScreen) and bool(app.focused))
        await typed(pilot, "freeze")
        await pilot.press("escape")
        await until(pilot, lambda: on_disk(sessions).notes == "freeze")
    assert on_disk(sessions).operator == "ben"
    assert [(line.what, line.by) for line in on_disk(sessions).history] == [
        ("launch_at", "ana"),
        ("operator", "ben"),
        ("notes", "ben"),
    ]


async def test_enter_on_an_item_that_lacks_a_parameter_asks_for_it_and_probes(
    sessions: Path, launch: str, gates: Gates
) -> None:
    gates.open("gate-1")
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        screen.jump(TOOL)
        await pilot.press("r")
        await until(pilot, lambda: bool(on_disk(sessions).record(TOOL).outcomes))
        found = on_disk(sessions).record(TOOL).outcomes["this"]
        assert (found.cause, found.evidence) == ("not-configured", "parameter tool is not set")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ParameterScreen) and bool(app.focused))
        form = app.screen
        assert isinstance(form, ParameterScreen)
        await pilot.press("enter")
        assert "write a value" in form.fields["value"].beneath
        await typed(pilot, "gate-1 --version")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        await until(pilot, lambda: on_disk(sessions).record(TOOL).outcomes["this"].verdict is Verdict.PASS)
        assert screen.assessment.standings()[TOOL].standing is Standing.READY
    assert on_disk(sessions).parameters == {"tool": "gate-1 --version"}


async def _asked(pilot: Pilot[None]) -> SingleValueScreen:
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, SingleValueScreen) and bool(app.focused))
    assert isinstance(app.screen, SingleValueScreen)
    return app.screen


def _answered(sessions: Path, item: str) -> bool:
    return on_disk(sessions).record(item).by != ""


def two_sittings(sessions: Path) -> ReadinessApp:
    """The program for somebody whom nothing names."""
    return ReadinessApp(sessions, launch="pay", operator="", clock=lambda: NOW, today=lambda: DAY)


async def test_two_operators_on_a_shared_account_are_two_names(sessions: Path, launch: str) -> None:
    for name, item in (("", RESTORED), ("ben", OFFSITE)):
        app = two_sittings(sessions)
        async with app.run_test(size=SIZE) as pilot:
            form = await _asked(pilot)
            assert form.fields["value"].value == "ana", "the launch's last operator is offered"
            if name:
                await pilot.press("ctrl+u", "enter")
                assert "write your name" in form.fields["value"].beneath
                await typed(pilot, name)
            await pilot.press("enter")
            screen = await walk(pilot)
            screen.jump(item)
            await pilot.press("space")
            await until(pilot, partial(_answered, sessions, item))
            review = screen.assessment.review()
    session = on_disk(sessions)
    assert (session.record(RESTORED).by, session.record(OFFSITE).by) == ("ana", "ben")
    assert [line.by for line in session.history if line.what == "answer"] == ["ana", "ben"]
    assert session.operator == "ben"
    assert "answer: done by ana" in review.page
    assert "answer: done by ben" in review.page
    for report in ("signoff-html", "json", "csv"):
        text = find(report)(review)
        assert isinstance(text, bytes)
        assert b"ana" in text, report
        assert b"ben" in text, report


async def test_leaving_the_question_who_works_shows_the_launches(sessions: Path, launch: str) -> None:
    app = two_sittings(sessions)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SingleValueScreen) and bool(app.focused))
        await pilot.press("escape")
        await until(pilot, lambda: bool(app.screen.query("#launches")))


def others_change(sessions: Path, edit: edits.Edit) -> None:
    """Somebody else writes into the file."""
    own = Sessions(sessions)
    session = own.load("pay")
    from readiness_tui.launch import load_checklist

    checklist = load_checklist(session.checklist.source)
    own.save(edits.apply(checklist, session, edit, by="kim", now=NOW))


OTHERS = (
    edits.SetParameter("domains", "pay.example"),
    edits.SetLaunchAt(NOW),
    edits.SetHosts((launch_settings.host("this=local,app,db"), launch_settings.host("web=web.x,app"))),
)


def _essence(session: Session) -> tuple[object, ...]:
    lines = [(line.what, line.by, line.old, line.new) for line in session.history]
    return session.parameters, session.hosts, session.launch_at, sorted(lines)


@pytest.mark.parametrize("other", OTHERS, ids=["parameter", "launch-time", "hosts"])
async def test_the_same_edit_over_a_changed_file_ends_the_same_from_both_doors(
    tmp_path: Path, small: Path, other: edits.Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = edits.SetParameter("app_port", 9000)
    monkeypatch.setattr("readiness_tui.cli.support.opened.utc_now", lambda: NOW)
    tui, cli = tmp_path / "tui", tmp_path / "cli"
    for folder in (tui, cli):
        begin(folder, small)
    app = app_on(tui, "pay")
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        others_change(tui, other)
        screen.apply(ours)
        await until(pilot, lambda: on_disk(tui).parameters.get("app_port") == 9000)
        await until(pilot, lambda: screen.assessment.session.history == on_disk(tui).history)
    with click.Context(click.Command("set")), to_work(str(cli), "pay", "ana") as work:
        others_change(cli, other)
        work.assessment.apply(ours)
        work.save()
    assert _essence(on_disk(tui)) == _essence(on_disk(cli))
    assert len(on_disk(tui).history) == 2


async def test_the_same_setting_changed_by_both_is_refused_at_both_doors(tmp_path: Path, small: Path) -> None:
    ours, theirs = edits.SetParameter("app_port", 9000), edits.SetParameter("app_port", 9999)
    tui, cli = tmp_path / "tui", tmp_path / "cli"
    for folder in (tui, cli):
        begin(folder, small)
    app = app_on(tui, "pay")
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        others_change(tui, theirs)
        screen.apply(ours)
        await until(pilot, lambda: isinstance(app.screen, ClashScreen))
    with click.Context(click.Command("set")), to_work(str(cli), "pay", "ana") as work:
        others_change(cli, theirs)
        work.assessment.apply(ours)
        with pytest.raises(SessionError, match="conflicting changes"):
            work.save()
    for folder in (tui, cli):
        assert on_disk(folder).parameters == {"app_port": 9999}


async def test_settings_of_an_earlier_day_are_read_only(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch, day=DAY)
    async with app.run_test(size=SIZE) as pilot:
        screen = await settings(pilot)
        await pilot.press("enter")
        assert "read-only" in said(screen)
