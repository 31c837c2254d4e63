"""Formats: the present one, older ones migrated step by step, unknown ones refused."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from readiness_tui.errors import SessionError
from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.session import FORMAT
from readiness_tui.store import codec
from readiness_tui.store.migrate import MIGRATIONS, Document, migrate

KEPT = {1: "2b6e8dae2587b33a62896fa965d689fea581e9647ccc4bdb40081af86e71237d"}
"""One file of every format there has been, `formats/<number>.toml`, and its SHA-256: it never changes."""


def renamed(document: Document) -> Document:
    return {**document, "new": document["old"]}


def doubled(document: Document) -> Document:
    return {**document, "new": 2 * document["new"]}


def test_the_present_format_is_left_as_it_is() -> None:
    document = {"format": FORMAT, "x": 1}
    assert migrate(document, where="f:1") is document


def test_steps_are_taken_in_order_up_to_the_present() -> None:
    steps = {1: renamed, 2: doubled}
    assert migrate({"format": 1, "old": 4}, where="f:1", steps=steps, to=3) == {
        "format": 3,
        "old": 4,
        "new": 8,
    }
    assert migrate({"format": 2, "new": 4}, where="f:1", steps=steps, to=3) == {"format": 3, "new": 8}


def test_every_older_format_has_its_step() -> None:
    assert set(MIGRATIONS) == set(range(1, FORMAT))


@pytest.mark.parametrize("number", [0, -1])
def test_a_format_there_never_was_is_refused(number: int) -> None:
    with pytest.raises(SessionError, match=f"unknown format {number}") as caught:
        migrate({"format": number}, where="f:3")
    assert caught.value.where == "f:3"


def test_a_newer_format_asks_for_an_upgrade() -> None:
    with pytest.raises(SessionError, match="newer readiness") as caught:
        migrate({"format": FORMAT + 1}, where="f:3")
    assert "upgrade" in caught.value.hint


def test_a_file_of_every_format_is_kept_as_it_was_written() -> None:
    kept = {int(path.stem): path for path in Path(__file__).with_name("formats").glob("*.toml")}
    assert set(kept) == set(range(1, FORMAT + 1))
    assert {number: hashlib.sha256(path.read_bytes()).hexdigest() for number, path in kept.items()} == KEPT


@pytest.mark.parametrize("number", KEPT)
def test_a_file_of_every_format_still_loads(number: int) -> None:
    path = Path(__file__).with_name("formats") / f"{number}.toml"
    session = codec.loads_bytes(path.read_bytes(), source=str(path))
    assert (session.format, session.launch, session.day) == (FORMAT, "payments-2.4", date(2026, 11, 24))
    record = session.record("infrastructure.server.root-login-disabled")
    assert (record.answer, record.by) == (AnswerKind.DONE, "ana")
    assert (record.waiver is not None, len(record.evidence), len(record.outcomes)) == (True, 2, 2)
    assert (len(session.hosts), len(session.signoffs), len(session.history)) == (2, 1, 2)
    assert codec.loads(codec.dumps(session), source="again") == session
