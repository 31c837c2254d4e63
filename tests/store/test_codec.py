"""The session file: reading back what was written gives the same bytes; faults are reported."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings

from readiness_tui.errors import SessionError
from readiness_tui.model.answer import AnswerKind, Evidence, Waiver
from readiness_tui.model.outcome import Outcome, Verdict
from readiness_tui.model.session import Change, Record, Session
from readiness_tui.store import codec
from tests import strategies
from tests.samples import NOW, session

GOLDEN = Path(__file__).with_name("golden.toml")


def full() -> Session:
    """A session with every table and, but for defaults, every key."""
    seen = Outcome(
        verdict=Verdict.PASS,
        evidence="PermitRootLogin no (2 of 2 addresses; 1 Match block)",
        facts={"permitrootlogin": "no", "matches": "1"},
        asked_at=datetime(2026, 11, 24, 9, 19, 58, tzinfo=UTC),
        took_ms=41,
        asked="sha256:" + "a" * 64,
    )
    denied = {"verdict": "unknown", "cause": "denied", "hint": "run as root", "asked_at": NOW}
    record = Record(
        text="sha256:" + "b" * 64,
        answer=AnswerKind.DONE,
        reason="seen with my own eyes",
        by="ana",
        at=datetime(2026, 11, 24, 9, 20, 11, tzinfo=UTC),
        note="Checked with the bastion's Match block too.\n",
        evidence=(
            Evidence(path="scans/lynis.txt", sha256="c" * 64, as_of=date(2026, 11, 20)),
            Evidence(url="https://wiki.example/login"),
        ),
        waiver=Waiver(
            reason="until the new image",
            owner="ana",
            approver="lee",
            expires=date(2026, 12, 24),
            by="ana",
            at=NOW,
        ),
        outcomes={"app-1": seen, "role:db": Outcome.model_validate(denied)},
    )
    return session(
        {
            "infrastructure.server.root-login-disabled": record,
            "infrastructure.server.ntp": Record(note="one line"),
        },
        launch="payments-2.4",
        launch_at=datetime(2026, 11, 27, 6, 0, tzinfo=UTC),
        carried_from=date(2026, 11, 23),
        position="infrastructure.server.ntp",
        parameters={
            "service_unit": "payments.service",
            "config_files": ["/etc/payments.conf", "/etc/payments.d/db.conf"],
            "launch_criteria": {"open_blockers": {"eq": 0}},
            "min_ram_mb": 2048,
        },
        hosts=[
            {"name": "app-1", "address": "app-1.internal", "roles": ["app", "proxy"]},
            {"name": "db-1", "address": "ops@[::1]:2222"},
        ],
        notes="Freeze from Thursday noon.\nCall Lee first.\n",
        signoffs=[
            {"role": "technical", "who": "ana", "decision": "go", "at": NOW, "seal": "sha256:" + "d" * 64}
        ],
        history=(
            Change(at=NOW, by="ana", what="answer", item="infrastructure.server.ntp", old="", new="done"),
            Change(at=NOW, by="ana", what="hosts", new="app-1=app-1.internal", why="grew"),
        ),
    )


def test_a_full_session_is_written_as_the_golden_file() -> None:
    assert codec.dumps(full()) == GOLDEN.read_text(encoding="utf-8")


def test_the_golden_file_is_read_back_as_that_session() -> None:
    assert codec.loads(GOLDEN.read_text(encoding="utf-8"), source="golden") == full()


@settings(max_examples=150, deadline=None)
@given(strategies.sessions())
def test_any_session_comes_back_the_same_byte_for_byte(one: Session) -> None:
    text = codec.dumps(one)
    assert codec.loads(text, source="x") == one
    assert codec.dumps(codec.loads(text, source="x")) == text
    assert codec.loads_bytes(text.encode(), source="x") == one


def test_only_what_differs_from_the_defaults_is_written() -> None:
    assert tomllib.loads(codec.dumps(session())).keys() == {
        "format", "launch", "day", "checklist", "operator", "hosts"
    }  # fmt: skip


def test_times_are_utc_whatever_their_zone() -> None:
    at = datetime(2026, 11, 27, 8, 30, tzinfo=timezone(timedelta(hours=2, minutes=30)))
    assert "launch_at = 2026-11-27T06:00:00Z\n" in codec.dumps(session(launch_at=at))


def test_a_time_without_a_zone_is_refused() -> None:
    text = codec.dumps(session(launch_at=NOW)).replace("T12:00:00Z", "T12:00:00")
    with pytest.raises(SessionError, match="launch_at: a time needs a time zone") as caught:
        codec.loads(text, source="f")
    assert caught.value.where == "f:7"


def test_one_answer_changes_one_hunk_and_adds_one_history_entry() -> None:
    before = full()
    record = before.items["infrastructure.server.ntp"]
    after = before.model_copy(
        update={
            "items": {
                **before.items,
                "infrastructure.server.ntp": record.model_copy(update={"note": "other"}),
            }
        }
    )
    old, new = codec.dumps(before).split("\n"), codec.dumps(after).split("\n")
    changed = [number for number, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    assert len(changed) == 1


def test_a_note_that_quotes_a_merge_conflict_is_not_one() -> None:
    note = "The log said:\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> topic\n"
    one = session({"a.b": Record(note=note)})
    text = codec.dumps(one)
    assert codec.loads(text, source="f") == one
    assert not any(line.startswith(codec.MARKERS) for line in text.split("\n"))


def test_a_carriage_return_in_a_text_of_several_lines_is_kept() -> None:
    why = Change(at=NOW, by="ana", what="answer", why="one\r\ntwo\nthree\r")
    one = session(history=(why,))
    assert codec.loads(codec.dumps(one), source="f") == one


def test_crlf_from_git_or_an_editor_and_a_byte_order_mark_are_read() -> None:
    text = codec.dumps(full())
    assert codec.loads("\ufeff" + text.replace("\n", "\r\n"), source="f") == full()


def test_comments_and_hand_written_files_without_our_first_line_are_read() -> None:
    text = codec.dumps(full()).removeprefix(codec.HEAD).removesuffix(codec.END)
    assert codec.loads("# by hand\n" + text, source="f") == full()


def test_the_shape_shown_in_the_design_is_read() -> None:
    text = """
