"""The decoder: whatever bytes come, no error, and the keys after them arrive."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events

from readiness_tui.tui.terminal.decoder import InputDecoder

PARTS = (
    b"\x1b[",
    b"\x1b[<",
    b";",
    b"1114112u",
    b"55357",
    b"9" * 30,
    b"~",
    b"M",
    b"\x1bO",
    b"\x1b]52;",
    b"\xe9",
    b"\xff",
    b"\x00",
    b"\x9b",
    b"\x1b[48;",
    b"t",
    b"R",
    b"\x1b[?2048;",
    b"$y",
)


def keys(decoder: InputDecoder, data: bytes) -> str:
    """The characters of the keys in some bytes."""
    return "".join(m.character or "" for m in decoder.feed(data) if isinstance(m, events.Key))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PARTS), st.binary(max_size=4)), max_size=8))
def test_nothing_raises_and_no_character_is_half_of_one(parts: list[bytes]) -> None:
    decoder = InputDecoder()
    for part in parts:
        assert not any("\ud800" <= char <= "\udfff" for char in keys(decoder, part))
        decoder.tick()


def test_a_byte_of_another_encoding_is_a_replacement_character() -> None:
    assert keys(InputDecoder(), b"caf\xe9 au lait") == "caf\N{REPLACEMENT CHARACTER} au lait"


def test_a_character_cut_in_two_reads_is_one() -> None:
    decoder = InputDecoder()
    assert keys(decoder, "é".encode()[:1]) + keys(decoder, "é".encode()[1:]) == "é"


def test_what_follows_a_mangled_sequence_in_one_read_arrives() -> None:
    assert keys(InputDecoder(), b"\x1b[1114112uzebra") == "zebra"


def test_a_paste_arrives_whole() -> None:
    text = "pasted \N{SNOWMAN} line\n" * 20_000
    found = InputDecoder().feed(f"\x1b[200~{text}\x1b[201~".encode())
    assert [message.text for message in found if isinstance(message, events.Paste)] == [text]
