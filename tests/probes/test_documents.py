"""Documents of a real checkout: what counts as words, marks and headings, and that git runs nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from readiness_tui.probes.facts import ParsedReply
from tests.probes.shells import SHELLS, run

FIND = "repo.git+doc.find"
RUNBOOK = "# Runbook\n\nsystemctl restart payments.service\n\n```sh\n# TODO is a heading of nobody\n```\n"
OPERATIONS = """\
Operations
==========

## Rollback procedure ##

Go back to the `TODO` release.

### Detail

one two

```
## Deployment
```

## Next

three
"""


def git(folder: Path, *words: str) -> None:
    settings = ("-c", "user.name=Ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *settings, *words], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "payments"
    (folder / "docs").mkdir(parents=True)
    git(folder, "init", "-q")
    (folder / "docs" / "RUNBOOK.md").write_text(RUNBOOK)
    (folder / "docs" / "operations.md").write_text(OPERATIONS)
    (folder / "deploy.yaml").write_text("kind: Deployment\n")
    (folder / "openapi.yaml").write_text("openapi: 3.1.0\npaths: {}\n")
    (folder / ".env.example").write_text("DATABASE_URL=\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "All")
    (folder / "docs" / "deployment.md").write_text("# Deployment\n\nNot committed.\n")
    return folder


def found(
    checkout: Path, path: str, heading: str, others: str = "", *words: str, shell: str = "dash"
) -> ParsedReply:
    return ParsedReply(run(FIND, str(checkout), path, heading, others, *words, shell=SHELLS[shell]).reply())


@pytest.mark.needs("busybox", "bash")
@pytest.mark.parametrize("shell", SHELLS)
def test_a_document_found_by_its_path_counts_as_a_whole(checkout: Path, shell: str) -> None:
    facts = found(checkout, "run-?book", "run-?book", "", "payments.service", "payment", shell=shell)
    (row,) = facts.known("doc")
    assert row == f"docs/RUNBOOK.md|path|{len(RUNBOOK.split())}|0|0|prose"
    assert facts.known("names") == ("docs/RUNBOOK.md|payments.service",)


@pytest.mark.needs("busybox", "bash")
@pytest.mark.parametrize("shell", SHELLS)
def test_a_document_found_by_a_heading_counts_from_there_to_the_next(checkout: Path, shell: str) -> None:
    """A mark in a code span is no mark, and a heading in a code block is no heading."""
    (row,) = found(checkout, "roll-?back", "roll-?back", shell=shell).known("doc")
    part = OPERATIONS.partition("## Rollback")[2].partition("## Next")[0]
    assert row == f"docs/operations.md|heading|{len(('## Rollback' + part).split())}|0|0|prose"
    assert found(checkout, "deploy", "deployment", shell=shell).known("doc") == ()


def test_an_underlined_heading_is_one(checkout: Path) -> None:
    (row,) = found(checkout, "^$", "operations").known("doc")
    assert row.startswith("docs/operations.md|heading|")


def test_an_interface_description_says_what_it_is(checkout: Path) -> None:
    assert found(checkout, "api", "nothing").known("doc") == ("openapi.yaml|path|0|0|0|data",)


def test_further_files_may_name_a_word(checkout: Path) -> None:
    facts = found(checkout, "run-?book", "^$", r"\.env\.example$", "DATABASE_URL")
    assert facts.known("names") == (".env.example|DATABASE_URL",)


def test_what_is_not_committed_is_not_there(checkout: Path) -> None:
    assert found(checkout, "deployment", "deployment").known("doc") == ()


def test_git_runs_no_program_that_the_repository_names(checkout: Path, tmp_path: Path) -> None:
    """core.fsmonitor would run on `ls-files` and `status`."""
    ran = tmp_path / "ran"
    git(checkout, "config", "core.fsmonitor", f"touch {ran}")
    assert found(checkout, "run-?book", "run-?book").known("doc")
    assert not ran.exists()
