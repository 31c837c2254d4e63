"""Probes beside the operator's work: real runs on this machine and over a real sshd."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.outcome import Cause, Verdict
from readiness_tui.tui.screens.notice import NoticeScreen
from readiness_tui.tui.walk.screen import WalkScreen
from readiness_tui.tui.widgets.card import Card
from readiness_tui.tui.widgets.lines import Pages
from tests.sshd import Sshd
from tests.tui.driving import (
    AGAIN,
    DOMAINS,
    FIRST,
    MFA,
    MISSING,
    OFFSITE,
    SECOND,
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


def word(screen: WalkScreen, item: str) -> str:
    """The mark of an item's row."""
    line = screen.list.line_of(item)
    assert line is not None
    return line.mark.word


async def test_item_streams_its_verdict(sessions: Path, launch: str, gates: Gates) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("r")
        await until(pilot, lambda: gates.asked("gate-1"))
        await until(pilot, lambda: word(screen, FIRST) == "RUNNING")
        assert word(screen, AGAIN) == "RUNNING", "an item that is the same shares the probe"
        assert word(screen, SECOND) == "TODO"
        await pilot.press("r")
        assert "already being probed" in said(screen)
        gates.open("gate-1")
        await until(pilot, lambda: word(screen, FIRST) == "READY")
        line = screen.list.line_of(FIRST)
        assert line is not None
        assert line.by == "A"
        assert "gate-1 7.1" in line.evidence
        await until(pilot, lambda: screen.workspace.prober.busy == 0)
        await until(pilot, lambda: FIRST in on_disk(sessions).items)
    assert on_disk(sessions).record(FIRST).outcomes["this"].verdict is Verdict.PASS


