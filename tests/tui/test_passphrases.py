"""A key file's passphrase in the TUI: asked once over a real sshd, unseen, and never in anybody's way."""

from __future__ import annotations

import asyncio
import io
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console
from textual.app import App
from textual.pilot import Pilot

from readiness_tui.errors import UsageError
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.tui.app import ReadinessApp
from readiness_tui.tui.screens.form import FormScreen
from readiness_tui.tui.screens.home import HomeScreen
from readiness_tui.tui.screens.passphrase import Masked, PassphraseScreen
from readiness_tui.tui.walk.screen import WalkScreen
from readiness_tui.tui.widgets.bar import Status
from readiness_tui.tui.widgets.card import Card
from readiness_tui.tui.widgets.hosts import HostLines
from readiness_tui.tui.widgets.lines import Pages
from tests.sshd import Sshd
from tests.tui.driving import FIRST, MFA, SECOND, Gates, app_on, begin, on_disk, said, typed, until, walk

SECRET = "correct.horse-battery"
SIZE = (80, 24)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sshd]:
    """A server that lets in by a key file with a passphrase alone."""
    with Sshd(tmp_path / "sshd") as started:
        lock = ["ssh-keygen", "-q", "-p", "-P", "", "-N", SECRET, "-f", str(started.identity)]
        subprocess.run(lock, check=True)
        monkeypatch.setenv("READINESS_SSH_CONFIG", str(started.ssh_config))
        yield started


@pytest.fixture
def launched(server: Sshd, sessions: Path, small: Path, gates: Gates) -> str:
    """A launch of three hosts behind that key; their gates are open."""
    for gate in ("gate-1", "gate-2"):
        gates.open(gate)
    return begin(sessions, small, hosts=tuple(f"web-{n}={server.address},app" for n in (1, 2, 3))).launch


async def asked(pilot: Pilot[None]) -> PassphraseScreen:
    """The question, once it is drawn."""
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, PassphraseScreen) and bool(app.screen.query(Masked)))
    assert isinstance(app.screen, PassphraseScreen)
    return app.screen


def on_top(app: App[None]) -> object:
    """The screen that has the keys."""
    return app.screen


def log(screen: WalkScreen) -> str:
    """All that the bar said."""
    return "\n".join(screen.query_one(Status).log_lines)


def drawn(app: App[None]) -> str:
    """The screen as a picture."""
    console = Console(width=SIZE[0], height=SIZE[1], file=io.StringIO(), record=True, legacy_windows=False)
    console.print(app.screen._compositor.render_update(full=True))
    return console.export_svg()


