"""The decision in the TUI: the gate, sign-offs over a real key file, waivers, attachments, pins, T0."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from readiness_tui.errors import UsageError
from readiness_tui.launch import Launch, load_checklist
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.rules import edits
from readiness_tui.rules.standing import Standing
from readiness_tui.store import allow
from readiness_tui.store.sessions import Sessions
from readiness_tui.tui.screens.attachment import AttachmentScreen
from readiness_tui.tui.screens.before_launch import BeforeLaunchScreen
from readiness_tui.tui.screens.fields_screen import FieldsScreen
from readiness_tui.tui.screens.gate import GateScreen
from readiness_tui.tui.screens.page import PageScreen
from readiness_tui.tui.screens.sign import SignScreen
from readiness_tui.tui.screens.waiver import WaiverScreen
from readiness_tui.tui.widgets.lines import FixedLines
from tests.tui.driving import (
    DAY,
    FIRST,
    MFA,
    NOW,
    OFFSITE,
    RESTORED,
    Gates,
    app_on,
    begin,
    on_disk,
    said,
    small_checklist,
    typed,
    until,
    walk,
)

SIZE = (80, 24)
KIM, LEE = "kim@example.com", "lee@example.com"


@pytest.fixture
def small(tmp_path: Path, gates: Gates) -> Path:
    """The small checklist under the policy `role`."""
    path = small_checklist(tmp_path, gates.folder)
    path.write_text(path.read_text().replace("version: 1\n", "version: 1\nresign: role\n", 1))
    allow.allow(load_checklist(str(path)).digest, path)
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """Kim's key."""
    return _made(tmp_path / "key")


def _made(path: Path, *, passphrase: str = "") -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", str(path)], check=True)
    return path


def _public(path: Path) -> str:
    return " ".join(path.with_suffix(".pub").read_text().split()[:2])


@pytest.fixture
def answered(sessions: Path, small: Path, key: Path) -> str:
    """A launch with everything answered, which Kim may sign for both roles."""
    begin(sessions, small)
    launch = Launch.open(Sessions(sessions), "pay", operator="ana", today=DAY, clock=lambda: NOW)
    for item in launch.assessment.checklist.items.values():
        if item.mode != "derived":
            launch.assessment.apply(edits.SetAnswer(item.id, AnswerKind.DONE, "seen"))
    launch.sessions.save(launch.assessment.session)
    launch.release()
    folder = sessions / "pay"
    (folder / "allowed_signers").write_text(f"{KIM} {_public(key)}\n")
    (folder / "signers.toml").write_text(
        f'technical = ["{KIM}"]\nsecurity = ["{KIM}"]\nseveral = ["{KIM}"]\n'
    )
    return "pay"


async def shown(pilot: Pilot[None], kind: type[object], *presses: str) -> None:
    """Press keys, and wait for a screen that has the keys."""
    await pilot.press(*presses)
    await until(pilot, lambda: isinstance(pilot.app.screen, kind), kind.__name__)
    if issubclass(kind, FieldsScreen):
        await until(pilot, lambda: pilot.app.focused is not None)


async def gate_of(pilot: Pilot[None]) -> GateScreen:
    """The gate, judged and drawn."""
    await shown(pilot, GateScreen, "S")
    screen = pilot.app.screen
    assert isinstance(screen, GateScreen)
    await until(pilot, lambda: bool(screen.rows.texts))
    return screen


async def sign(pilot: Pilot[None], key: Path, *, confirm: str = "pay") -> SignScreen:
    """From the gate: read the page, and fill in the form."""
    await shown(pilot, PageScreen, "s")
    await shown(pilot, SignScreen, "enter")
    form = pilot.app.screen
    assert isinstance(form, SignScreen)
    form.fields["where"].fill(str(key))
    form.fields["confirm"].fill(confirm)
    await pilot.press("ctrl+s")
    return form


def decision(screen: GateScreen) -> str:
    """What the gate's first lines say."""
    return " ".join(screen.query_one("#decision", FixedLines).texts)


async def test_both_leads_sign_and_after_a_change_only_one_signs_again(
    sessions: Path, answered: str, key: Path
) -> None:
    app = app_on(sessions, answered)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        gate = await gate_of(pilot)
        assert "NO-GO" in decision(gate)
        assert sum("has not signed" in text for text in gate.rows.texts) == 2
        form = await sign(pilot, key, confirm="pray")
        await until(pilot, lambda: "type the launch's name" in form.fields["confirm"].beneath)
        form.fields["confirm"].fill("pay")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: len(on_disk(sessions).signoffs) == 1)
        await until(pilot, lambda: app.screen is gate)
        await sign(pilot, key)
        await until(pilot, lambda: " GO " in decision(gate) and "NO-GO" not in decision(gate))
        assert len(list((sessions / "pay" / "signed").glob("*/page.txt"))) == 2
        await pilot.press("q")
        screen.apply(edits.SetAnswer(MFA, AnswerKind.NOT_DONE, "no token yet"))
        gate = await gate_of(pilot)
        await until(pilot, lambda: "NO-GO" in decision(gate))
        leads = [text for text in gate.rows.texts if "Lead" in text]
        assert ["signed an earlier state" in text for text in leads[1:3]] == [False, True]
        await shown(pilot, PageScreen, "s")
        page = app.screen
        assert isinstance(page, PageScreen)
        await until(pilot, lambda: bool(page.pages.texts))
        changes = [text for text in page.pages.texts if text[:2] in ("- ", "+ ")]
        assert changes == ["- Multi-factor login for administrators: ready -> not-ready"]
    assert {given.role for given in on_disk(sessions).signoffs} == {"technical", "security"}


