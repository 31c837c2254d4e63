"""Several people at one launch: real processes hold it, real edits come underneath."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textual.pilot import Pilot

import readiness_tui
from readiness_tui.compare import read_file
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.session import Session
from readiness_tui.rules import edits
from readiness_tui.store.autosave import Light
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui.app import ReadinessApp
from readiness_tui.tui.screens.clash import ClashScreen
from readiness_tui.tui.screens.unsaved import UnsavedScreen
from readiness_tui.tui.walk.screen import WalkScreen
from readiness_tui.tui.widgets.bar import Status
from readiness_tui.tui.widgets.choices import Choices
from readiness_tui.tui.widgets.lines import Pages
from tests.tui.driving import DAY, MFA, NOW, OFFSITE, RESTORED, app_on, on_disk, said, until, walk

SIZE = (80, 24)

COLLEAGUE = """
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from readiness_tui.launch import Launch
from readiness_tui.model.answer import AnswerKind
from readiness_tui.rules import edits
from readiness_tui.store.sessions import Sessions

sessions = Sessions(Path(sys.argv[1]))
launch = Launch.open(sessions, "pay", operator="kim", today=date.fromisoformat(sys.argv[2]))
print("held", flush=True)
for line in sys.stdin:
    launch.assessment.apply(edits.SetAnswer(line.strip(), AnswerKind.DONE))
    sessions.save(launch.assessment.session)
    print("saved", flush=True)
launch.release()
"""


class Colleague:
    """Kim, in a process of their own, with the launch open."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def answers(self, item: str) -> None:
        """Answer an item and save it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{item}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "saved\n"

    def leaves(self) -> None:
        """Close the launch and end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


