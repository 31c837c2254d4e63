"""Collectors of a checkout, run in real repositories: reports, commands, secrets, SQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness_tui.probes.facts import ParsedReply
from tests.probes.shells import SHELLS, Ran, run
from tests.probes.test_documents import git

KEY = "sk_live_" + "0123456789abcdef" * 2
SUITE = '<testsuite name="a" tests="2" timestamp="2026-11-25T09:00:00+01:00">{}</testsuite>'
TWO = f"<testsuites>{SUITE}</testsuites>"
REPORTS = {
    "plain": (TWO.format('<testcase name="a"/><testcase name="b"></testcase>'), "2|0|0|0|2|yes"),
    "failure and skip": (
        TWO.format(
            '<testcase name="a"><failure message="x > y"/></testcase><testcase name="b"><skipped/></testcase>'
        ),
        "2|1|0|1|2|yes",
    ),
    "text that looks like tests": (
        TWO.format(
            '<testcase name="a>b"><system-out><![CDATA[<testcase><failure/>]]></system-out></testcase>'
            '<!-- <testcase><error/> --><testcase name="b"/>'
        ),
        "2|0|0|0|2|yes",
    ),
    "a failure and an error in one test": (
        TWO.format('<testcase name="a"><failure/><error/></testcase><testcase name="b"/>'),
        "2|1|0|0|2|yes",
    ),
    "a suite that broke": ('<testsuite tests="0"><error/></testsuite>', "0|0|1|0|0|yes"),
    "cut": (TWO.format("<testcase/>")[:-14], "1|0|0|0|2|no"),
    "suites within suites": (
        '<testsuites><testsuite tests="2"><testsuite tests="1"><testcase/></testsuite>'
        '<testsuite tests="1"><testcase/></testsuite></testsuite></testsuites>',
        "2|0|0|0|2|yes",
    ),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "payments"
    (folder / "src").mkdir(parents=True)
    git(folder, "init", "-q")
    (folder / "src" / "main.rs").write_text('fn main() { query!("select 1"); }\n')
    (folder / ".env.example").write_text(f"PAYSTACK_SECRET_KEY={KEY}\n")
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "More")


def told(names: str, *args: str, shell: str = "dash") -> ParsedReply:
    return ParsedReply(run(names, *args, shell=SHELLS[shell]).reply())


@pytest.mark.needs("busybox", "bash")
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("name", REPORTS)
def test_tests_of_a_report_are_counted_as_xml_has_them(checkout: Path, name: str, shell: str) -> None:
    text, counts = REPORTS[name]
    (checkout / "junit.xml").write_text('<?xml version="1.0"?>\n' + text + "\n")
    found = told("repo.git+repo.junit", str(checkout), "junit.xml", shell=shell)
    assert found.known("report") == (counts,)
    assert (found.known("inside"), found.known("committed")) == (("yes",), ("no",))


@pytest.mark.parametrize(
    ("text", "why"),
    [("<html/>", "begins with another element"), ("<!DOCTYPE a []><testsuite/>", "declares a document type")],
)
def test_another_file_is_no_report(checkout: Path, text: str, why: str) -> None:
    (checkout / "junit.xml").write_text(text)
    assert told("repo.git+repo.junit", str(checkout), "junit.xml").refused("report") == (
        f"not-xml: it {why}",
    )


def test_a_committed_report_is_not_of_this_machine(checkout: Path) -> None:
    (checkout / "junit.xml").write_text(TWO.format("<testcase/><testcase/>"))
    commit(checkout)
    assert told("repo.git+repo.junit", str(checkout), "junit.xml").known("committed") == ("yes",)


@pytest.mark.needs("busybox", "bash")
@pytest.mark.parametrize("shell", SHELLS)
def test_a_command_sees_none_of_the_operators_variables(checkout: Path, shell: str) -> None:
    script = checkout / "tests.sh"
    script.write_text(
        '#!/bin/sh\nenv > seen\necho "test result: ok. 7 passed; 0 failed; 2 ignored; 0 measured"\n'
    )
    script.chmod(0o755)
    ran: Ran = run(
        "repo.git+repo.command",
        str(checkout),
        "ONE=a b\nTWO=$HOME;x",
        "./tests.sh",
        shell=SHELLS[shell],
        environment={"DATABASE_URL": "postgres://secret@db/app"},
    )
    found = ParsedReply(ran.reply())
    assert (found.known("ran"), found.known("tests")) == (("0",), ("7|0|2",))
    seen = (checkout / "seen").read_text()
    assert "DATABASE_URL" not in seen
    assert "ONE=a b\n" in seen
    assert "TWO=$HOME;x\n" in seen


def test_a_secret_is_found_where_it_is_and_where_it_was(checkout: Path) -> None:
    (checkout / "src" / "pay.rs").write_text(f'const KEY: &str = "{KEY}";\n')
    (checkout / ".env.production").write_text(f"PAYSTACK_SECRET_KEY={KEY}\n")
    commit(checkout)
    ran = run("repo.git+repo.secrets", str(checkout))
    now = ParsedReply(ran.reply())
    assert now.known("hit") == (".env.production", "src/pay.rs")
    assert now.known("tracked_file") == (".env.production",)
    (checkout / "src" / "pay.rs").unlink()
    (checkout / ".env.production").unlink()
    commit(checkout)
    after = told("repo.git+repo.secrets", str(checkout))
    assert (after.known("hit"), after.known("past_file")) == ((), (".env.production",))
    assert after.number("past_hits") == 2  # the commit that added it and the one that removed it
    assert KEY not in ran.stdout + ran.stderr


def test_examples_hold_no_secrets(checkout: Path) -> None:
    found = told("repo.git+repo.secrets", str(checkout))
    assert (found.known("hit"), found.known("tracked_file")) == ((), ())


def test_queries_built_from_text_are_found_line_by_line(checkout: Path) -> None:
    (checkout / "src" / "db.rs").write_text(
        'sqlx::query(&format!("select * from t where id = {}", id));\nsqlx::query("select 1");\n'
    )
    commit(checkout)
    found = told("repo.git+repo.sql", str(checkout))
    assert found.known("built") == ("src/db.rs:1",)
    assert (found.number("checked"), found.number("sources")) == (1, 2)
