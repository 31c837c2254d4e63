"""Hard readings, beside the recorded cases: names and targets of server blocks, log directives."""

from __future__ import annotations

import pytest

from readiness_tui.probes.environment import Environment, Variable
from readiness_tui.probes.kinds.env_file.rules import log_level


@pytest.mark.parametrize(
    ("directives", "level"),
    [
        ("info", "info"),
        ("warning", "warn"),
        ("sqlx=warn,info", "info"),
        ("app=debug", "off"),
        ("(a target),app=info", "off"),
        ("3", "info"),
        ("off", "off"),
    ],
)
def test_the_level_of_everything_not_named(directives: str, level: str) -> None:
    line = Variable("RUST_LOG", len(directives), frozenset(), "/f", "same", directives)
    env = Environment("loaded", "listed", {}, variables={"RUST_LOG": line})
    assert log_level(env, [level])["log_problems"] == ()
    assert log_level(env, ["verbose"])["log_problems"] != ()
