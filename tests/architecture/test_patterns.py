"""Every regular expression of the program takes work that grows with the text, not with its square."""

from __future__ import annotations

import pytest

from benchmarks.patterns import LINEAR, Used, collected, measure, unmeasured

PATTERNS = collected()


def used(pattern: str, how: str = "search", flags: int = 0) -> Used:
    return Used("a.py", pattern, flags, how)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda used: f"{used.where} {used.how}")
def test_the_work_of_a_pattern_is_linear(pattern: Used) -> None:
    growth = measure(pattern)
    assert growth.ratio <= LINEAR, f"{growth.steps} steps over {growth.worst[:60]!r}..."


def test_no_pattern_is_made_while_the_program_runs() -> None:
    """Except a given one, of which only the syntax is checked, and those of collectors, measured above."""
    assert unmeasured() == [
        "readiness_tui/bounded_regex.py: re.compile(pattern)",
        "readiness_tui/collectors/catalog.py: re.compile(pattern)",
    ]


def test_patterns_are_found_wherever_they_stand() -> None:
    places = " ".join(one.where for one in PATTERNS)
    for place in (
        "engine/sanitize.py _WHOLE",  # of a module
        "probes/facts.py _CAUSES",  # in a tuple
        "transports/sockets.py:",  # in a function
        "collectors/binary.elf.sh",  # in a collector's header
    ):
        assert place in places, place


@pytest.mark.parametrize(
    "pattern",
    [
        r"eyJ[\w-]+\.[\w-]+\.",  # a search that begins anew at every eyJ
        r"\s+$",
        r"(.*),(.*),(.*)",
        r"<[^>]*>",
        r"[\w.-]+@",
        r"(a+)+$",
        r"^(\w+\s?)*$",
        r"(?:/\w+)+\.html",
        r"^\s*#?\s*(\w+)\s*=\s*(.*?)\s*$x",
        r".{1,4096}?line",
    ],
)
def test_work_that_is_not_linear_is_found(pattern: str) -> None:
    assert measure(used(pattern)).ratio > LINEAR


@pytest.mark.parametrize(
    "pattern", [r"a+b", r"^\s*(\w+)=(.*)$", r"(?<!\w)\w+", r"[^\n]*", r"\d{1,5}(?:-\d{1,5})?", r"^a|b$"]
)
def test_work_that_is_linear_is_not(pattern: str) -> None:
    assert measure(used(pattern, "match")).ratio <= LINEAR
