"""The collector is off while much is read, and back afterwards, whatever happens."""

from __future__ import annotations

import gc

import pytest

from readiness_tui.errors import SessionError
from readiness_tui.store import codec
from readiness_tui.store.uncollected import uncollected


def test_off_meanwhile_and_on_again() -> None:
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled(), "the outer one has not ended"
    assert gc.isenabled()


def test_a_broken_file_leaves_it_on() -> None:
    with pytest.raises(SessionError):
        codec.loads("format = ", source="x")
    assert gc.isenabled()


def test_where_it_was_off_it_stays_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