def written(folder: Path) -> bytes:
    """All that is in any file below."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.needs("sshd", "ssh")
async def test_asked_once_for_three_hosts_wrong_then_right_and_written_nowhere(
    launched: str, sessions: Path, server: Sshd, tmp_path: Path
) -> None:
    app = app_on(sessions, launched)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("r")
        question = await asked(pilot)
        assert str(server.identity) in " ".join(question.query_one(Pages).texts).replace("\n", "")
        await pilot.press("enter")
        await typed(pilot, "wrong")
        await pilot.press("enter")
        await until(pilot, lambda: "Incorrect passphrase" in " ".join(question.query_one(Pages).texts))
        assert on_top(app) is question, "the question stays where it is"
        await typed(pilot, SECRET)
        pictures = drawn(app)
        assert "•" * len(SECRET) in pictures
        await pilot.press("ctrl+shift+a", "ctrl+x", "ctrl+shift+a", "ctrl+c")
        assert app.clipboard == ""
        assert question.query_one(Masked).value == SECRET
        await pilot.press("enter")
        await until(pilot, lambda: on_top(app) is screen)
        await until(pilot, lambda: screen.workspace.prober.busy == 0)
        pictures += drawn(app)
        found = screen.assessment.session.record(FIRST).outcomes
        assert {host: one.verdict for host, one in found.items()} == dict.fromkeys(
            ("web-1", "web-2", "web-3"), Verdict.PASS
        )
        await pilot.press("j", "r")
        await until(pilot, lambda: SECOND in screen.assessment.session.items)
        await until(pilot, lambda: screen.workspace.prober.busy == 0 and not screen.workspace.unsaved)
        assert on_top(app) is screen, "nobody is asked again"
        pictures += log(screen)
        await pilot.press("H")  # and not by another opening of the launch either
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await until(pilot, lambda: bool(app.screen.query_one(Pages).texts))
        await pilot.press("enter")
        again = await walk(pilot)
        assert again is not screen
        await pilot.press("r")
        await until(pilot, lambda: server.log.count("Accepted publickey") == 6)
        await until(pilot, lambda: again.workspace.prober.busy == 0)
        assert on_top(app) is again
        pictures += log(again)
    assert server.log.count("Failed publickey") == 0
    assert server.log.count("Accepted publickey") == 6
    assert SECRET not in pictures
    assert SECRET.encode() not in written(tmp_path)


@pytest.mark.needs("sshd", "ssh")
async def test_keys_typed_ahead_are_neither_the_passphrase_nor_lost_in_a_note(
    launched: str, sessions: Path
) -> None:
    app = app_on(sessions, launched)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("3", "i")
        await typed(pilot, "the key ")
        screen.workspace.work(screen.workspace.prober.probe([FIRST]))
        await until(pilot, lambda: "wants its passphrase" in log(screen))
        await typed(pilot, "is with kim")
        card = screen.query_one(Card)
        assert (on_top(app), card.typing, card.note) == (screen, True, "the key is with kim")
        await pilot.press("escape")
        question = await asked(pilot)
        await pilot.press("j", "k", "f", "space", "q")
        line = question.query_one(Masked)
        assert (on_top(app), line.has_focus, line.value) == (question, False, "")
        await pilot.press("enter")
        assert (line.has_focus, line.value) == (True, "")
        await pilot.press("enter")
        assert "nothing typed" in said(question)
        await typed(pilot, SECRET)
        await pilot.press("enter")
        await until(pilot, lambda: on_top(app) is screen and screen.workspace.prober.busy == 0)
        await until(pilot, lambda: not screen.workspace.unsaved)
    assert on_disk(sessions).record(MFA).note == "the key is with kim"
    assert on_disk(sessions).record(MFA).answer is None


@pytest.mark.needs("sshd", "ssh")
async def test_declined_it_is_unknown_with_a_hint_and_the_next_run_may_ask(
    launched: str, sessions: Path, server: Sshd
) -> None:
    app = app_on(sessions, launched)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("r")
        await asked(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: on_top(app) is screen and screen.workspace.prober.busy == 0)
        found = screen.assessment.session.record(FIRST).outcomes
        assert {one.cause for one in found.values()} == {Cause.AUTH}
        assert all(f"ssh-add {server.identity}" in one.hint for one in found.values())
        await pilot.press("r")
        await asked(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: on_top(app) is screen)


@pytest.mark.needs("sshd", "ssh")
async def test_a_cancelled_run_takes_its_question_away_also_from_below_another_screen(
    launched: str, sessions: Path
) -> None:
    app = app_on(sessions, launched)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("r")
        await asked(pilot)
        await screen.workspace.prober.cancel()
        await until(pilot, lambda: on_top(app) is screen)
        await pilot.press("r")
        question = await asked(pilot)
        question.block("Something else", UsageError("is in the way"))
        await until(pilot, lambda: on_top(app) is not question)
        await screen.workspace.prober.cancel()
        await until(pilot, lambda: screen.workspace.prober.busy == 0)
        await pilot.press("escape")
        await until(pilot, lambda: on_top(app) is screen)


@pytest.mark.needs("sshd", "ssh")
async def test_the_form_asks_when_a_host_is_tried_and_not_while_a_line_is_typed(
    server: Sshd, sessions: Path, small: Path
) -> None:
    app = ReadinessApp(sessions, operator="ana")
    async with app.run_test(size=(140, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("N")
        await until(pilot, lambda: isinstance(app.screen, FormScreen) and bool(app.screen.query(HostLines)))
        screen = app.screen
        assert isinstance(screen, FormScreen)
        await until(pilot, lambda: screen.parameters.chosen is not None)
        field = screen.hosts.fields[0]
        field.fill(f"web={server.address},app")
        screen.hosts.enter(0)
        await pilot.press("enter")
        await until(pilot, lambda: "wants its passphrase" in "".join(screen.query_one(Status).log_lines))
        screen.parameters.take_keys()
        await asked(pilot)
        await pilot.press("enter")
        await typed(pilot, SECRET)
        await pilot.press("enter")
        await until(pilot, lambda: "reached in" in field.beside)


def test_the_question(snap_compare: Callable[..., bool], sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)

    async def ask(pilot: Pilot[None]) -> None:
        await walk(pilot)
        question = PassphraseScreen(Path("/home/ana/.ssh/id_ed25519"))
        await app.push_screen(question)
        asking = asyncio.create_task(question.ask("Incorrect passphrase"))
        await asked(pilot)
        await pilot.press("enter", *"hunter2")
        question.call_later(asking.cancel)

    assert snap_compare(app, terminal_size=SIZE, run_before=ask)