async def test_the_five_numbers_add_up_and_enter_goes_to_the_item(sessions: Path, launch: str) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await walk(pilot)
        screen.apply(edits.SetAnswer(OFFSITE, AnswerKind.NOT_APPLICABLE, "no site"))
        gate = await gate_of(pilot)
        words = decision(gate).partition("items for launch = ")
        total = int(words[0].split()[-1])
        figures = [int(word) for word in words[2].partition(";")[0].split() if word.isdigit()]
        assert len(figures) == 5
        assert sum(figures) == total
        assert "1 not applicable" in decision(gate)
        while not gate.rows.key.startswith("item."):
            await pilot.press("j")
        wanted = gate.rows.key.removeprefix("item.")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        assert screen.state.key == wanted


async def test_a_key_with_a_passphrase_a_stranger_and_paper(
    sessions: Path, answered: str, tmp_path: Path
) -> None:
    locked = _made(tmp_path / "locked", passphrase="open sesame")
    (sessions / "pay" / "allowed_signers").write_text(f"{KIM} {_public(locked)}\n")
    app = app_on(sessions, answered)
    async with app.run_test(size=SIZE) as pilot:
        await walk(pilot)
        gate = await gate_of(pilot)
        form = await sign(pilot, _made(tmp_path / "stranger"))
        await until(pilot, lambda: "no entry for kim@example.com" in form.fields["who"].beneath)
        form.fields["where"].fill(str(locked))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: type(app.screen).__name__ == "PassphraseScreen")
        await pilot.press("enter")
        await typed(pilot, "open sesame")
        await pilot.press("enter")
        await until(pilot, lambda: len(on_disk(sessions).signoffs) == 1)
        await until(pilot, lambda: app.screen is gate)
        await shown(pilot, PageScreen, "s")
        await shown(pilot, SignScreen, "enter")
        paper = app.screen
        assert isinstance(paper, SignScreen)
        paper.fields["how"].fill("paper")
        paper.fields["confirm"].fill("pay")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: any("UNSIGNED" in text for text in gate.rows.texts))


async def test_a_lead_on_another_machine(sessions: Path, answered: str, key: Path, tmp_path: Path) -> None:
    app = app_on(sessions, answered)
    async with app.run_test(size=SIZE) as pilot:
        await walk(pilot)
        gate = await gate_of(pilot)
        await shown(pilot, PageScreen, "s")
        await shown(pilot, SignScreen, "enter")
        form = app.screen
        assert isinstance(form, SignScreen)
        form.fields["how"].fill("request")
        form.fields["where"].fill(str(tmp_path / "out"))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: (tmp_path / "out" / "technical.txt").exists())
        await until(pilot, lambda: app.screen is gate)
        line = ["ssh-keygen", "-Y", "sign", "-n", "readiness-tui", "-f", str(key), "technical.txt"]
        subprocess.run(line, cwd=tmp_path / "out", check=True, capture_output=True)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, FieldsScreen) and app.focused is not None)
        taking = app.screen
        assert isinstance(taking, FieldsScreen)
        taking.fields["value"].fill(str(tmp_path / "out" / "technical.txt.sig"))
        await pilot.press("enter")
        await until(pilot, lambda: [s.role for s in on_disk(sessions).signoffs] == ["technical"])


async def test_a_waiver_is_given_signed_by_its_approver_and_ended(
    sessions: Path, answered: str, key: Path
) -> None:
    app = app_on(sessions, answered)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        screen.apply(edits.SetAnswer(RESTORED, AnswerKind.NOT_DONE))
        screen.jump(RESTORED)
        await shown(pilot, WaiverScreen, "w")
        form = app.screen
        assert isinstance(form, WaiverScreen)
        fields = form.fields
        await pilot.press("ctrl+s")
        assert "needs a reason" in fields["reason"].beneath
        for name, value in (("reason", "tape"), ("owner", LEE), ("approver", LEE), ("until", "20261201")):
            fields[name].fill(value)
        await pilot.press("ctrl+s")
        assert "not a day" in fields["until"].beneath
        fields["until"].fill("2026-12-01")
        await pilot.press("ctrl+s")
        assert "approver is not its owner" in fields["approver"].beneath
        fields["approver"].fill(KIM)
        fields["until"].fill("2099-12-01")
        await pilot.press("ctrl+s")
        assert "at most 90 days" in fields["until"].beneath
        fields["until"].fill("2026-12-01")
        fields["key"].fill(str(key))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: on_disk(sessions).record(RESTORED).waiver is not None)
        held = on_disk(sessions).record(RESTORED).waiver
        assert held is not None
        assert held.signature.startswith("-----BEGIN SSH SIGNATURE-----")
        assert screen.assessment.standings()[RESTORED].standing is Standing.WAIVED
        assert [one for one in screen.assessment.gate().blocking if one.standing == "waiver"] == []
        await shown(pilot, WaiverScreen, "w")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: on_disk(sessions).record(RESTORED).waiver is None)