async def test_note_goes_on_undisturbed_while_results_stream_in(
    sessions: Path, launch: str, gates: Gates
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("R", "3", "i")
        await until(pilot, lambda: gates.asked("gate-1") and gates.asked("gate-2"))
        await typed(pilot, "first ")
        gates.open("gate-2")
        await until(pilot, lambda: word(screen, SECOND) == "READY" and word(screen, MISSING) == "NOT READY")
        await typed(pilot, "then ")
        gates.open("gate-1")
        await until(pilot, lambda: word(screen, FIRST) == "READY")
        await typed(pilot, "last")
        card = screen.query_one(Card)
        assert (card.typing, card.item, card.note) == (True, MFA, "first then last")
        await pilot.press("escape")
        await until(pilot, lambda: screen.workspace.prober.busy == 0)
        await pilot.press("q")
        await until(pilot, lambda: app.return_code == 0)
    kept = on_disk(sessions)
    assert kept.record(MFA).note == "first then last"
    assert kept.record(FIRST).outcomes["this"].verdict is Verdict.PASS
    assert kept.record(MISSING).outcomes["this"].verdict is Verdict.FAIL


async def test_cancel_leaves_what_was_known(sessions: Path, launch: str, gates: Gates) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("x")
        assert "no probe runs" in said(screen)
        await pilot.press("r")
        await until(pilot, lambda: gates.asked("gate-1"))
        await pilot.press("x")
        await until(pilot, lambda: screen.workspace.prober.busy == 0)
        assert screen.assessment.session.record(FIRST).outcomes == {}


async def test_one_run_waits_for_the_other(sessions: Path, launch: str, gates: Gates) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("r", "j", "r")
        await until(pilot, lambda: gates.asked("gate-1") and screen.workspace.prober.busy == 2)
        assert not gates.asked("gate-2")
        line = screen.list.line_of(SECOND)
        await until(pilot, lambda: word(screen, SECOND) == "RUNNING")
        line = screen.list.line_of(SECOND)
        assert line is not None
        assert line.evidence == "waiting"
        gates.open("gate-1")
        gates.open("gate-2")
        await until(pilot, lambda: word(screen, SECOND) == "READY" and word(screen, FIRST) == "READY")


async def test_quitting_while_probes_run_asks_once(sessions: Path, launch: str, gates: Gates) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("r")
        await until(pilot, lambda: gates.asked("gate-1"))
        await pilot.press("q")
        assert "q again stops them" in said(screen)
        assert app.return_code is None
        await pilot.press("q")
        await until(pilot, lambda: app.return_code == 0)
    assert on_disk(sessions).record(FIRST).outcomes == {}


async def test_items_without_a_probe_say_so(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        screen.list.move_to(DOMAINS)
        await pilot.press("r")
        assert "no probe: a person answers this item (assist)" in said(screen)
        await pilot.press("3", "R")
        assert "no item of this section has a probe" in said(screen)
        await pilot.press("o")
        assert "to override" in said(screen)


async def test_override_a_failing_probe(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        screen.list.move_to(MISSING)
        await pilot.press("r")
        await until(pilot, lambda: word(screen, MISSING) == "NOT READY")
        await pilot.press("space")
        assert screen.list.key == MISSING
        assert screen.assessment.session.record(MISSING).answer is None, "done never hides a failure"
        assert "FAIL this: " in said(screen)
        assert "o overrides" in said(screen)
        await pilot.press("o")
        await typed(pilot, "not needed here")
        await pilot.press("enter")
        line = screen.list.line_of(MISSING)
        assert line is not None
        assert (line.mark.word, line.by) == ("READY over FAIL", "O")


async def test_the_command_is_shown_before_it_runs_and_its_output_after(
    sessions: Path, launch: str, gates: Gates
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await until(pilot, lambda: any("gate-1" in text for text in screen.card.texts))
        await pilot.press("enter")
        pages = screen.detail
        await until(pilot, lambda: any("not run yet" in text for text in pages.texts))
        assert not gates.asked("gate-1"), "looking runs nothing"
        gates.open("gate-1")
        await pilot.press("r")
        await until(pilot, lambda: any("gate-1 7.1" in text for text in pages.texts))
        await until(pilot, lambda: any(text.startswith("Output run=") for text in pages.texts))
        await pilot.press("q")
        assert not screen.reading.open
        assert word(screen, FIRST) == "READY"


async def test_the_detail_walks_answers_and_copies(
    sessions: Path, launch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_on(sessions, launch)
    copied: list[str] = []
    monkeypatch.setattr(type(app), "copy_to_clipboard", lambda self, text: copied.append(text))
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("2", "enter", "right_square_bracket")
        assert screen.list.key == OFFSITE
        await until(pilot, lambda: any("List the newest copy" in text for text in screen.detail.texts))
        await pilot.press("space")
        assert screen.assessment.session.record(OFFSITE).answer is AnswerKind.DONE
        assert screen.reading.open, "the next open item is shown"
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: any("answered done by ana" in text for text in screen.detail.texts))
        await pilot.press("y", "y", "y")
        assert copied[2] == OFFSITE
        assert copied[0].startswith("Off-site backup")
        assert "copied the id, y again copies the evidence; also in " in screen.status.log_lines[-1]
        path = Path(screen.status.log_lines[-1].split(" in ")[1])
        assert path.read_text().strip() == OFFSITE
        await pilot.press("escape")
        assert screen.list.has_focus


async def test_a_checklist_of_strangers_runs_nothing(
    sessions: Path, launch: str, tmp_path: Path, gates: Gates
) -> None:
    (tmp_path / "xdg_state_home" / "readiness-tui" / "allowed.toml").unlink()
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, NoticeScreen))
        told = app.screen.query_one(Pages).texts
        assert any("is not allowed to run probes yet" in text for text in told)
        assert any("readiness checklist allow" in text for text in told)
        await pilot.press("enter")
        assert app.screen is screen
        assert screen.workspace.prober.busy == 0
        assert not gates.asked("gate-1")


@pytest.fixture
def sshd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sshd]:
    """A server of our own, and ssh_config that knows it."""
    server = Sshd(tmp_path / "sshd")
    monkeypatch.setenv("READINESS_SSH_CONFIG", str(server.ssh_config))
    server.start()
    yield server
    server.stop()


@pytest.mark.needs("sshd")
async def test_over_ssh_with_one_host_down(sessions: Path, small: Path, gates: Gates, sshd: Sshd) -> None:
    begin(sessions, small, hosts=(f"web={sshd.address},app", "gone=127.0.0.1:1,app"))
    gates.open("gate-1")
    gates.open("gate-2")
    app = app_on(sessions, "pay")
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("P")
        await until(pilot, lambda: word(screen, FIRST) == "UNKNOWN" and word(screen, MISSING) == "NOT READY")
        await until(pilot, lambda: screen.workspace.prober.busy == 0)
        found = screen.assessment.session.record(FIRST).outcomes
        assert found["web"].verdict is Verdict.PASS
        assert found["gone"].cause is Cause.UNREACHABLE
        assert any("gone" in text and "unreachable" in text for text in screen.card.texts)


async def test_the_bar_says_how_far_the_run_is_and_then_what_is_left(
    sessions: Path, launch: str, gates: Gates
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        assert "3 checks not run yet: P runs them, about 1 s" in said(screen)
        await pilot.press("P")
        await until(pilot, lambda: gates.asked("gate-1") and gates.asked("gate-2"))
        gates.open("gate-2")
        await until(pilot, lambda: word(screen, SECOND) == "READY")
        await until(pilot, lambda: "probing 2/3, 1 failed, 0 of 1 targets" in said(screen))
        gates.open("gate-1")
        await until(pilot, lambda: screen.workspace.prober.busy == 0)
        await until(pilot, lambda: "3 checks, 1 host, " in said(screen))
        assert ": 2 pass, 1 fail" in said(screen)
        await pilot.press("j")
        assert "left in Infrastructure" in said(screen), "the summary stays until the next key"
