"""A waiver signed by its approver, with the real ssh-keygen."""

from __future__ import annotations

from datetime import date

import pytest

from readiness_tui.model.answer import Waiver
from readiness_tui.signing import waiver
from readiness_tui.signing.signature import sign_with_file
from readiness_tui.signing.trust import Trust
from tests.samples import NOW, session
from tests.signing.conftest import Keys, stock_verify

KIM = "kim@example.com"
GIVEN = Waiver(reason="the bastion bans", owner="lee", approver=KIM, expires=date(2026, 12, 15), at=NOW)


@pytest.fixture
def signed(keys: Keys) -> tuple[Waiver, Trust]:
    key = keys.make("kim")
    message = waiver.text(session(), "one.a.first", GIVEN).encode()
    made = GIVEN.model_copy(update={"signature": sign_with_file(message, key)})
    return made, Trust("as", f"{KIM} {keys.public(key)}\n", f'security = ["{KIM}"]\n')


def test_it_verifies_here_and_with_ssh_keygen(signed: tuple[Waiver, Trust], keys: Keys) -> None:
    made, trust = signed
    found = waiver.verify(session(), "one.a.first", made, trust)
    assert found.problem == ""
    assert found.fingerprint.startswith("SHA256:")
    message = waiver.text(session(), "one.a.first", made).encode()
    assert stock_verify(keys.folder, trust.allowed, KIM, message, made.signature)


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "nothing"},
        {"owner": "max"},
        {"expires": date(2027, 1, 15)},
        {"approver": "lea@example.com"},
    ],
    ids=str,
)
def test_another_waiver_is_not_what_was_signed(
    signed: tuple[Waiver, Trust], change: dict[str, object]
) -> None:
    made, trust = signed
    other = made.model_copy(update=change)
    assert waiver.verify(session(), "one.a.first", other, trust).problem != ""


def test_another_item_launch_or_zone_is_not_what_was_signed(signed: tuple[Waiver, Trust]) -> None:
    made, trust = signed
    assert waiver.verify(session(), "one.a.second", made, trust).problem != ""
    for change in ({"launch": "other"}, {"zone": "Europe/Berlin"}):
        held = session().model_copy(update=change)
        assert waiver.verify(held, "one.a.first", made, trust).problem != ""


def test_somebody_who_may_not_sign_and_nobody_who_may(signed: tuple[Waiver, Trust], keys: Keys) -> None:
    made, trust = signed
    stranger = Trust("as", trust.allowed, 'security = ["max@example.com"]\n')
    assert "does not name kim@example.com for any role" in (
        waiver.verify(session(), "one.a.first", made, stranger).problem
    )
    assert "nobody is allowed" in waiver.verify(session(), "one.a.first", made, None).problem
    other = keys.make("other")
    wrong = Trust("as", f"{KIM} {keys.public(other)}\n")
    assert "no entry" in waiver.verify(session(), "one.a.first", made, wrong).problem


def test_one_without_a_signature_has_no_problem() -> None:
    assert waiver.verify(session(), "one.a.first", GIVEN, None).problem == ""
