"""A damaged session file gives one error with file, line and cause, and is not changed."""

from __future__ import annotations

import json
import shutil
import socket
from datetime import date
from pathlib import Path

import pytest

from readiness_tui.errors import SessionError
from readiness_tui.store import codec
from readiness_tui.store.lock import OWNER, holder
from readiness_tui.store.sessions import Sessions

GOLDEN = Path(__file__).with_name("golden.toml").read_text(encoding="utf-8")
ROOT = 'items."infrastructure.server.root-login-disabled"'
LAUNCH = "payments-2.4"
DAY = date(2026, 11, 24)


def line_of(text: str, start: str) -> int:
    """The number of the first line that begins so; of the second with `#2` at the end."""
    wanted = start.removesuffix("#2")
    found = [number for number, line in enumerate(text.split("\n"), start=1) if line.startswith(wanted)]
    return found[0 if wanted == start else 1]


def change(old: str, new: str) -> str:
    """The golden file with the first such text replaced."""
    assert old in GOLDEN
    return GOLDEN.replace(old, new, 1)


# The change to the file; the beginning of the line to be reported; the message.
CASES = {
    "unknown key at the top": (
        change("operator =", "opperator ="),
        "opperator",
        "unknown key 'opperator' (did you mean operator?)",
    ),
    "unknown key of a record": (
        change('by = "ana"\nat', 'buy = "ana"\nat'),
        "buy",
        "unknown key 'buy' (did you mean by?)",
    ),
    "unknown key of an outcome": (
        change("took_ms", "took_mss"),
        "took_mss",
        "unknown key 'took_mss' (did you mean took_ms?)",
    ),
    "unknown key of the second host": (
        change('name = "db-1"', 'name = "db-1"\nroels = ["db"]'),
        "roels",
        "'roels' (did you mean roles?)",
    ),
    "unknown key in an inline table": (
        change("version = 1", "vresion = 1"),
        "checklist",
        "unknown key 'vresion' (did you mean version?)",
    ),
    "unknown key of a waiver": (
        change("expires =", "expire ="),
        "expire ",
        "unknown key 'expire' (did you mean expires?)",
    ),
    "unknown key of evidence": (
        change("sha256 =", "sha265 ="),
        "sha265",
        "unknown key 'sha265' (did you mean sha256?)",
    ),
    "unknown key of history": (
        change('what = "hosts"', 'wat = "hosts"'),
        "wat",
        "unknown key 'wat' (did you mean what?)",
    ),
    "unknown table": (
        change("[parameters]", "[paramters]"),
        "[paramters]",
        "unknown key 'paramters' (did you mean parameters?)",
    ),
    "wrong answer": (
        change('"done"', '"dnoe"'),
        'answer = "dnoe"',
        "should be 'done', 'not-done', 'n/a' or 'deferred', not 'dnoe'",
    ),
    "wrong verdict": (
        change('"pass"', '"passed"'),
        "verdict",
        "should be 'pass', 'fail', 'info' or 'unknown', not 'passed'",
    ),
    "a number for a text": (
        change('launch = "payments-2.4"', "launch = 5"),
        "launch",
        "launch: should be a valid string, not 5",
    ),
    "a text for a number": (
        change("took_ms = 41", 'took_ms = "long"'),
        "took_ms",
        "took_ms: should be a valid integer",
    ),
    "a date that is none": (
        change("day = 2026-11-24", 'day = "tuesday"'),
        "day",
        "day: should be a valid date",
    ),
    "a missing key": (change('name = "db-1"\n', ""), "[[hosts]]#2", "the key 'name' is missing"),
    "an answer without its time": (
        change("at = 2026-11-24T09:20:11Z\n", ""),
        "[items",
        "`answer` and `at` are required together",
    ),
    "an unknown without a cause": (
        change('cause = "denied"\n', ""),
        f'[{ROOT}.outcomes."role:db"]',
        "`cause` is required with verdict `unknown`",
    ),
    "a waiver approved by its owner": (
        change('approver = "lee"', 'approver = "Ana"'),
        f"[{ROOT}.waiver]",
        "approver must not be its owner",
    ),
    "a bad item id": (
        change('[items."infrastructure.server.ntp"]', '[items."Infrastructure NTP"]'),
        '[items."Infrastructure NTP"]',
        "Infrastructure NTP: ",
    ),
    "two hosts of one name": (change('"db-1"', '"app-1"'), "# A", "two hosts have the name 'app-1'"),
    "a NUL in a note": (
        change('"one line"', '"one\\u0000line"'),
        'note = "one',
        "a session file cannot contain a NUL character",
    ),
    "a sign-off with no digest": (
        change('seal = "sha256:', 'seal = "md5:'),
        "seal",
        "a seal must be a digest",
    ),
    "newer": (
        change("format = 1", "format = 2"),
        "format",
        "written by a newer readiness (format 2; this version reads up to 1)",
    ),
    "a format there never was": (
        change("format = 1", "format = 0"),
        "format",
        "unknown format 0",
    ),
    "a format that is a word": (
        change("format = 1", 'format = "one"'),
        "format",
        "`format` is 'one', not a number",
    ),
    "a format that is true": (
        change("format = 1", "format = true"),
        "format",
        "`format` is True, not a number",
    ),
    "no format": (change("format = 1\n", ""), "# A", "no `format`"),
    "a key twice": (
        change('operator = "ana"\n', 'operator = "ana"\noperator = "lee"\n'),
        'operator = "lee"',
        "not a session file: Cannot overwrite a value",
    ),
    "an open quote": (change('operator = "ana"', 'operator = "ana'), "operator", "not a session file: "),
    "merge markers between tables": (
        change("[[signoffs]]", "<<<<<<< HEAD\n[[signoffs]]"),
        "<<<<<<<",
        "unresolved merge markers",
    ),
    "merge markers in a note": (
        change("Checked with", "<<<<<<< HEAD\nChecked with"),
        "<<<<<<<",
        "unresolved merge markers",
    ),
    "only the end of a conflict": (
        change("[[signoffs]]", ">>>>>>> topic\n[[signoffs]]"),
        ">>>>>>>",
        "unresolved merge markers",
    ),
    "a conflict from the first line on": ("<<<<<<< HEAD\n" + GOLDEN, "<<<<<<<", "unresolved merge markers"),
    "the base of a three-way conflict": (
        change("[[signoffs]]", "||||||| base\n[[signoffs]]"),
        "|||||||",
        "unresolved merge markers",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_fault_is_reported_with_its_line(name: str, tmp_path: Path) -> None:
    text, start, words = CASES[name]
    path = tmp_path / LAUNCH / f"{DAY}.toml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SessionError) as caught:
        Sessions(tmp_path).load(LAUNCH)
    told = str(caught.value)
    assert any(
        line.startswith(f"{path}:{line_of(text, start)}: ") and words in line for line in told.split("\n")
    )
    assert caught.value.hint
    assert path.read_text(encoding="utf-8") == text


def test_all_faults_are_reported_at_once() -> None:
    text = change("took_ms", "took_mss").replace('what = "hosts"', "what = 3")
    with pytest.raises(SessionError) as caught:
        codec.loads(text, source="f")
    assert caught.value.where == f"f:{line_of(text, 'took_mss')}"
    assert f"\nf:{line_of(text, 'what = 3')}: what: should be a valid string, not 3" in caught.value.message


def test_many_faults_are_counted() -> None:
    extra = "".join(f"stray_{number} = 1\n" for number in range(30))
    with pytest.raises(SessionError) as caught:
        codec.loads(change("format = 1\n", "format = 1\n" + extra), source="f")
    assert caught.value.message.count("unknown key") == 10
    assert caught.value.message.endswith("... and 20 more")


def test_lines_are_counted_past_strings_that_look_like_tables() -> None:
    note = 'first\n[items."infrastructure.server.ntp"]\nanswer = 5\n'
    text = change("Checked with", note + "Checked with").replace('note = "one line"', "answer = 5")
    with pytest.raises(SessionError) as caught:
        codec.loads(text, source="f")
    assert caught.value.where == f"f:{line_of(text, 'answer = 5#2')}"


def test_a_file_cut_off_at_any_byte_is_an_error() -> None:
    data = GOLDEN.encode()
    for length in range(len(data) - 1):  # without its last line end it is still whole
        with pytest.raises(SessionError) as caught:
            codec.loads_bytes(data[:length], source="f")
        assert caught.value.where.startswith("f:")
    assert codec.loads_bytes(data[:-1], source="f") == codec.loads(GOLDEN, source="f")


@pytest.mark.parametrize("length", [0, 1, 40, 400, 1500, len(GOLDEN) - 2])
def test_a_cut_off_file_says_so_and_where(length: int) -> None:
    text = GOLDEN[:length]
    with pytest.raises(SessionError, match="cut off" if length else "the file is empty") as caught:
        codec.loads(text, source="f")
    assert caught.value.where == f"f:{text.rstrip(chr(10)).count(chr(10)) + 1}"


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"\x00" * 4096, 1, "not a session file"),
        (b"format = 1\nlaunch = \xff\xfe\n", 2, "byte 20 is not UTF-8"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(128, 256)), 1, "not UTF-8"),
        (b"a = " + b"[" * 100_000, 1, "nested too deeply"),
        (b"a = " + b"9" * 5000, 1, "not a session file"),
        (b"a.a.a = 1\na.a = 2\n", 2, "not a session file"),
        (b"   \n\n", 1, "the file is empty"),
        (b"{}", 1, "not a session file"),
        (b"x = 1\n", 1, "no `format`"),
        (b"a = 2026-13-45T99:99:99Z\n", 1, "not a session file"),
    ],
)
def test_a_file_that_is_not_a_session_is_reported(data: bytes, line: int, words: str) -> None:
    with pytest.raises(SessionError) as caught:
        codec.loads_bytes(data, source="f")
    assert caught.value.where == f"f:{line}"
    assert words in caught.value.message


