"""Signatures both ways with the stock ssh-keygen, and everything an attacker tries on them."""

from __future__ import annotations

import random
import string
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from readiness_tui.errors import UsageError
from readiness_tui.model.answer import Decision
from readiness_tui.model.session import Session
from readiness_tui.signing import signature, signers
from readiness_tui.signing.statement import Statement, read
from readiness_tui.signing.trust import Trust
from readiness_tui.signing.verify import verify
from tests.samples import NOW, session
from tests.signing.conftest import Keys, run, stock_verify

WHO = "kim@example.com"
PAGE = "sha256:" + "3" * 64


def said(**changed: object) -> Statement:
    plain: dict[str, object] = {
        "launch": "demo",
        "role": "security",
        "who": WHO,
        "decision": Decision.GO,
        "conditions": (),
        "at": datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
        "page": PAGE,
    }
    return Statement(**(plain | changed))  # type: ignore[arg-type]


TEXT = said().text().encode()


def problem(
    allowed: str, made: str, *, roles: str = "", revoked: str = "", held: Session | None = None
) -> str:
    signoff = said().signoff(made)
    return verify(held or session(), signoff, Trust("here", allowed, roles, revoked), at=NOW).problem


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_key_file_signs_for_the_stock_tool_and_the_stock_tool_for_us(keys: Keys, kind: str) -> None:
    key = keys.make("k", kind)
    allowed = f"{WHO} {keys.public(key)}\n"
    ours = signature.sign_with_file(TEXT, key)
    assert stock_verify(keys.folder, allowed, WHO, TEXT, ours)
    assert problem(allowed, ours) == ""
    (keys.folder / "t").write_bytes(TEXT)
    assert (
        run(
            "ssh-keygen", "-Y", "sign", "-n", "readiness-tui", "-f", str(key), str(keys.folder / "t")
        ).returncode
        == 0
    )
    assert problem(allowed, (keys.folder / "t.sig").read_text()) == ""


def test_the_agent_signs(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    key, other = keys.make("k"), keys.make("other", "rsa")
    socket = str(keys.folder / "agent")
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.PIPE)
    try:
        assert agent.stdout is not None
        agent.stdout.readline()
        for each in (key, other):
            assert run("ssh-add", "-q", str(each), SSH_AUTH_SOCK=socket).returncode == 0
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        for each in (key, other):
            made = signature.sign_with_agent(TEXT, each.with_suffix(".pub"))
            allowed = f"{WHO} {keys.public(each)}\n"
            assert problem(allowed, made) == ""
            assert stock_verify(keys.folder, allowed, WHO, TEXT, made)
    finally:
        agent.kill()
        agent.communicate()


def test_a_certificate_of_the_companys_ca_signs(keys: Keys) -> None:
    ca, key = keys.make("ca"), keys.make("k")
    keys.certify(ca, key, WHO)
    made = signature.sign_with_file(TEXT, key)
    allowed = f'*@example.com cert-authority,namespaces="readiness-tui" {keys.public(ca)}\n'
    assert problem(allowed, made) == ""
    assert stock_verify(keys.folder, allowed, WHO, TEXT, made)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("-V", "20200101:20200102"), "not valid at that time"),
        (("-h",), "a host certificate"),
    ],
)
def test_a_certificate_that_does_not_speak_for_the_lead(keys: Keys, more: tuple[str, ...], why: str) -> None:
    ca, key = keys.make("ca"), keys.make("k")
    keys.certify(ca, key, WHO, *more)
    made = signature.sign_with_file(TEXT, key)
    allowed = f"* cert-authority {keys.public(ca)}\n"
    assert why in problem(allowed, made)
    assert not stock_verify(keys.folder, allowed, WHO, TEXT, made)


def test_a_certificate_for_another_principal(keys: Keys) -> None:
    ca, key = keys.make("ca"), keys.make("k")
    keys.certify(ca, key, "eve@example.com")
    made = signature.sign_with_file(TEXT, key)
    allowed = f"* cert-authority {keys.public(ca)}\n"
    assert "does not name" in problem(allowed, made)
    assert not stock_verify(keys.folder, allowed, WHO, TEXT, made)


