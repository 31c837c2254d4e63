"""`readiness probe`: real runs on this machine and over a real sshd."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from readiness_tui.reports.parts.status import StatusView
from readiness_tui.store.sessions import Sessions
from tests.cli.conftest import REPOSITORY, SMALL, Readiness
from tests.sshd import Sshd

SERVER = ("--only", "infrastructure.server")


def outcomes(told: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(item["id"], one["host"]): one for item in told["items"] for one in item["outcomes"]}


def expected(verdicts: set[str]) -> int:
    return 1 if "fail" in verdicts else 3 if "unknown" in verdicts else 0


def test_a_probe_of_this_machine_is_saved_and_printed_like_the_status(program: Readiness, home: Path) -> None:
    program("new", "demo", "--host", "me=local,app")
    done = program("probe", "demo", *SERVER, "--json")
    output = json.loads(done.out)
    results = outcomes(output)
    assert {host for _, host in results} == {"me"}
    assert len(results) == 8
    assert done.status == expected({result["verdict"] for result in results.values()})
    assert StatusView.model_validate_json(done.out).launch == "demo"
    assert outcomes(json.loads(program("status", "demo", "--json").out)) == results
    ntp = Sessions(home / "kept").load("demo").record("infrastructure.server.ntp").outcomes["me"]
    assert ntp.asked.startswith("sha256:")
    lines = done.err.splitlines()
    assert lines[0] == "8 checks on 1 target"
    assert sum(" me infrastructure.server." in line for line in lines) == 8


def test_people_get_a_table(program: Readiness) -> None:
    program("new", "demo", "--host", "me=local,app")
    done = program("probe", "demo", "--only", "infrastructure.server.timezone")
    header, row = done.out.splitlines()
    assert header.split() == ["VERDICT", "CAUSE", "ON", "ITEM", "EVIDENCE"]
    assert "infrastructure.server.timezone" in row
    assert done.status == expected({row.split()[0]})


def test_what_is_not_configured_is_unknown_and_no_success(program: Readiness) -> None:
    program("new", "demo", "--host", "me=local,monitor")
    done = program("probe", "demo", "--only", "infrastructure.dependencies.redis", "--json")
    assert done.status == 3
    (one,) = outcomes(json.loads(done.out)).values()
    assert (one["verdict"], one["cause"], one["host"]) == ("unknown", "not-configured", "role:cache")


def test_a_run_without_checks_is_not_a_success(program: Readiness) -> None:
    program("new", "demo", "--host", "me=local,app", "--host", "idle=local")
    done = program("probe", "demo", "--only", "infrastructure.dependencies.redis", "--host", "idle")
    assert (done.status, done.out) == (2, "")
    assert "no probe runs on idle" in done.err


def test_a_checklist_without_probes_has_nothing_to_look_at(program: Readiness, small: str) -> None:
    program("new", "demo", "--checklist", small, "--host", "me=local,app")
    done = program("probe", "demo")
    assert done.status == 2
    assert "nothing to probe" in done.err


@pytest.mark.needs("sshd")
def test_a_probe_over_ssh(program: Readiness, tmp_path: Path) -> None:
    with Sshd(tmp_path / "sshd") as server:
        program("new", "demo", "--host", f"web={server.address},app,proxy")
        done = program("probe", "demo", *SERVER, "--json", READINESS_SSH_CONFIG=str(server.ssh_config))
        results = outcomes(json.loads(done.out))
        assert {host for _, host in results} == {"web"}
        assert not {result["cause"] for result in results.values()} & {
            "unreachable",
            "auth",
            "host-key",
            "error",
        }
        assert done.status == expected({result["verdict"] for result in results.values()})
        assert server.log.count("Accepted publickey") == 1  # one connection for all of it


@pytest.mark.needs("sshd")
def test_a_host_that_is_down_does_not_keep_the_others_waiting(program: Readiness, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    program("new", "demo", "--host", f"gone=127.0.0.1:{port},app", "--host", "me=local,app")
    done = program("probe", "demo", "--only", "infrastructure.server.timezone", "--json")
    found = {host: one for (_, host), one in outcomes(json.loads(done.out)).items()}
    assert (found["gone"]["verdict"], found["gone"]["cause"]) == ("unknown", "unreachable")
    assert found["me"]["cause"] is None
    assert "gone cannot be reached (unreachable)" in done.err


def test_ctrl_c_keeps_what_was_found_and_leaves_the_rest_as_it_was(program: Readiness, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and never says a word
        port = silent.getsockname()[1]
        program("new", "demo", "--host", f"mute=127.0.0.1:{port},app", "--host", "me=local,app")
        silent.settimeout(60)
        with subprocess.Popen(
            [
                sys.executable,
                "-m",
                "readiness_tui",
                "probe",
                "demo",
                "--only",
                "infrastructure.server.timezone",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        ) as running:
            try:
                connection, _ = silent.accept()
                assert running.stderr is not None
                assert any(" me infrastructure.server.timezone" in line for line in running.stderr)
                running.send_signal(signal.SIGINT)
                out, err = running.communicate()
                connection.close()
            finally:
                running.kill()
    assert running.returncode == 130
    assert "Traceback" not in err
    assert "stopping" in err
    found = Sessions(home / "kept").load("demo").record("infrastructure.server.timezone").outcomes
    assert "mute" not in found
    assert found["me"].cause != "cancelled"
    assert len(out.splitlines()) == 3


def test_a_third_party_checklist_runs_nothing_before_it_is_allowed(program: Readiness, home: Path) -> None:
    probe = f"mode: auto, severity: major, probe: {PROBE},"
    (home / "mine.yaml").write_text(SMALL.replace("mode: manual, severity: major,", probe))
    assert program("new", "demo", "--checklist", "mine.yaml", "--host", "me=local,app").status == 0
    assert program("plan", "demo").status == 0
    done = program("probe", "demo")
    assert (done.status, done.out) == (2, "")
    assert f"readiness checklist allow {home}/mine.yaml" in done.err
    assert program("checklist", "allow", "mine.yaml").status == 0
    assert program("probe", "demo").status in (0, 1, 3)


PROBE = "{kind: time, where: [app], pass: {zone: {eq: same}}}"