async def test_an_attachment_is_copied_and_a_changed_one_is_noticed(
    sessions: Path, answered: str, tmp_path: Path
) -> None:
    proof = tmp_path / "drill.pdf"
    proof.write_bytes(b"it worked")
    app = app_on(sessions, answered)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        screen.jump(RESTORED)
        await shown(pilot, AttachmentScreen, "A")
        form = app.screen
        assert isinstance(form, AttachmentScreen)
        form.fields["place"].fill(str(tmp_path / "none.pdf"))
        form.fields["as_of"].fill("2026-11-20")
        await pilot.press("ctrl+s")
        assert "cannot read the file" in form.fields["place"].beneath
        form.fields["place"].fill(str(proof))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: bool(on_disk(sessions).record(RESTORED).evidence))
        kept = list((sessions / "pay" / "evidence").iterdir())
        assert [path.read_bytes() for path in kept] == [b"it worked"]
        assert str(on_disk(sessions).record(RESTORED).evidence[0].as_of) == "2026-11-20"
        kept[0].chmod(0o600)
        kept[0].write_bytes(b"it did not")
        await shown(pilot, AttachmentScreen, "A")
        again = app.screen
        assert isinstance(again, AttachmentScreen)
        assert "CHANGED: the file was changed" in str(again.query_one("#form-help").render())


def _seen(evidence: str) -> dict[str, dict[str, Outcome]]:
    return {FIRST: {"this": Outcome(verdict=Verdict.FAIL, evidence=evidence, asked_at=NOW)}}


async def test_a_pinned_answer_reopens_when_the_probe_finds_something_else(
    sessions: Path, launch: str
) -> None:
    app = app_on(sessions, launch)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        screen.jump(FIRST)
        await pilot.press("p")
        assert "no answer here to pin" in said(screen)
        screen.apply(edits.SetOutcomes(_seen("gate 7 is shut"), {}))
        screen.apply(edits.SetAnswer(FIRST, AnswerKind.DONE, "the wall is low"))
        await pilot.press("p")
        assert on_disk(sessions).record(FIRST).reason in ("", "the wall is low")
        assert screen.assessment.standings()[FIRST].standing is Standing.READY
        screen.apply(edits.SetOutcomes(_seen("gate 8 is shut"), {}))
        one = screen.assessment.standings()[FIRST]
        assert one.standing is Standing.STALE
        assert one.reason == (
            "this shows fail: gate 8 is shut; when this was answered it was fail: gate 7 is shut"
        )


async def test_what_is_stale_by_the_launch_is_probed_again_by_one_key(
    sessions: Path, small: Path, gates: Gates
) -> None:
    text = small.read_text()
    fresh = "            text: First gate is open\n            mode: auto\n"
    small.write_text(text.replace(fresh, fresh + "            fresh: 12h\n", 1))
    allow.allow(load_checklist(str(small)).digest, small)
    gates.open("gate-1")
    begin(sessions, small)
    app = app_on(sessions, "pay")
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        old = Outcome(verdict=Verdict.PASS, evidence="7.1", asked_at=NOW - timedelta(hours=6))
        screen.apply(edits.SetOutcomes({FIRST: {"this": old}}, {}))
        screen.apply(edits.SetLaunchAt(NOW + timedelta(hours=8)))
        await shown(pilot, BeforeLaunchScreen, "B")
        due = app.screen
        assert isinstance(due, BeforeLaunchScreen)
        await until(pilot, lambda: any("First gate is open" in text for text in due.rows.texts))
        await pilot.press("r")
        await until(pilot, lambda: on_disk(sessions).record(FIRST).outcomes["this"].asked_at != old.asked_at)
        await until(pilot, lambda: not due.found)


async def test_nothing_is_signed_in_a_launch_that_is_read_only(sessions: Path, answered: str) -> None:
    app = app_on(sessions, answered, day=DAY)
    async with app.run_test(size=SIZE) as pilot:
        screen = await walk(pilot)
        await pilot.press("w")
        assert "read-only" in said(screen)
        gate = await gate_of(pilot)
        await pilot.press("s")
        assert "read-only" in said(gate)
        with pytest.raises(UsageError, match="read-only"):
            screen.assessment.apply(edits.WithdrawSignoff("technical", "no"))