format = 1
launch = "payments-2.4"
day = 2026-11-24
checklist = {id = "production", version = 1, digest = "sha256:0"}
operator = "ana"
carried_from = "2026-11-23"

[items."infrastructure.server.root-login-disabled"]
answer = "done"
at = 2026-11-24T09:20:11Z
[items."infrastructure.server.root-login-disabled".outcomes.app-1]
verdict = "pass"
asked_at = 2026-11-24T09:19:58Z
"""
    read = codec.loads(text, source="f")
    assert read.carried_from == date(2026, 11, 23)
    assert read.items["infrastructure.server.root-login-disabled"].outcomes["app-1"].verdict is Verdict.PASS


class TestWriter:
    """Rendering again only what changed must give the same bytes as rendering all."""

    def test_gives_the_same_text_after_every_kind_of_change(self) -> None:
        writer = codec.Writer()
        start = full()
        ntp = start.items["infrastructure.server.ntp"]
        other = {**start.items, "infrastructure.server.ntp": ntp.model_copy(update={"note": "changed"})}
        line = Change(at=NOW, by="lee", what="note")
        steps = (
            start,
            start.model_copy(update={"items": other}),
            start.model_copy(update={"items": dict(reversed(list(start.items.items())))}),
            start.model_copy(update={"items": {}}),
            start.model_copy(update={"history": (*start.history, line)}),
            start.model_copy(update={"history": (*start.history[:-1], line)}),
            start.model_copy(update={"history": ()}),
            start,
        )
        for step in steps:
            assert writer.dumps(step) == codec.dumps(step)

    @settings(max_examples=30, deadline=None)
    @given(strategies.sessions(), strategies.sessions())
    def test_gives_the_same_text_for_any_two_sessions(self, one: Session, two: Session) -> None:
        writer = codec.Writer()
        for each in (one, two, one):
            assert writer.dumps(each) == codec.dumps(each)


def test_invalid_unicode_is_refused_with_its_place() -> None:
    broken = session().model_copy(update={"notes": "caf\udce9"})
    with pytest.raises(SessionError, match=r"'\\udce9', which is not a Unicode character"):
        codec.dumps(broken)


def test_what_toml_cannot_hold_is_refused() -> None:
    broken = session().model_copy(update={"parameters": {"a": [1, None]}})
    with pytest.raises(SessionError, match="cannot write the session"):
        codec.dumps(broken)


def test_a_very_long_note_of_any_characters_is_kept() -> None:
    note = ('"""' + "\\u0041 \U0001f680 e\u0301 \t''' \x7f # = [x]\n") * 40_000
    one = session().model_copy(update={"items": {"a.b": Record(note=note)}})
    assert codec.loads(codec.dumps(one), source="x").record("a.b").note == note
