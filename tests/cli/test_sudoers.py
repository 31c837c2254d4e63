"""`readiness sudoers`: the same source as the plan, without a connection."""

from __future__ import annotations

import json

import pytest

from readiness_tui.rules.probing.sudoers import Refusal, line
from tests.cli.conftest import Readiness


@pytest.fixture
def demo(readiness: Readiness) -> str:
    readiness("new", "demo", "--host", "web=ana@192.0.2.1:1,app,proxy,db,cache")
    return "demo"


def test_the_lines_are_those_of_the_plan(readiness: Readiness, demo: str) -> None:
    plan = json.loads(readiness("plan", demo, "--host", "web", "--json").out)
    (target,) = plan["targets"]
    declared = {command for ask in target["asks"] for command in ask["root"]}
    output = json.loads(readiness("sudoers", demo, "--host", "web", "--json").out)
    exact = {command for command in declared if not isinstance(line(command, expressions=True), Refusal)}
    assert output["user"] == "ana"
    assert set(output["lines"]) == {
        f"ana ALL=(root) NOPASSWD: {line(command, expressions=True)}" for command in exact
    }
    assert declared - exact <= set(output["withheld"])
    assert any("-T -C user=" in each for each in output["lines"])  # a follow-up, which the plan announces


def test_people_get_a_file_that_visudo_takes(readiness: Readiness, demo: str) -> None:
    done = readiness("sudoers", demo, "--host", "web", "--only", "*.ntp", "--user", "ops")
    assert (done.status, "no connection was made" in done.err) == (0, True)
    lines = [each for each in done.out.splitlines() if not each.startswith("#")]
    assert lines == [
        "ops ALL=(root) NOPASSWD: /usr/bin/chronyc -n -c -m tracking sources",
        "ops ALL=(root) NOPASSWD: /usr/sbin/ntpctl -s status",
    ]


def test_an_old_sudo_gets_no_expression(readiness: Readiness, demo: str) -> None:
    output = json.loads(readiness("sudoers", demo, "--host", "web", "--sudo", "1.9.5p2", "--json").out)
    assert not any("^" in each for each in output["lines"])
    assert "sshd -T -C CONNECTION" in output["withheld"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--host", "nobody"), "no host 'nobody'"),
        (("--host", "web", "--user", "a b"), "not a portable user name"),
        (("--host", "web", "--sudo", "new"), "not a version"),
    ],
)
def test_a_wrong_word_is_a_usage_error(
    readiness: Readiness, demo: str, words: tuple[str, ...], message: str
) -> None:
    done = readiness("sudoers", demo, *words)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
