"""What collectors say of themselves in their headers."""

from __future__ import annotations

import re

import pytest

from readiness_tui.collectors import catalog
from readiness_tui.model.outcome import Cause

HEADER = """# shellcheck shell=sh
# about: Prints one thing.
# arguments: FILE UNIT
# root: cat {1}
# root: stat {*}
# root: readlink /proc/PID/exe
# group: adm
# timeout: 60
# subject: thing the thing
# cause: ^no-thing stale
kv thing 1
# root: not a header line any more
"""


def test_a_header_is_read() -> None:
    found = catalog.parse("one", HEADER)
    assert (found.about, found.arguments, found.timeout_s) == ("Prints one thing.", "FILE UNIT", 60.0)
    assert found.subjects == {"thing": "the thing"}
    assert [(pattern.pattern, cause) for pattern, cause in found.causes] == [("^no-thing", Cause.STALE)]
    needed = found.privilege(("/a", "b.service"))
    assert needed.root == ("cat /a", "stat /a", "stat b.service", "readlink /proc/PID/exe")
    assert str(needed).endswith("; or group adm")


def test_a_command_whose_argument_is_not_given_is_not_needed() -> None:
    assert catalog.parse("one", HEADER).privilege().root == ("readlink /proc/PID/exe",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kv a 1\n", "no `# about:` line"),
        ("# about: a\n# about: b\n", "given twice"),
        ("# about: a\n# roots: cat\n", "'roots' is not a key"),
        ("# about: a\n# cause: ( stale\n", "cause '( stale'"),
        ("# about: a\n# user: postgres psql\n", "has no ': '"),
    ],
)
def test_a_bad_header_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        catalog.parse("one", text)


@pytest.mark.parametrize("name", catalog.names())
def test_every_collector_says_what_it_runs_as_root(name: str) -> None:
    """A collector that calls `root` or `rd` declares a command, and one that declares calls."""
    collector = catalog.get(name)
    calls = re.search(r"^[^#]*\b(root|rd) ", collector.text, re.M) is not None
    assert calls == bool(collector.root)
    assert re.search(r"^[^#]*\basuser ", collector.text, re.M) is None or collector.users