def test_the_ca_itself_does_not_sign(keys: Keys) -> None:
    ca = keys.make("ca")
    made = signature.sign_with_file(TEXT, ca)
    allowed = f"{WHO} cert-authority {keys.public(ca)}\n"
    assert "certificate authority" in problem(allowed, made)
    assert not stock_verify(keys.folder, allowed, WHO, TEXT, made)


REFUSED = {
    'namespaces="git"': "allowed for git",
    'valid-before="20260101Z"': "was valid before",
    'valid-after="20270101Z"': "valid only after",
}


@pytest.mark.parametrize("option", REFUSED)
def test_a_key_that_is_allowed_for_something_else(keys: Keys, option: str) -> None:
    key = keys.make("k")
    made = signature.sign_with_file(TEXT, key)
    allowed = f"{WHO} {option} {keys.public(key)}\n"
    assert REFUSED[option] in problem(allowed, made)
    verify_time = ("-O", f"verify-time={NOW:%Y%m%d%H%M%S}Z")
    assert not stock_verify(keys.folder, allowed, WHO, TEXT, made, *verify_time)


def test_the_last_second_of_validity(keys: Keys) -> None:
    key = keys.make("k")
    signer = signature.check(TEXT, signature.sign_with_file(TEXT, key))
    ends = f"{NOW:%Y%m%d%H%M%S}Z"
    allowed = signers.read(f'{WHO} valid-before="{ends}" {keys.public(key)}\n')
    assert allowed.refusal(signer, WHO, "security", NOW - timedelta(seconds=1)) == ""
    assert allowed.refusal(signer, WHO, "security", NOW) != ""


def test_a_signature_for_another_use_does_not_count(keys: Keys) -> None:
    key = keys.make("k")
    (keys.folder / "t").write_bytes(TEXT)
    run("ssh-keygen", "-Y", "sign", "-n", "git", "-f", str(key), str(keys.folder / "t"))
    made = (keys.folder / "t.sig").read_text()
    assert "namespace 'git'" in problem(f"{WHO} {keys.public(key)}\n", made)


def test_a_revoked_key_does_not_count(keys: Keys) -> None:
    key = keys.make("k")
    made = signature.sign_with_file(TEXT, key)
    allowed = f"{WHO} {keys.public(key)}\n"
    assert "revoked" in problem(allowed, made, revoked=keys.public(key) + "\n")
    (keys.folder / "revoked").write_text(keys.public(key) + "\n")
    assert not stock_verify(keys.folder, allowed, WHO, TEXT, made, "-r", str(keys.folder / "revoked"))


def test_a_wildcard_allows_those_it_matches_and_a_role_only_those_it_names(keys: Keys) -> None:
    made = signature.sign_with_file(TEXT, key := keys.make("k"))
    allowed = f"*@example.com,!eve@example.com {keys.public(key)}\n"
    assert problem(allowed, made) == ""
    assert problem(allowed, made, roles=f'security = ["{WHO}"]\n') == ""
    assert "does not name" in problem(allowed, made, roles='security = ["lee@example.com"]\n')
    assert "does not name" in problem(allowed, made, roles=f'product = ["{WHO}"]\n')
    assert "no entry" in problem(f"*@other.example {keys.public(key)}\n", made)


def test_a_person_has_two_roles_only_if_the_file_allows_it() -> None:
    two = f'security = ["{WHO}"]\nproduct = ["{WHO}"]\n'
    with pytest.raises(UsageError, match="2 roles"):
        signers.read("", two)
    assert signers.read("", two + f'several = ["{WHO}"]\n').several == (WHO,)


