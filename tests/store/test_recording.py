"""Replies kept beside a session."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from readiness_tui.errors import SessionError
from readiness_tui.model.outcome import Cause
from readiness_tui.model.probe import Ask, CollectorAsk, LinkAsk, Reply, TlsAsk
from readiness_tui.store.recording import Recording
from tests.samples import NOW

UPTIME = CollectorAsk(collector="uptime", script="uptime\n")
ASKS: tuple[Ask, ...] = (UPTIME, LinkAsk(), TlsAsk(host="shop.example"))


def reply(ask: Ask, host: str = "web", **extra: object) -> Reply:
    return Reply.model_validate({"host": host, "ask": ask, "asked_at": NOW} | extra)


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    return Recording.beside(tmp_path / "2026-11-24.toml")


def test_the_recording_is_beside_the_session_with_one_reply_per_line(
    recording: Recording, tmp_path: Path
) -> None:
    kept = [reply(ask, stdout="a=1\nb=ü🚀\n", took_ms=7) for ask in ASKS]
    recording.add(kept)
    path = tmp_path / "2026-11-24.replies.jsonl"
    assert recording.path == path
    assert [Reply.model_validate_json(line) for line in path.read_text().splitlines()] == kept
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_latest_reply_of_a_host_to_an_ask_wins(recording: Recording) -> None:
    recording.add([reply(UPTIME, stdout="x=1"), reply(UPTIME, "db", stdout="x=2"), reply(LinkAsk())])
    late = reply(UPTIME, cause=Cause.TIMEOUT, asked_at=NOW + timedelta(hours=1))
    recording.add([late])
    assert recording.find("web", UPTIME.digest) == late
    assert len(recording.path.read_text().splitlines()) == 3
    assert {(one.host, one.ask.kind) for one in recording.replies()} == {
        ("web", "collector"), ("db", "collector"), ("web", "link")
    }  # fmt: skip


def test_within_one_run_too(recording: Recording) -> None:
    recording.add([reply(UPTIME, stdout="x=1"), reply(UPTIME, stdout="x=2")])
    (one,) = recording.replies()
    assert one.stdout == "x=2"


def test_a_changed_script_is_another_ask(recording: Recording) -> None:
    changed = CollectorAsk(collector="uptime", script="uptime -s\n")
    recording.add([reply(UPTIME), reply(changed)])
    assert len(recording.replies()) == 2


def test_nothing_is_nothing(recording: Recording) -> None:
    recording.add([])
    assert not recording.path.exists()
    assert recording.replies() == ()
    assert recording.find("web", UPTIME.digest) is None


@pytest.mark.parametrize("line", ["{", "[]", '{"host": "web"}', "\x00"])
def test_an_invalid_line_is_reported_and_kept(recording: Recording, line: str) -> None:
    recording.add([reply(UPTIME)])
    text = recording.path.read_text() + line + "\n"
    recording.path.write_text(text)
    for use in (recording.replies, lambda: recording.add([reply(LinkAsk())])):
        with pytest.raises(SessionError, match="not a reply") as caught:
            use()
        assert caught.value.where == f"{recording.path}:2"
    assert recording.path.read_text() == text


def test_a_file_that_is_not_text_is_refused(recording: Recording) -> None:
    recording.path.write_bytes(b"\xff\xfe")
    with pytest.raises(SessionError, match="not UTF-8"):
        recording.replies()


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="cannot write"):
        Recording(tmp_path / "gone" / "x.jsonl").add([reply(UPTIME)])
