"""An address that runs something on this machine is used only if it was entered or allowed here."""

from __future__ import annotations

import pytest

from readiness_tui.store import allow


@pytest.fixture(autouse=True)
def state(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@pytest.mark.parametrize("address", ["exec:sh -c id", "moon:crater"])
def test_a_command_or_plug_in_needs_to_be_allowed(address: str) -> None:
    assert not allow.address_allowed(address)
    allow.allow_address(address)
    assert allow.address_allowed(address)
    assert not allow.address_allowed(f"{address}x"), "another address is another digest"


@pytest.mark.parametrize("address", ["local", "ana@db-1:2222", "replay:a.jsonl"])
def test_other_addresses_need_nothing(address: str) -> None:
    assert allow.address_allowed(address)
    allow.allow_address(address)
    assert not allow.allow_file().exists(), "nothing is kept that is not needed"
