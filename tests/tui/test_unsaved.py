"""Leaving what cannot be saved: asked first, and offered another place. Real full and read-only disks."""

from __future__ import annotations

import os
import shlex
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncssh  # noqa: F401  # the program imports it late; as nobody it could not read where it lies
import pytest
from textual.pilot import Pilot

from readiness_tui.compare import read_file
from readiness_tui.model.answer import AnswerKind
from readiness_tui.tui.app import ReadinessApp
from readiness_tui.tui.screens.help import HelpScreen
from readiness_tui.tui.screens.home import HomeScreen
from readiness_tui.tui.screens.unsaved import UnsavedScreen
from readiness_tui.tui.widgets.bar import Status
from readiness_tui.tui.widgets.prompt import Prompt
from tests.tui.driving import (
    DAY,
    FIRST,
    MFA,
    MISSING,
    NOW,
    app_on,
    begin,
    on_disk,
    said,
    small_checklist,
    until,
    walk,
)
from tests.tui.terminal import Terminal
from tests.tui.test_colleagues import answered, written

pytestmark = pytest.mark.needs("root")

SIZE = (80, 24)
NOBODY = 65534
ROOT = Path(__file__).parents[2]


@contextmanager
def mounted(place: Path) -> Iterator[Path]:
    """A file system of 128 kB."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k,mode=0700", "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--recursive", str(place)], check=True)


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[Path]:
    """The folder for launches, on a small disk."""
    with mounted(tmp_path / "sessions") as disk:
        yield disk


@pytest.fixture
def rescued(tmp_path: Path) -> Path:
    """Where copies go by default."""
    return tmp_path / "xdg_state_home" / "readiness-tui" / "rescued"


def fill(disk: Path) -> None:
    """Not one block is left."""
    with pytest.raises(OSError, match="No space left"):
        (disk / "ballast").write_bytes(b"x" * 1_000_000)


def empty(disk: Path) -> None:
    """There is room again."""
    (disk / "ballast").unlink()


async def asked(pilot: Pilot[None], key: str = "q") -> UnsavedScreen:
    """Answer the first item, leave; the question that comes."""
    await walk(pilot)
    await pilot.press("space", key)
    return await question(pilot)


async def question(pilot: Pilot[None]) -> UnsavedScreen:
    """The screen that asks, once it is drawn."""
    await until(pilot, lambda: isinstance(pilot.app.screen, UnsavedScreen))
    screen = pilot.app.screen
    assert isinstance(screen, UnsavedScreen)
    await until(pilot, lambda: screen.is_mounted and bool(lines(screen)))
    return screen


def lines(screen: UnsavedScreen) -> str:
    """All that it says."""
    return "\n".join(screen.pages.texts) if screen.query("#pages") else ""


async def copy_to(pilot: Pilot[None], screen: UnsavedScreen, path: str = "") -> None:
    """Ask for a copy, at a path or where it is offered."""
    await pilot.press("w")
    await type_path(pilot, screen, path)


async def type_path(pilot: Pilot[None], screen: UnsavedScreen, path: str = "") -> None:
    """Type another path into the line that asks, unless the offered one is taken."""
    await until(pilot, lambda: screen.query_one(Prompt).display)
    if path:
        await pilot.press("ctrl+e", "ctrl+u", *path)
    await pilot.press("enter")


def offered(screen: UnsavedScreen) -> str:
    """What stands in the line."""
    return str(screen.query_one(Prompt)._field.value)


async def test_full_it_says_what_and_why_and_leaves_once_it_could_be_saved(
    sessions: Path, launch: str
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        walking = await walk(pilot)
        fill(sessions)
        screen = await asked(pilot)
        assert f"{sessions}/pay/{DAY}.toml: cannot write: the disk is full" in lines(screen)
        assert "free some space" in lines(screen)
        assert "Unsaved First gate is open" in lines(screen)
        await pilot.press("t")
        await until(pilot, lambda: "it cannot be saved" in said(screen))
        await pilot.press("escape")
        assert app.screen is walking
        await pilot.press("q")
        screen = await question(pilot)
        assert app.return_code is None
        empty(sessions)
        await pilot.press("t")
        await until(pilot, lambda: app.return_code == 0)
    assert app.parting == ""
    assert on_disk(sessions).record(FIRST).answer is AnswerKind.DONE


async def test_saved_by_a_retry_meanwhile_it_says_so(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        await walk(pilot)
        fill(sessions)
        screen = await asked(pilot)
        empty(sessions)
        await until(pilot, lambda: "Everything is saved now" in lines(screen))
        await pilot.press("X")
        await until(pilot, lambda: app.return_code == 0)


async def test_a_copy_elsewhere_is_shown_told_and_merged_in_by_the_command_named(
    sessions: Path, launch: str, rescued: Path
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        await walk(pilot)
        fill(sessions)
        screen = await asked(pilot)
        await copy_to(pilot, screen)
        copy = rescued / f"pay-{DAY}-140200.toml"
        await until(pilot, lambda: str(copy) in lines(screen))
        shown = lines(screen)
        await pilot.press("X")
        await until(pilot, lambda: app.return_code == 2)
    assert read_file(copy).record(FIRST).answer is AnswerKind.DONE
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(rescued.stat().st_mode) == 0o700
    assert str(copy) in app.parting
    command = app.parting.splitlines()[-1].strip()
    assert command in shown
    empty(sessions)
    written(sessions, answered(sessions, MFA, AnswerKind.DONE, "kim's, since then"))
    assert readiness(command).returncode == 0
    merged = on_disk(sessions)
    assert merged.record(FIRST).by == "ana"
    assert merged.record(MFA).note == "kim's, since then"
    assert readiness(f"readiness diff {copy} {sessions}/pay/{DAY}.toml").returncode == 0


def readiness(command: str) -> subprocess.CompletedProcess[str]:
    """Run a command line as the operator would."""
    words = shlex.split(command)
    assert words[0] == "readiness"
    return subprocess.run(
        [sys.executable, "-m", "readiness_tui", *words[1:]],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    )


async def test_a_place_that_cannot_be_written_is_told_and_asked_for_again(
    sessions: Path, launch: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (theirs := tmp_path / "theirs").write_text("theirs")
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        await walk(pilot)
        fill(sessions)
        screen = await asked(pilot)
        await copy_to(pilot, screen, "theirs")
        await until(
            pilot, lambda: f"{theirs}: cannot write the copy: the file already exists" in lines(screen)
        )
        assert offered(screen) == "theirs"
        await type_path(pilot, screen, "sessions/copy.toml")
        await until(pilot, lambda: "copy.toml.base: cannot write: the disk is full" in lines(screen))
        await pilot.press("escape")
        assert "No copy" not in lines(screen)
        (folder := tmp_path / "stick").mkdir()
        await copy_to(pilot, screen, "stick")
        await until(pilot, lambda: str(folder / f"pay-{DAY}-140200.toml") in lines(screen))
        await pilot.press("X")
        await until(pilot, lambda: app.return_code == 2)
    assert theirs.read_text() == "theirs"
    assert read_file(folder / f"pay-{DAY}-140200.toml").record(FIRST).answer is AnswerKind.DONE


async def test_going_on_after_a_copy_it_is_no_longer_the_whole(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        await walk(pilot)
        fill(sessions)
        screen = await asked(pilot)
        await copy_to(pilot, screen)
        await until(pilot, lambda: "Copy" in lines(screen))
        await pilot.press("escape", "j", "j", "space", "q")
        assert "Copy" not in lines(await question(pilot))
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.return_code == 2)
    assert app.parting == "readiness: the last changes of pay could not be saved\n"


def read_only(folder: Path) -> None:
    """The folder cannot be written any more; what was opened before stays open. Goes with the disk."""
    subprocess.run(["mount", "--bind", str(folder), str(folder)], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)


async def test_read_only_the_list_of_launches_is_asked_for_too(
    sessions: Path, launch: str, rescued: Path
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        walking = await walk(pilot)
        read_only(sessions / "pay")
        screen = await asked(pilot, "H")
        assert "the file system is read-only" in lines(screen)
        await pilot.press("q")
        assert app.screen is walking
        await pilot.press("H")
        await question(pilot)
        await pilot.press("X")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until(pilot, lambda: "were not saved" in app.screen.query_one(Status).texts[0])
        await pilot.press("q")
        await until(pilot, lambda: app.return_code == 0)
    assert "could not be saved" in app.parting
    assert not rescued.exists()


@contextmanager
def nobody() -> Iterator[None]:
    """Without any right of our own."""
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("mode", [0o755, 0o444, 0o000], ids=oct)
async def test_permission_denied_here_and_at_the_place_offered(
    small: Path, mode: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        sessions, free = Path(name, "sessions"), Path(name, "free")
        begin(sessions, small)
        sessions.chmod(0o755)
        free.mkdir()
        free.chmod(0o777)
        monkeypatch.chdir(free)
        app = app_on(sessions, "pay")
        async with app.run_test(size=SIZE) as pilot:
            walking = await walk(pilot)
            await pilot.press("question_mark")  # a screen of this kind is read from disk while it may be
            await until(pilot, lambda: isinstance(app.screen, HelpScreen))
            await pilot.press("q")
            await until(pilot, lambda: app.screen is walking)
            (sessions / "pay").chmod(mode)
            with nobody():
                screen = await asked(pilot)
                assert "permission denied" in lines(screen)
                await copy_to(pilot, screen)
                await until(pilot, lambda: "No copy" in lines(screen))
                assert lines(screen).count("permission denied") == 2
                await type_path(pilot, screen, "mine.toml")
                await until(pilot, lambda: "X leaves now" in lines(screen))
                await pilot.press("X")
                await until(pilot, lambda: app.return_code == 2)
        assert read_file(free / "mine.toml").record(FIRST).answer is AnswerKind.DONE


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_cannot_ask_and_keeps_a_copy(
    sessions: Path, launch: str, rescued: Path, number: signal.Signals, status: int
) -> None:
    terminal = Terminal("--sessions", str(sessions), "open", launch, columns=140)
    try:
        terminal.shows("First gate is open")
        fill(sessions)
        terminal.send(" ")
        terminal.shows("NOT SAVED")
        terminal.process.send_signal(number)
        assert terminal.ended() == status
        (copy,) = rescued.glob("pay-*.toml")
        assert "could not be saved" in terminal.text
        assert str(copy) in terminal.text.replace("\n", "")
    finally:
        terminal.close()
    assert read_file(copy).record(FIRST).answer is AnswerKind.DONE


def at_the_question(*keys: str) -> Callable[[Pilot[None]], object]:
    """Two answers, a full disk, the question; then these keys."""

    async def run(pilot: Pilot[None]) -> None:
        screen = await walk(pilot)
        fill(Path("sessions"))
        screen.list.move_to(MISSING)
        await pilot.press("space")
        screen.list.move_to(FIRST)
        await asked(pilot)
        await pilot.press(*keys)
        await pilot.pause()

    return run


@pytest.mark.parametrize(
    ("size", "keys"), [((80, 24), ""), ((80, 24), "w"), ((140, 40), "")], ids=["80x24", "copying", "140x40"]
)
def test_picture(
    snap_compare: Callable[..., bool],
    sessions: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    keys: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", "/home/ana/.local/state")
    begin(Path("sessions"), small_checklist(tmp_path, Path("/opt/gates")))
    app = ReadinessApp(Path("sessions"), launch="pay", operator="ana", clock=lambda: NOW, today=lambda: DAY)
    assert snap_compare(app, terminal_size=size, run_before=at_the_question(*keys))
