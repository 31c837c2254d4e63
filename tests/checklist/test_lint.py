"""Remarks: a case in which each rule applies, and one in which it does not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from readiness_tui.rules.lint import lint
from tests.checklist.samples import SMALL, changed, read_text

STARTS = "app.service.starts"
AGAIN = "app.service.again"


def remarks(folder: Path, lines: Mapping[int, str]) -> list[str]:
    return [
        str(remark)
        for remark in lint(
            read_text(folder, changed({36: "            how: Look again.\n            valid: 30d", **lines}))
        )
    ]


def test_nothing_to_remark(tmp_path: Path) -> None:
    assert remarks(tmp_path, {}) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ({36: "            how: Look again."}, [f"{AGAIN}: no `valid`: an answer never expires"]),
        ({23: ""}, [f"{STARTS}: no `fresh`: its probe's outcome never expires"]),
        (
            {32: "            mode: auto"},
            [f"{AGAIN}: mode `auto` without a probe: it stays open until a human answers"],
        ),
        ({32: f"            mode: auto\n            same_as: {STARTS}"}, []),
        (
            {32: f"            mode: auto\n            fresh: 1h\n            same_as: {STARTS}"},
            [f"{AGAIN}: `fresh` has no effect: the item named by `same_as` sets it"],
        ),
        (
            {28: "              fail: {age: {lt: 60}}"},
            [f"{STARTS}: mode `auto` without `pass`: its probe can fail but never pass"],
        ),
        (
            {17: "            mode: assist"},
            [f"{STARTS}: mode `assist` with `pass`: a human still has to answer"],
        ),
        ({35: "            why: Look again."}, [f"{AGAIN}: `why` and `how` are the same"]),
        ({35: "            why: Because."}, [f"{AGAIN}: the same `why` as {STARTS}"]),
        (
            {31: "            text: It starts"},
            [f"{AGAIN}: the same text as {STARTS}; `same_as` would share its verdict"],
        ),
        ({31: f"            text: It starts\n            same_as: {STARTS}"}, []),
        (
            {30: "          - id: service.again"},
            [
                "service.again: its id does not begin with `app.service.`: selecting the group by its "
                "prefix does not include it"
            ],
        ),
        (
            {5: "  - {id: technical, title: A}\n  - {id: product, title: B}"},
            ["role `product` signs but has no items"],
        ),
        (
            {
                7: "  - {name: service_unit, help: x, default: '{b}'}\n"
                "  - {name: b, help: x, default: '{service_unit}'}"
            },
            [
                "the default of parameter `service_unit` refers to itself",
                "the default of parameter `b` refers to itself",
            ],
        ),
    ],
)
def test_a_remark(tmp_path: Path, lines: Mapping[int, str], expected: list[str]) -> None:
    assert remarks(tmp_path, lines) == expected


def test_remarks_are_no_faults(tmp_path: Path) -> None:
    assert lint(read_text(tmp_path, SMALL)) != ()
