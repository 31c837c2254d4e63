"""`list`, `status`, `gate` and `export` print and leave every file unchanged."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from readiness_tui.assessment import utc_now
from readiness_tui.launch import Launch
from readiness_tui.model.answer import Decision, Signoff
from readiness_tui.model.outcome import Cause, Outcome, Verdict
from readiness_tui.reports import registry
from readiness_tui.reports.parts.status import StatusView
from readiness_tui.rules import edits
from readiness_tui.rules.decision.page import seal
from readiness_tui.store.sessions import Sessions
from tests.cli.conftest import SMALL, Readiness

AUTO = SMALL.replace(
    "mode: manual, severity: blocker,",
    "mode: auto, severity: blocker, probe: {kind: time, where: [app], pass: {zone: {eq: same}}},",
)
AUTO += """\
          - {id: paper.run.all, text: No blocker open, mode: derived, severity: blocker, role: technical,
             why: w, how: h, derive: critical-resolved}
          - {id: paper.run.yes, text: Approved, mode: derived, severity: blocker, role: technical,
             why: w, how: h, derive: approval}
"""


def sign(home: Path, launch: str, *outcomes: tuple[str, Outcome]) -> None:
    """Record outcomes on host web, then let the technical lead sign go."""
    opened = Launch.open(Sessions(home / "kept"), launch, operator="ana")
    work = opened.assessment
    for item, outcome in outcomes:
        work.apply(edits.SetOutcomes({item: {"web": outcome}}, {}))
    signed = Signoff(
        role="technical",
        who="bo",
        decision=Decision.GO,
        at=utc_now(),
        seal=seal(work.checklist, work.session),
    )
    work.apply(edits.AddSignoff(signed))
    opened.sessions.save(work.session)
    opened.release()


@pytest.fixture
def demo(readiness: Readiness, small: str) -> str:
    readiness("new", "demo", "--checklist", small)
    readiness("answer", "demo", "paper.run.book", "done", "--note", "esc \x1b[31m")
    return "demo"


def test_the_gate_is_no_go_until_everything_is_met_and_signed(
    readiness: Readiness, demo: str, home: Path
) -> None:
    done = readiness("gate", demo)
    assert done.status == 1
    assert done.out.splitlines()[0].startswith("no-go: demo, judged for ")
    assert "paper.run.map" in done.out
    assert "Technical Lead" in done.out
    readiness("answer", demo, "paper.run.map", "done")
    assert readiness("gate", demo).status == 1
    sign(home, demo)
    done = readiness("gate", demo)
    assert (done.status, done.out.splitlines()[0].split(":")[0]) == (0, "go")
    assert "minors not met (1)" in done.out
    assert readiness("status", demo).status == 0
    readiness("answer", demo, "paper.run.pen", "done")
    assert readiness("gate", demo).status == 1  # signed an earlier state


def test_the_gate_could_not_check_if_everything_blocking_is_unknown(readiness: Readiness, home: Path) -> None:
    (home / "auto.yaml").write_text(AUTO)
    readiness("new", "demo", "--checklist", "./auto.yaml", "--host", "web=192.0.2.1,app")
    readiness("answer", "demo", "paper.run.map", "done")
    denied = Outcome(verdict=Verdict.UNKNOWN, cause=Cause.DENIED, asked_at=utc_now())
    sign(home, "demo", ("paper.run.book", denied))
    told = {
        one["item"]: one["standing"]
        for one in json.loads(readiness("gate", "demo", "--json").out)["blocking"]
    }
    assert told == {"paper.run.book": "unknown", "paper.run.all": "not-ready"}  # the second follows
    assert readiness("gate", "demo").status == 3
    assert readiness("status", "demo").status == 3
    readiness("answer", "demo", "paper.run.pen", "done")  # signed an earlier state now: no mere unknown
    assert readiness("gate", "demo").status == 1
    failed = Outcome(verdict=Verdict.FAIL, asked_at=utc_now())
    sign(home, "demo", ("paper.run.book", failed))
    assert readiness("gate", "demo").status == 1


def test_the_gate_tells_programs(readiness: Readiness, demo: str) -> None:
    done = readiness("gate", demo, "--json", "--at", "2027-01-01T00:00Z")
    output = json.loads(done.out)
    assert (output["decision"], output["at"], output["launch"]) == ("no-go", "2027-01-01T00:00:00Z", "demo")
    assert [one["item"] for one in output["blocking"]] == ["paper.run.map", None]
    assert [one["item"] for one in output["minors"]] == ["paper.run.pen"]
    assert set(output["counts"]) >= {"ready", "open", "unknown"}


def test_status_tells_programs_the_documented_shape(readiness: Readiness, demo: str) -> None:
    done = readiness("status", demo, "--json")
    assert (done.status, done.err) == (1, "")
    output = json.loads(done.out)
    assert list(output) == ["launch", "day", "items", "counts", "gate", "signoffs"]
    assert list(output["items"][0]) == [
        *("id", "text", "section", "group", "mode", "severity", "role", "phase"),
        *("standing", "answer", "reason", "by", "at", "overridden", "attachments"),
        *("note", "waiver", "outcomes"),
    ]
    assert list(output["gate"]) == ["decision", "blocking"]
    assert StatusView.model_validate_json(done.out).launch == "demo"
    assert readiness("export", demo, "--format", "json").out == done.out


def test_status_tells_people_and_nothing_acts_on_their_terminal(readiness: Readiness, demo: str) -> None:
    readiness("answer", demo, "paper.run.map", "not-done", "--reason", "later\x1b[2J\n\u202eno")
    done = readiness("status", demo)
    rows = {line.split()[2]: line.split()[:2] for line in done.out.splitlines() if " paper.run." in line}
    assert rows == {
        "paper.run.book": ["ready", "blocker"],
        "paper.run.map": ["not-ready", "major"],
        "paper.run.pen": ["open", "minor"],
    }
    assert "Paper    1/3        0        1" in done.out
    assert not set("\x1b\u202e") & set(done.out)


def test_reading_begins_no_day_and_writes_nothing(readiness: Readiness, demo: str, home: Path) -> None:
    folder = home / "kept/demo"
    (today,) = folder.glob("*.toml")
    yesterday = date.today() - timedelta(days=1)
    older = folder / f"{yesterday}.toml"
    older.write_text(today.read_text().replace(f"day = {date.today()}", f"day = {yesterday}"))
    today.unlink()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for words in (
        ["status", demo],
        ["gate", demo],
        ["list"],
        ["export", demo, "--format", "notes-md"],
        ["plan", demo],
    ):
        assert readiness(*words).status in (0, 1), words
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert json.loads(readiness("status", demo, "--json").out)["day"] == str(yesterday)
    assert readiness("answer", demo, "paper.run.pen", "done").status == 0
    assert sorted(path.name for path in folder.glob("20*.toml")) == [older.name, today.name]
    assert older.read_bytes() == before[older.name]
    assert json.loads(readiness("status", f"{demo}@{yesterday}", "--json").out)["counts"]["open"] == 2


def test_list_shows_each_launch_and_why_it_cannot_be_read(
    readiness: Readiness, demo: str, home: Path
) -> None:
    torn = home / "kept/torn" / f"{date.today()}.toml"
    torn.parent.mkdir()
    torn.write_text('format = 1\nlaunch = "torn\n')
    done = readiness("list")
    assert done.status == 0
    lines = {line.split()[0]: line for line in done.out.splitlines()}
    assert "1/3" in lines["demo"]
    assert "no-go, 2 blocking" in lines["demo"]
    assert "cannot be read" in lines["torn"]
    assert f"{torn}:2" in lines["torn"]
    told = {row["launch"]: row for row in json.loads(readiness("list", "--json").out)["launches"]}
    assert (told["demo"]["satisfied"], told["demo"]["total"], told["demo"]["gate"]) == (1, 3, "no-go")
    assert told["demo"]["days"] == [str(date.today())]
    assert told["demo"]["error"] is None
    assert told["torn"]["gate"] is None
    assert ":2" in told["torn"]["error"]


def test_list_without_launches_says_how_to_begin(readiness: Readiness) -> None:
    done = readiness("list")
    assert (done.status, done.out) == (0, "")
    assert "readiness new" in done.err
    assert json.loads(readiness("list", "--json").out) == {"launches": []}


@pytest.mark.parametrize("name", registry.names())
def test_export_writes_every_format_it_names(name: str, readiness: Readiness, demo: str, home: Path) -> None:
    assert name in readiness("export", "--help").out
    done = readiness("export", demo, "--format", name)
    assert (done.status, done.err) == (0, "")
    assert "Runbook written" in done.out or name.startswith("signoff")
    (home / "page").write_text("old")
    assert readiness("export", demo, "--format", name, "-o", "page").out == ""
    assert len((home / "page").read_bytes().decode("utf-8", "replace")) == len(done.out)
    assert [path.name for path in home.iterdir() if path.name.startswith(".")] == []


def test_export_names_the_nearest_format(readiness: Readiness, demo: str) -> None:
    done = readiness("export", demo, "--format", "signof-md")
    assert done.status == 2
    assert "(did you mean signoff-md?)" in done.err


def test_export_says_when_it_cannot_write(readiness: Readiness, demo: str) -> None:
    done = readiness("export", demo, "--format", "json", "-o", "missing/page")
    assert done.status == 2
    assert "missing/page" in done.err