@pytest.mark.parametrize(
    "line", ["nobody", "a b c", 'a namespaces="x",namespaces="y" ssh-ed25519 AAAA', "a frob ssh-rsa A"]
)
def test_a_broken_line_makes_the_file_useless(keys: Keys, line: str) -> None:
    key = keys.make("k")
    with pytest.raises(UsageError, match="cannot read this signer"):
        signers.read(f"{line}\n{WHO} {keys.public(key)}\n")


def test_500_changed_bytes_are_each_refused_by_us_and_by_the_stock_tool(keys: Keys) -> None:
    key = keys.make("k")
    made = signature.sign_with_file(TEXT, key)
    allowed = f"{WHO} {keys.public(key)}\n"
    trust = Trust("here", allowed)
    dice = random.Random(13)
    body = [at for at, char in enumerate(made) if char != "\n" and 30 < at < len(made) - 30]
    for turn in range(500):
        text, sig = bytearray(TEXT), made
        if turn % 2:
            at = dice.randrange(len(text))
            text[at] = dice.choice([byte for byte in range(256) if byte != text[at]])
        else:
            at = dice.choice(body)
            char = dice.choice([c for c in string.ascii_letters + string.digits + "+/" if c != made[at]])
            sig = made[:at] + char + made[at + 1 :]
        try:
            signoff = read(text.decode()).signoff(sig)
        except (UsageError, UnicodeDecodeError):
            pass
        else:
            assert verify(session(), signoff, trust, at=NOW).problem, (turn, at)
        assert not stock_verify(keys.folder, allowed, WHO, bytes(text), sig), (turn, at)


def test_any_changed_byte_of_the_armor_is_refused(keys: Keys) -> None:
    key = keys.make("k")
    made = signature.sign_with_file(TEXT, key)
    for at in range(len(made)):
        changed = made[:at] + ("\t" if made[at] != "\t" else " ") + made[at + 1 :]
        with pytest.raises(UsageError):
            signature.check(TEXT, changed)


FORGED = [
    TEXT.decode().replace("decision: go\n", "decision: no-go\ndecision: go\n"),
    TEXT.decode().replace("\n", "\r\n"),
    TEXT.decode() + "\n",
    TEXT.decode().replace(WHO, "kim@example.com\u200b"),
    TEXT.decode().replace(WHO, "k\u0456m@example.com"),
    TEXT.decode().replace("who: ", "who:  "),
    TEXT.decode().removesuffix("scope: all\n"),
    TEXT.decode().replace("12:00:00Z", "12:00:00+00:00"),
]


@pytest.mark.parametrize("text", FORGED)
def test_a_statement_has_exactly_one_form(text: str) -> None:
    with pytest.raises(UsageError):
        read(text)


def test_a_statement_is_read_back_as_it_was_written() -> None:
    for each in (said(), said(launch="a\nb \\u{61} \u202e"), said(decision=Decision.NO_GO)):
        assert read(each.text()).text().encode()
        assert read(each.text()).who == each.who


def test_another_launch_s_statement_and_a_session_edited_by_hand(keys: Keys) -> None:
    key = keys.make("k")
    allowed = Trust("here", f"{WHO} {keys.public(key)}\n")
    made = signature.sign_with_file(TEXT, key)
    other = session(launch="another")
    assert "for the launch demo" in verify(other, said().signoff(made), allowed, at=NOW).problem
    no = said(decision=Decision.NO_GO)
    signed = no.signoff(signature.sign_with_file(no.text().encode(), key))
    for forged in (
        signed.model_copy(update={"decision": Decision.GO}),
        signed.model_copy(update={"role": "product"}),
        signed.model_copy(update={"seal": "sha256:" + "4" * 64}),
    ):
        assert "differs from the signed" in verify(session(), forged, allowed, at=NOW).problem
    unsigned = signed.model_copy(update={"signature": ""})
    assert verify(session(), unsigned, allowed, at=NOW).problem == "UNSIGNED"


def test_a_principal_with_a_line_break_is_refused() -> None:
    with pytest.raises(UsageError, match="not a principal"):
        said(who="kim\ndecision: go").text()
