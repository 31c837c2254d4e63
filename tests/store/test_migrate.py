"""Formats: the present one, older ones through their steps, none invented."""

from __future__ import annotations

import pytest

from readiness_tui.errors import SessionError
from readiness_tui.model.session import FORMAT
from readiness_tui.store.migrate import MIGRATIONS, Document, migrate


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
    with pytest.raises(SessionError, match=f"there has never been a format {number}") as caught:
        migrate({"format": number}, where="f:3")
    assert caught.value.where == "f:3"


def test_a_newer_format_asks_for_an_upgrade() -> None:
    with pytest.raises(SessionError, match="newer readiness") as caught:
        migrate({"format": FORMAT + 1}, where="f:3")
    assert "upgrade" in caught.value.hint
