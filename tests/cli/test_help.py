"""`readiness --help` lists every verb without importing one."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

import readiness_tui.cli
from readiness_tui.cli.main import VERBS
from readiness_tui.errors import ExitCode
from tests.cli.conftest import REPOSITORY, Readiness

HEAVY = ("textual", "asyncssh", "pydantic", "yaml", "rich", "jinja2", "asyncio")


def command(verb: str) -> click.Command:
    found = importlib.import_module(f"readiness_tui.cli.{verb}").command
    assert isinstance(found, click.Command)
    return found


@pytest.mark.parametrize("verb", VERBS)
def test_the_table_says_what_the_command_says(verb: str) -> None:
    assert command(verb).short_help == VERBS[verb]


def test_every_file_with_a_command_is_in_the_table() -> None:
    folder = Path(readiness_tui.cli.__file__).parent
    files = {path.stem for path in folder.glob("*.py") if "\ndef command(" in path.read_text()}
    assert files == set(VERBS)


def test_help_lists_the_verbs_in_the_order_of_the_work_and_the_exit_status(readiness: Readiness) -> None:
    done = readiness("--help")
    assert done.status == 0
    places = [done.out.index(f"\n  {verb} ") for verb in VERBS]
    assert places == sorted(places)
    for code in ExitCode:
        assert f" {code.value}  " in done.out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, readiness: Readiness) -> None:
    done = readiness(verb, "--help")
    assert done.status == 0
    assert done.out.startswith(f"Usage: readiness {verb} ")


def loaded(home: Path, *words: str) -> set[str]:
    code = (
        "import sys\nfrom readiness_tui.__main__ import main\nmain()\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    return set(out.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["-h"], ["--wrong"], ["wrogn"]])
def test_help_imports_nothing_heavy(words: list[str], home: Path) -> None:
    assert set(HEAVY) & loaded(home, *words) == (
        {"pydantic"} & loaded(home, *words) if words == ["wrogn"] else set()
    )


@pytest.mark.parametrize("verb", ["status", "gate", "list"])
def test_what_only_reads_loads_neither_textual_nor_asyncssh(
    verb: str, readiness: Readiness, home: Path
) -> None:
    assert readiness("new", "demo", "--no-hosts").status == 0
    words = [verb] if verb == "list" else [verb, "demo"]
    assert {"textual", "asyncssh"} & loaded(home, *words) == set()


def test_completion_knows_verbs_launches_and_items(program: Readiness, readiness: Readiness) -> None:
    readiness("new", "payments", "--no-hosts")
    asked = {"_READINESS_COMPLETE": "bash_complete"}
    verbs = program(**asked, COMP_WORDS="readiness st", COMP_CWORD="1")
    assert verbs.out == "plain,status\n"
    launches = program(**asked, COMP_WORDS="readiness status pa", COMP_CWORD="2")
    assert launches.out == "plain,payments\n"
    items = program(**asked, COMP_WORDS="readiness answer payments infrastructure.server.nt", COMP_CWORD="3")
    assert items.out == "plain,infrastructure.server.ntp\n"
    assert program(_READINESS_COMPLETE="bash_source").out.startswith("_readiness_completion() {")
