"""Hard readings, beside the recorded cases: names and targets of server blocks, log directives."""

from __future__ import annotations

import pytest

from readiness_tui.probes.kinds.env_file.variables import Variable, log_level


@pytest.mark.parametrize(
    ("directives", "level"),
    [
        ("info", "info"),
        ("INFO", "info"),
        ("warning", "warn"),
        ("sqlx=warn,info", "info"),
        ("app=debug", "off"),
        ("my_crate", "off"),
        ("3", "info"),
        ("info/some filter", "info"),
        ("[span{field=x}]=debug,warn", "warn"),
        ("off", "off"),
    ],
)
def test_the_level_of_everything_not_named(directives: str, level: str) -> None:
    line = Variable("RUST_LOG", len(directives), frozenset(), directives)
    assert log_level({"RUST_LOG": [line]})["log_level"] == level
