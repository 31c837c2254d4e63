"""`readiness new`: a launch's first session."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from readiness_tui.model.answer import AnswerKind
from readiness_tui.model.session import Session
from readiness_tui.store.sessions import Sessions
from tests.cli.conftest import Readiness


def load(home: Path, launch: str, folder: str = "kept") -> Session:
    return Sessions(home / folder).load(launch)


def test_a_new_launch_is_a_file_whose_path_is_printed(readiness: Readiness, home: Path) -> None:
    done = readiness(
        *("new", "payments-2.4", "--host", "web=deploy@192.0.2.1:2222,app,proxy", "--host", "db=[::1]:22,db"),
        *("--host", "me=local", "--set", "app_name=payments", "--set", "allowed_unit_dirs=[/a, /b]"),
        *("--set", "app_port=9000", "--launch-at", "2026-11-27T06:00"),
    )
    assert done.status == 0
    assert done.out == f"{home}/kept/payments-2.4/{date.today()}.toml\n"
    assert done.err.endswith("launch time 2026-11-27 06:00 CET\n")  # no zone: local, and said so
    assert "no host has the role cache: 2 items stay unknown" in done.err
    session = load(home, "payments-2.4")
    assert session.launch_at == datetime(2026, 11, 27, 5, tzinfo=UTC)
    assert [(host.name, host.roles) for host in session.hosts] == [
        ("web", ("app", "proxy")),
        ("db", ("db",)),
        ("me", ()),
    ]
    assert session.parameters == {
        "app_name": "payments",
        "app_port": 9000,
        "allowed_unit_dirs": ["/a", "/b"],
    }
    assert (session.operator, session.checklist.id, session.checklist.source) == ("ana", "production", "")


def test_the_operator_can_be_named(readiness: Readiness, home: Path) -> None:
    readiness("new", "demo", "--no-hosts", "--operator", "bo")
    assert load(home, "demo").operator == "bo"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--set", "app_nam=x"], "no parameter 'app_nam' in checklist production (did you mean app_name?)"),
        (["--set", "app_name"], "not a setting: 'app_name'"),
        (["--set", "domains=[x"], "not a value: '[x'"),
        (["--set", "app_port=99999"], "app_port: '99999' is not a port (1 to 65535)"),
        (["--set", "app_port=99999"], "it is needed by"),
        (["--set", "vantage=extern"], "did you mean external?"),
        (["--host", "web=192.0.2.1,ap"], "unknown role 'ap' (did you mean app?)"),
        ([], "a launch needs at least one host"),
        (["--host", "web"], "--host: not a host: 'web'"),
        (["--host", "web=a b"], "--host: not a host name or address: 'a b'"),
        (["--host", "web=x:99999"], "--host: not a port: '99999'"),
        (["--host", "local=x"], "--host: a host cannot be called 'local'"),
        (["--host", "web=x", "--host", "web=y"], "--host: two hosts have the name 'web'"),
        (["--host", "we b=x"], "--host: "),
        (["--launch-at", "soon"], "not a time: 'soon'"),
        (["--checklist", "produktion"], "no checklist called 'produktion' (did you mean production?)"),
        (["--from", "missing.toml"], "'missing.toml' does not exist"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_begun(
    words: list[str], said: str, readiness: Readiness, home: Path
) -> None:
    done = readiness("new", "demo", *words)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert "pydantic" not in done.err
    assert not (home / "kept").exists()


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "bell\a"])
def test_a_name_must_be_one_line(name: str, readiness: Readiness) -> None:
    done = readiness("new", name)
    assert done.status == 2
    assert "not a valid launch name" in done.err


def test_a_launch_begins_once(readiness: Readiness, home: Path) -> None:
    readiness("new", "demo", "--no-hosts")
    before = (home / "kept/demo" / f"{date.today()}.toml").read_bytes()
    done = readiness("new", "demo", "--no-hosts", "--set", "app_name=x")
    assert done.status == 2
    assert "already exists" in done.err
    assert (home / "kept/demo" / f"{date.today()}.toml").read_bytes() == before


def test_another_session_gives_its_human_half(readiness: Readiness, home: Path, small: str) -> None:
    readiness("new", "one", "--checklist", small, "--host", "web=192.0.2.1,app", "--set", "app_name=x")
    readiness("answer", "one", "paper.run.book", "done", "--note", "See the wiki.")
    origin = f"kept/one/{date.today()}.toml"
    done = readiness(
        "new",
        "two",
        "--checklist",
        small,
        "--from",
        origin,
        "--host",
        "web=192.0.2.2,app",
        "--set",
        "app_name=y",
    )
    assert done.status == 0
    session = load(home, "two")
    record = session.record("paper.run.book")
    assert (record.answer, record.note, record.by) == (AnswerKind.DONE, "See the wiki.", "ana")
    assert [host.address for host in session.hosts] == ["192.0.2.2"]
    assert session.parameters == {"app_name": "y"}
    assert session.history == ()


def test_a_torn_file_gives_nothing(readiness: Readiness, home: Path) -> None:
    (home / "torn.toml").write_text('format = 1\nlaunch = "x\n')
    done = readiness("new", "demo", "--from", "torn.toml")
    assert done.status == 2
    assert "torn.toml:2" in done.err


def test_the_folder_comes_from_the_verb_else_the_group_else_the_environment(
    readiness: Readiness, home: Path
) -> None:
    assert readiness("--sessions", "group", "new", "demo", "--no-hosts").out.startswith("group/demo/")
    assert readiness("--sessions", "group", "new", "demo", "--no-hosts", "--sessions", "verb").out.startswith(
        "verb/demo/"
    )
    assert readiness("new", "demo", "--no-hosts").out.startswith(f"{home}/kept/demo/")


def test_the_tui_opens_for_no_verb_and_for_open(readiness: Readiness, home: Path) -> None:
    assert readiness().tui == (home / "kept", None, None, "ana")
    assert readiness("--sessions", "x").tui == (Path("x"), None, None, "ana")
    assert readiness("open", "demo").tui == (home / "kept", "demo", None, "ana")
    assert readiness("open", "demo@2026-11-23").tui == (home / "kept", "demo", date(2026, 11, 23), "ana")
    assert readiness("open", "de@mo").tui == (home / "kept", "de@mo", None, "ana")
    assert readiness("open", "demo@2026-13-01").status == 2
