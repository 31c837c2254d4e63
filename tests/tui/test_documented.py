"""The pictures in the documentation are the program's screens of today."""

from __future__ import annotations

import pytest

from tests.tui.documented import DOCS, PICTURES, SNAPSHOTS


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_screen(name: str) -> None:
    same = (DOCS / name).read_bytes() == (SNAPSHOTS / PICTURES[name]).read_bytes()
    assert same, "after a look at it: python -m tests.tui.documented"


def test_each_picture_is_named_here_and_shown_in_the_readme() -> None:
    assert {path.name for path in DOCS.iterdir()} == set(PICTURES)
    readme = (DOCS.parents[1] / "README.md").read_text()
    assert [name for name in PICTURES if f"(docs/pictures/{name})" not in readme] == []
