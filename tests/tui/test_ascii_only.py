"""A terminal that shows ASCII gets nothing else, and every text keeps its width."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from readiness_tui.tui.terminal.ascii_only import AsciiOnly, plain


@given(st.text(max_size=40))
def test_every_text_is_ascii_of_the_same_width(text: str) -> None:
    assert plain(text).isascii()
    whole = "".join(char for char in text if char.isprintable())
    assert cell_len(plain(whole)) == sum(cell_len(char) for char in whole)


def test_what_looks_alike_is_taken() -> None:
    assert plain("“café” – 5 × 3 → …") == '"cafe" - 5 x 3 > ~'
    assert plain("日本") == "????"
    segments = AsciiOnly().apply([Segment("plain"), Segment("✓ é")], Color(0, 0, 0))
    assert [segment.text for segment in segments] == ["plain", "? e"]
