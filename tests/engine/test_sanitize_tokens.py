"""JSON web tokens are masked, in time proportional to the text."""

from __future__ import annotations

import pytest

from readiness_tui.engine.sanitize import MASK, redact

HEADER, PAYLOAD, SIGNATURE = (
    "eyJhbGciOiJIUzI1NiJ9",
    "eyJzdWIiOiIxMjM0NTY3ODkwIn0",
    "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9",
)
TOKEN = f"{HEADER}.{PAYLOAD}.{SIGNATURE}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (TOKEN, MASK),
        (f"x-{TOKEN} after", f"x-{MASK} after"),
        (f"a.b.{TOKEN}", f"a.b.{MASK}"),
        (f"{HEADER}.{PAYLOAD}.", MASK),
        (f"{TOKEN},{TOKEN}", f"{MASK},{MASK}"),
        ("eyJ.short.x", "eyJ.short.x"),
        ("host.example.com", "host.example.com"),
    ],
)
def test_tokens_are_masked_and_nothing_else(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_what_looks_like_the_beginning_of_many_tokens_is_read_once() -> None:
    text = "-eyJ" * 65536
    assert redact(text) == text  # a quadratic pattern takes minutes here, past the time limit of a test