@contextmanager
def kim(sessions: Path) -> Iterator[Colleague]:
    """Kim at work until the end of the block at the latest."""
    process = subprocess.Popen(
        [sys.executable, "-c", COLLEAGUE, str(sessions), str(DAY)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(readiness_tui.__file__).parents[1],
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "held\n"
        yield Colleague(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()
        process.stdout.close()


def written(sessions: Path, session: Session) -> None:
    """What an editor or a git pull does: the file is another one."""
    Sessions(sessions).save(session, overwrite=True)


def answered(sessions: Path, item: str, answer: AnswerKind, note: str = "") -> Session:
    """The session on disk, with one more answer by kim."""
    session = on_disk(sessions)
    record = session.record(item).model_copy(
        update={"answer": answer, "by": "kim", "at": NOW.replace(hour=13), "note": note}
    )
    return session.model_copy(update={"items": {**session.items, item: record}})


def log(screen: WalkScreen) -> list[str]:
    """All that the bar has said."""
    return screen.query_one(Status).log_lines


async def clash_shown(pilot: Pilot[None], app: ReadinessApp) -> ClashScreen:
    """The two sides, once they are drawn."""
    await until(pilot, lambda: isinstance(app.screen, ClashScreen) and bool(app.screen.query(Choices)))
    assert isinstance(app.screen, ClashScreen)
    return app.screen


def columns(screen: ClashScreen) -> list[str]:
    """What the three columns say."""
    return ["\n".join(screen.query_one(f"#{side}", Pages).texts) for side in ("base", "ours", "theirs")]


async def test_held_by_a_colleague_it_is_read_live_and_says_by_whom(sessions: Path, launch: str) -> None:
    with kim(sessions) as colleague:
        app = app_on(sessions, launch)
        async with app.run_test(size=(140, 40)) as pilot:
            screen = await walk(pilot)
            assert f"kim on {socket.gethostname()}" in screen.state.remaining()
            assert f"pid {colleague.process.pid}" in screen.state.remaining()
            await pilot.press("2", "space")
            assert "read-only" in said(screen)
            await asyncio.to_thread(colleague.answers, RESTORED)
            await until(pilot, lambda: screen.assessment.session.record(RESTORED).answer is AnswerKind.DONE)
            await until(
                pilot, lambda: (row := screen.list.line_of(RESTORED)) is not None and row.mark.word == "READY"
            )
            await asyncio.to_thread(colleague.leaves)
            await until(pilot, lambda: any("kim has left" in word for word in log(screen)))
            await pilot.press("T")
            await until(pilot, lambda: app.screen is not screen)
            assert not (await walk(pilot)).assessment.read_only


async def test_a_dead_owners_launch_is_taken_over_and_said(sessions: Path, launch: str) -> None:
    with kim(sessions) as colleague:
        colleague.process.send_signal(signal.SIGKILL)
        colleague.process.wait()
        app = app_on(sessions, launch)
        async with app.run_test(size=(140, 40)) as pilot:
            screen = await walk(pilot)
            assert "taken over from kim on" in said(screen)
            assert not screen.assessment.read_only
            await pilot.press("2", "space")
            await until(pilot, lambda: on_disk(sessions).record(RESTORED).answer is AnswerKind.DONE)


async def test_a_living_owner_keeps_it_and_a_dead_ones_is_taken_over_when_confirmed(
    sessions: Path, launch: str
) -> None:
    with kim(sessions) as colleague:
        app = app_on(sessions, launch)
        async with app.run_test(size=(140, 40)) as pilot:
            screen = await walk(pilot)
            await pilot.press("T", "T")
            assert "kim on" in said(screen)
            assert "has it open: ask them to close it" in said(screen)
            await pilot.press("2")
            colleague.process.send_signal(signal.SIGKILL)
            colleague.process.wait()
            await until(pilot, lambda: any("kim ended without leaving it" in word for word in log(screen)))
            assert "left behind by kim" in screen.state.remaining()
            await pilot.press("T")
            assert "T again takes it over" in said(screen)
            assert app.screen is screen
            assert screen.assessment.read_only
            await pilot.press("T")
            await until(pilot, lambda: app.screen is not screen)
            taken = await walk(pilot)
            assert not taken.assessment.read_only
            assert taken.workspace.launch.taken_over is not None
            assert taken.workspace.launch.taken_over.pid == colleague.process.pid
            assert taken.list.key == RESTORED
            await pilot.press("T")
            assert "already open for editing" in said(taken)
            await pilot.press("space")
            await until(pilot, lambda: on_disk(sessions).record(RESTORED).answer is AnswerKind.DONE)


async def test_different_items_are_merged_silently(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("2", "space")
        await until(pilot, lambda: on_disk(sessions).position == OFFSITE)  # nothing more is saved by itself
        await until(pilot, lambda: not screen.workspace.unsaved)
        written(sessions, answered(sessions, MFA, AnswerKind.DONE, "from git"))
        await until(pilot, lambda: any("changed 1 item in the file" in word for word in log(screen)))
        assert screen.assessment.session.record(MFA).note == "from git"
        await pilot.press("2", "j", "space")
        await until(pilot, lambda: on_disk(sessions).record(OFFSITE).answer is AnswerKind.DONE)
        kept = on_disk(sessions)
        assert kept.record(MFA).by == "kim"
        assert kept.record(RESTORED).by == "ana"
        assert screen.workspace.save_state.light is not Light.FAILED


async def test_an_answer_given_while_the_file_changed_is_merged_by_that_save(
    sessions: Path, launch: str
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        written(sessions, answered(sessions, MFA, AnswerKind.NOT_DONE))
        await pilot.press("2", "space")
        await until(pilot, lambda: on_disk(sessions).record(RESTORED).answer is AnswerKind.DONE)
        await until(pilot, lambda: screen.assessment.session.record(MFA).answer is AnswerKind.NOT_DONE)
        assert on_disk(sessions).record(MFA).answer is AnswerKind.NOT_DONE


async def collide(pilot: Pilot[None], app: ReadinessApp, sessions: Path) -> tuple[WalkScreen, ClashScreen]:
    """Ana says done while kim's not-done and another answer come with a git pull."""
    screen = await walk(pilot)
    theirs = answered(sessions, RESTORED, AnswerKind.NOT_DONE, "the drill failed")
    written(sessions, theirs)
    written(sessions, answered(sessions, MFA, AnswerKind.DONE))
    screen.assessment.apply(edits.SetAnswer(RESTORED, AnswerKind.DONE))  # nothing is awaited in between
    return screen, await clash_shown(pilot, app)


async def test_the_same_item_is_shown_side_by_side_and_theirs_can_be_taken(
    sessions: Path, launch: str
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen, clash = await collide(pilot, app, sessions)
        await until(pilot, lambda: screen.workspace.save_state.light is Light.FAILED)
        base, ours, theirs = columns(clash)
        assert "not answered" in base
        assert "done" in ours
        assert "by ana" in ours
        assert "the drill failed" in theirs
        await pilot.press("enter")
        assert "1 to decide first" in said(clash)
        await pilot.press("t", "enter")
        await until(pilot, lambda: screen.workspace.save_state.light is Light.SAVED)
        await until(pilot, lambda: not screen.workspace.unsaved)
        kept = on_disk(sessions)
        assert kept.record(RESTORED).note == "the drill failed"
        assert kept.record(MFA).answer is AnswerKind.DONE
        assert any(change.what == "conflict" and "done" in change.old for change in kept.history)
        assert screen.assessment.session.record(RESTORED).by == "kim"


async def test_ours_can_be_kept_and_the_rest_of_theirs_is_there(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen, _ = await collide(pilot, app, sessions)
        await pilot.press("o", "enter")
        await until(pilot, lambda: screen.workspace.save_state.light is Light.SAVED)
        await until(pilot, lambda: not screen.workspace.unsaved)
        kept = on_disk(sessions)
        assert (kept.record(RESTORED).answer, kept.record(RESTORED).by) == (AnswerKind.DONE, "ana")
        assert kept.record(MFA).by == "kim"


async def test_undecided_it_stays_red_the_file_theirs_and_leaving_is_refused(
    sessions: Path, launch: str
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen, _ = await collide(pilot, app, sessions)
        await pilot.press("escape")
        await walk(pilot)
        await pilot.press("q")
        assert "M shows" in said(screen)
        assert app.return_code is None
        assert on_disk(sessions).record(RESTORED).by == "kim"
        await until(pilot, lambda: screen.workspace.save_state.light is Light.FAILED)
        await pilot.press("M")
        await clash_shown(pilot, app)
        await pilot.press("o", "enter")
        await until(pilot, lambda: on_disk(sessions).record(RESTORED).by == "ana")
        await until(pilot, lambda: screen.workspace.clash is None)
        await pilot.press("M")
        assert "nobody else" in said(screen)
        await pilot.press("q")
        await until(pilot, lambda: app.return_code == 0)


async def test_ended_undecided_ours_is_kept_beside_theirs(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        await collide(pilot, app, sessions)
        app.end(129)  # what a lost terminal does
        await until(pilot, lambda: app.return_code == 129)
    assert on_disk(sessions).record(RESTORED).by == "kim"
    (aside,) = (sessions / launch).glob(f"{DAY}.ours-*.toml")
    assert read_file(aside).record(RESTORED).by == "ana"
    assert Sessions(sessions).days(launch) == (DAY,)


async def test_left_undecided_by_ctrl_q_it_is_asked_first_and_ours_is_named_with_its_way_back(
    sessions: Path, launch: str
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen, _ = await collide(pilot, app, sessions)
        await until(pilot, lambda: screen.workspace.save_state.light is Light.FAILED)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, UnsavedScreen) and app.screen.is_mounted)
        await pilot.press("X")
        await until(pilot, lambda: app.return_code == 2)
    (aside,) = (sessions / launch).glob(f"{DAY}.ours-*.toml")
    assert str(aside) in app.parting
    assert "readiness merge" in app.parting
    assert on_disk(sessions).record(RESTORED).by == "kim"


async def test_a_file_broken_by_an_editor_keeps_the_light_red_and_is_left_alone(
    sessions: Path, launch: str
) -> None:
    file = sessions / launch / f"{DAY}.toml"
    whole = file.read_bytes()
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        file.write_bytes(whole + b"<<<<<<< ours\n")
        await pilot.press("2", "space")
        await until(pilot, lambda: screen.workspace.save_state.light is Light.FAILED)
        assert file.read_bytes().endswith(b"<<<<<<< ours\n")
        file.write_bytes(whole)
        await until(pilot, lambda: screen.workspace.save_state.light is Light.SAVED)
        assert on_disk(sessions).record(RESTORED).answer is AnswerKind.DONE


async def test_what_others_changed_is_not_undone(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("2", "space")
        await until(pilot, lambda: not screen.workspace.unsaved)
        written(sessions, answered(sessions, RESTORED, AnswerKind.NOT_DONE))
        await until(pilot, lambda: screen.assessment.session.record(RESTORED).by == "kim")
        await pilot.press("u")
        assert screen.assessment.session.record(RESTORED).answer is AnswerKind.NOT_DONE
