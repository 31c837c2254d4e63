"""The statements of README are true."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from readiness_tui.cli.main import VERBS
from tests.checklist.production import production

TOP = Path(__file__).resolve().parents[2]
README = (TOP / "README.md").read_text()
LINES = README.replace(" \\\n    ", " ")
COMMANDS = re.findall(r"^(?:\$ )?readiness (.+?)(?:\s+#.*)?$", LINES, re.MULTILINE)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "readiness_tui", *words], cwd=TOP, capture_output=True, text=True, check=False
    )


def test_the_diff_shown_is_the_diff_printed() -> None:
    shown = re.search(r"^\$ readiness (diff .+)\n((?:.*\n)+?)```", README, re.MULTILINE)
    assert shown is not None
    done = run(*shlex.split(shown[1]))
    assert done.stdout == shown[2]
    assert done.returncode == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shown_exists_with_its_options(command: str) -> None:
    words = shlex.split(command)
    assert words[0] in VERBS
    completed = run(words[0], "--help").stdout
    assert [word for word in words if word.startswith("--") and word.split("=")[0] not in completed] == []


def test_every_file_named_is_there() -> None:
    named = re.findall(r"`((?:docs|checklists|benchmarks)/[\w./-]+|CONTRIBUTING\.md)`", README)
    assert named
    assert [name for name in named if not (TOP / name).exists()] == []


def test_the_figures_of_the_checklist_are_its_own() -> None:
    listed = run("checklist", "show", "production", "--json").stdout
    assert README.count("209") >= 1
    assert listed.count('"severity"') == 209


def test_every_figure_in_the_readme_was_measured() -> None:
    measured = (TOP / "benchmarks" / "RESULTS.md").read_text()
    (ours,) = [line for line in measured.splitlines() if line.startswith("| ours, in-process, cold |")]
    assert "0.41 (0.52)" in ours
    assert "0.41 s, half the time of" in README


def test_the_number_of_items_with_probes_is_the_checklists() -> None:
    probed = [item for item in production().items.values() if item.probe is not None]
    assert f"{len(probed)} of the 209 items have a probe" in README
