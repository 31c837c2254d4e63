from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness_tui.engine import sanitize
from readiness_tui.model.probe import LinkAsk, Reply

SECRETS = [
    "sk_live_abc123DEF",
    "sk_test_abc123DEF",
    "pk_live_abc123DEF",
    "S" + "A2B3C4D5" * 6 + "ABCDEFG",
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_" + "a1B2" * 9,
    "github_pat_" + "a1B2_" * 9,
    "glpat-" + "a1B2" * 6,
    "xoxb-1234567890-abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "AIza" + "a1B2_" * 7,
]

NAMED = [
    ("password=hunter2xyz", "hunter2xyz"),
    ("DB_PASSWORD = hunter2xyz", "hunter2xyz"),
    ('"secret": "hunter2xyz"', "hunter2xyz"),
    ("api_key: hunter2xyz", "hunter2xyz"),
    ("SESSION_TOKEN='hunter2xyz'", "hunter2xyz"),
    ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "wJalrXUtnFEMI/K7MDENG"),
    ("postgres://app:hunter2xyz@db:5432/app", "hunter2xyz"),
    ("redis://:hunter2xyz@cache", "hunter2xyz"),
    ("Authorization: Basic aHVudGVyMnh5eg==", "aHVudGVyMnh5eg"),
    ("curl -H 'authorization: Bearer hunter2xyz'", "hunter2xyz"),
    ("Bearer hunter2xyz", "hunter2xyz"),
    ("Set-Cookie: session=hunter2xyz; Path=/", "hunter2xyz"),
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", ["{}", "value={}", "a {} b", "[{}]", "x\n{}\ny"])
def test_known_shapes_of_secrets_are_masked(secret: str, around: str) -> None:
    shown = sanitize.text(around.format(secret))
    assert secret not in shown
    assert "[redacted]" in shown


@pytest.mark.parametrize(("line", "secret"), NAMED)
def test_named_secrets_are_masked_and_their_names_stay(line: str, secret: str) -> None:
    shown = sanitize.text(f"before\n{line}\nafter")
    assert secret not in shown
    assert shown.startswith("before\n" + line[:4])
    assert shown.endswith("\nafter")


def test_a_private_key_is_masked_as_a_whole_even_when_it_is_cut() -> None:
    key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\nAAAA\n"
    assert sanitize.text(f"a\n{key}-----END OPENSSH PRIVATE KEY-----\nb") == "a\n[redacted]\nb"
    assert sanitize.text(f"a\n{key}") == "a\n[redacted]"


@pytest.mark.parametrize(
    "line",
    [
        "root_password=L",
        "!root_password=denied",
        "key=ecdsa 256",
        "key_type=ssh-ed25519",
        "passwordauthentication=no",
        "permitrootlogin=no",
        "password=yes",
        "secret=unset",
        "http://example.com:8080/path",
        "var=PAYSTACK_SECRET_KEY|len=40|flags=prefix_ok",
        "fs=/dev/sda1|41152736|30000000|/",
        "SHA256:RAglNDfKjgCjZrKCtytBAuUZIpfurbgTY7dqXrWXcqg",
    ],
)
def test_facts_that_only_speak_of_secrets_stay(line: str) -> None:
    assert sanitize.text(line) == line


def test_characters_that_could_act_are_shown_or_dropped() -> None:
    raw = "a\x1b[31mred\x1b]0;title\x07\r\nb\rc\x00d\x7f\x9b2J"
    raw += "\u202eevil\u2066\u200bx\ufeff\u2028y\x85z\ud800\ttab"
    shown = sanitize.text(raw)
    assert shown == "a␛[31mred␛]0;title␇\nb␍c␀d␡\ufffd2J\ufffdevil\ufffdx␤y\ufffdz\ufffd\ttab"
    assert sanitize.text("grün 日本 🚀 naïve") == "grün 日本 🚀 naïve"


@given(st.text())
def test_nothing_that_could_act_is_left(raw: str) -> None:
    shown = sanitize.text(raw)
    for char in shown:
        assert char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    assert "\n".join(shown.splitlines()) == shown.removesuffix("\n")
    assert sanitize.text(shown) == shown
    assert "\n" not in sanitize.line(raw)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_a_value_can_never_become_a_separate_line(value: str) -> None:
    for separator in ("\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\r"):
        assert len(sanitize.text(f"name={value}{separator}forged=1").splitlines()) == 1


def test_a_reply_is_cleaned_everywhere_and_cuts_are_marked() -> None:
    reply = Reply(
        host="web",
        ask=LinkAsk(),
        asked_at=datetime(2026, 11, 24, tzinfo=UTC),
        stdout="a=\x1b\n" + "x" * 10_000 + "\nb=2\n",
        stderr="token=hunter2xyz",
        detail="one\ntwo\x00",
        hint="a\x1bb",
    )
    clean = sanitize.clean(reply)
    first, long, last, _ = clean.stdout.split("\n")
    assert (first, len(long), long[-1], last) == ("a=␛", sanitize.LINE, "…", "b=2")
    assert clean.clipped
    assert clean.stderr == "token=[redacted]"
    assert (clean.detail, clean.hint) == ("one two␀", "a␛b")
    assert sanitize.clean(clean) == clean