def test_a_copied_or_renamed_file_is_not_accepted_as_another_day_or_launch(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path)
    sessions.create(codec.loads(GOLDEN, source="f"))
    there = tmp_path / LAUNCH
    shutil.copy(there / f"{DAY}.toml", there / "2026-11-25.toml")
    with pytest.raises(
        SessionError, match=r"is of 'payments-2.4', 2026-11-24, but its path says .* 2026-11-25"
    ):
        sessions.load(LAUNCH)
    shutil.copytree(there, tmp_path / "other")
    with pytest.raises(SessionError, match="its path says 'other'"):
        sessions.load("other", DAY)


@pytest.mark.parametrize(
    "changed",
    [
        {"pid": 10**30},
        {"pid": -1},
        {"pid": "7"},
        {"pid": True},
        {"started": "now"},
        {"who": 7},
        {"host": None},
    ],
)
def test_an_owner_file_with_impossible_values_names_nobody(
    changed: dict[str, object], tmp_path: Path
) -> None:
    told = {
        "who": "ana",
        "host": socket.gethostname(),
        "pid": 1,
        "since": "2026-11-25T08:00:00Z",
        "started": 1.0,
    }
    (tmp_path / OWNER).write_text(json.dumps(told))
    assert holder(tmp_path) is not None
    (tmp_path / OWNER).write_text(json.dumps(told | changed))
    assert holder(tmp_path) is None
