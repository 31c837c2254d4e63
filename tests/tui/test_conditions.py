"""A probe's conditions in words."""

from __future__ import annotations

import pytest

from readiness_tui.display.conditions import in_words
from readiness_tui.display.sentences import record_change
from readiness_tui.rules.matchers import MATCHERS

KNOWN = {"min_cpus": 2, "users": ["ana", "kim", "lee"]}


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ({"root_login": {"in": ["enabled", "not-loaded"]}}, "root login is enabled or not-loaded"),
        ({"cpus": {"ge": "$min_cpus"}}, "cpus is at least 2"),
        ({"mem_mib": {"ge": "$min_ram"}}, "mem mib is at least the parameter min_ram (not set)"),
        ({"disk_gb": {"ge": 20, "slack": "5 %"}}, "disk gb is at least 20 (5 % tolerated)"),
        ({"accounts": {"subset_of": ["$users"]}}, "accounts holds nothing but ana, kim or lee"),
        ({"problems": {"empty": False}}, "there are problems"),
        ({"problems": {"empty": True}, "proved": True}, "there are no problems and proved: yes"),
        ({"any": [{"a": 1}, {"b": 2}]}, "(a is 1 or b is 2)"),
        ({"none": [{"a": 1}, {"b": 2}]}, "none of: a is 1 or b is 2"),
        ({"offset_s": {"between": [0, 1]}}, "offset s is between 0 and 1"),
    ],
)
def test_in_words(tree: dict[str, object], words: str) -> None:
    assert in_words(tree, KNOWN) == words  # type: ignore[arg-type]


def test_every_matcher_has_words() -> None:
    for name in MATCHERS:
        operand = True if name in ("empty", "exists") else 1
        words = in_words({"fact": {name: operand}}, {}).split()
        assert name in ("matches", "contains") or name not in words, name


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("no answer, note 'x'", "no answer", "note removed"),
        ("no answer", "no answer, note 'x'", "note restored"),
        ("done", "no answer", "answer done cleared"),
        ("done, reason 'a'", "not-done, reason 'b'", "answer not-done restored"),
    ],
)
def test_what_undo_did_in_the_history(old: str, new: str, words: str) -> None:
    assert record_change(old, new) == words
