"""The output of every verb contains no character that controls a terminal, and has a limit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from readiness_tui.cli.main import cli
from tests.cli.conftest import SMALL, Readiness

ACTS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
HOSTILE = "a\u202eb\x9b31mc\u2066d\x1b[2Je\u200bf\u2028g"

PROBED = """\
          - {id: paper.run.ink, text: Ink, mode: auto, severity: minor, role: technical, why: w, how: h,
             probe: {kind: command, where: [app], run: [sh --version], fail: {problems: {empty: false}},
                     pass: {problems: {empty: true}}}}
"""

JSON_VERBS: dict[str, tuple[str, ...]] = {
    "list": (),
    "status": ("demo",),
    "gate": ("demo",),
    "diff": ("demo", "other"),
    "plan": ("demo",),
    "suggest": ("demo",),
    "probe": ("demo",),
    "verify": ("demo",),
    "sudoers": ("demo", "--host", "far"),
    "probes": (),
    "checklist list": (),
    "checklist show": ("small.yaml",),
    "checklist lint": ("wrong.yaml",),
}
TEXT_VERBS = JSON_VERBS | {
    "notes": ("demo",),
    "export": ("demo", "--format", "csv"),
    "checklist allow": ("small.yaml",),
}


def verbs(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from verbs(command, f"{before}{name} ")
        else:
            yield before + name, command


@pytest.fixture
def hostile(readiness: Readiness, home: Path) -> Readiness:
    """Two launches whose every text is hostile."""
    (home / "small.yaml").write_text(SMALL + PROBED)
    assert readiness("checklist", "allow", "small.yaml").status == 0
    (home / "wrong.yaml").write_text(SMALL.replace("title: Small Checklist", f"{HOSTILE}: 1\ntitle: x"))
    for launch in ("demo", "other"):
        hosts = ("--host", "web=local,app", "--host", "far=u@127.0.0.1:1,app")
        assert readiness("new", launch, "--checklist", "small.yaml", *hosts).status == 0
        readiness("notes", launch, HOSTILE)
    readiness("set", "demo", f"app_name={HOSTILE}")
    readiness("answer", "demo", "paper.run.book", "done", "--note", HOSTILE, "--operator", HOSTILE)
    readiness("answer", "demo", "paper.run.map", "n/a", "--reason", HOSTILE)
    readiness("answer", "demo", "paper.run.pen", "done", "--evidence", f"https://a.test/{HOSTILE}")
    who = ("--owner", HOSTILE, "--approver", HOSTILE, "--until", "2026-12-01", "--reason", HOSTILE)
    readiness("waive", "demo", "paper.run.map", *who)
    return readiness


def test_every_verb_that_prints_json_is_tried() -> None:
    found = {name for name, command in verbs(cli) if any("--json" in param.opts for param in command.params)}
    assert found == set(JSON_VERBS)


@pytest.mark.parametrize("verb", JSON_VERBS)
def test_json_holds_nothing_that_acts_on_a_terminal(verb: str, hostile: Readiness) -> None:
    done = hostile(*verb.split(), *JSON_VERBS[verb], "--json")
    assert done.status in (0, 1, 2, 3), done.err
    json.loads(done.out)
    assert not ACTS.search(done.out + done.err)


@pytest.mark.parametrize("verb", TEXT_VERBS)
def test_text_holds_nothing_that_acts_on_a_terminal(verb: str, hostile: Readiness) -> None:
    done = hostile(*verb.split(), *TEXT_VERBS[verb])
    assert done.status in (0, 1, 2, 3), done.err
    assert not ACTS.search(done.out + done.err)


def test_a_file_name_in_a_message_is_cleaned(readiness: Readiness, home: Path, small: str) -> None:
    readiness("new", "demo", "--checklist", small, "--no-hosts")
    done = readiness("answer", "demo", "paper.run.book", "--evidence", f"no\x1b[2J{HOSTILE}")
    assert done.status == 2
    assert not ACTS.search(done.err)


def test_the_faults_of_a_checklist_in_json_are_the_first_fifty_and_a_count(
    readiness: Readiness, home: Path
) -> None:
    (home / "wrong.yaml").write_text(SMALL + "".join(f"key{number}: 1\n" for number in range(5000)))
    output = json.loads(readiness("checklist", "lint", "wrong.yaml", "--json").out)
    assert len(output["faults"]) == 50
    assert output["fault_count"] == 5000


def test_a_text_of_a_megabyte_is_cut_where_it_is_shown(readiness: Readiness, home: Path) -> None:
    long = "x" * 1_500_000
    (home / "long.yaml").write_text(SMALL.replace("Runbook written", long))
    shown = readiness("checklist", "show", "long.yaml")
    assert shown.status == 0
    assert len(shown.out) < 10_000
    assert "… (1499000 more characters)" in shown.out
    readiness("new", "demo", "--checklist", "long.yaml", "--no-hosts")
    for verb in ("status", "plan", "gate", "list"):
        words = () if verb == "list" else ("demo",)
        assert len(readiness(verb, *words).out) < 20_000, verb
    assert long in json.loads(readiness("checklist", "show", "long.yaml", "--json").out)["items"][0]["text"]
