"""A third-party transport from a package that is really installed: found, used, and named if it is broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import readiness_tui
from tests.transports.stranger import install

ITEM = "infrastructure.server.timezone"

Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def program(tmp_path: Path, site: Path) -> Program:
    """The program, with the third-party packages on its path."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        home = {"HOME": str(tmp_path), "READINESS_SESSIONS": str(tmp_path / "kept")}
        path = os.pathsep.join((str(site), str(Path(readiness_tui.__file__).parents[1])))
        return subprocess.run(
            [sys.executable, "-m", "readiness_tui", *words],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **home, "PYTHONPATH": path, "READINESS_OPERATOR": "ana"},
            cwd=tmp_path,
        )

    return run


def probed(program: Program, *hosts: str) -> dict[str, dict[str, Any]]:
    """The outcomes of one item on the hosts of a new launch."""
    begun = program("new", "demo", *(word for host in hosts for word in ("--host", host)))
    assert begun.returncode == 0, begun.stderr
    done = program("probe", "demo", "--only", ITEM, "--json")
    assert "Traceback" not in done.stderr
    items = json.loads(done.stdout)["items"]
    return {one["host"]: one for item in items if item["id"] == ITEM for one in item["outcomes"]}


def test_a_third_party_transport_reaches_its_hosts(program: Program, site: Path) -> None:
    install(site)
    results = probed(program, "web=moon:workers=2,app", "me=local,app")
    assert results["web"]["cause"] is None
    assert results["web"]["evidence"] == results["me"]["evidence"]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("moon = readiness_moon.nosuch:Moon", "does not load: ModuleNotFoundError"),
        ("moon = readiness_moon:Nothing", "does not load: AttributeError"),
        ("moon = readiness_moon.angry:Moon", "does not load: RuntimeError: not today"),
        ("moon = readiness_moon:nothing", "it has no 'host'"),
    ],
)
def test_a_broken_transport_affects_only_its_host_and_names_its_package(
    program: Program, site: Path, entry: str, words: str
) -> None:
    install(site, entry)
    results = probed(program, "web=moon:workers=2,app", "me=local,app")
    assert (results["web"]["verdict"], results["web"]["cause"]) == ("unknown", "error")
    assert words in results["web"]["evidence"]
    assert "readiness-moon 1.0" in results["web"]["evidence"]
    assert results["me"]["cause"] is None


def test_two_packages_with_the_same_transport_are_both_named(program: Program, site: Path) -> None:
    install(site)
    install(site, "moon = readiness_other:Moon", name="readiness-other")
    results = probed(program, "web=moon:workers=2,app")
    assert results["web"]["cause"] == "error"
    assert "readiness-moon 1.0 and readiness-other 1.0" in results["web"]["evidence"]


def test_ours_are_never_replaced(program: Program, site: Path) -> None:
    install(site, "local = readiness_moon.angry:Moon", "exec = readiness_moon.angry:Moon")
    results = probed(program, "me=local,app", "other=exec:sh,app")
    assert {result["cause"] for result in results.values()} == {None}


def test_an_unknown_transport_is_reported_at_once_and_a_launch_from_elsewhere_still_opens(
    program: Program, site: Path
) -> None:
    install(site)
    refused = program("new", "demo", "--host", "web=mon:workers=2,app")
    assert refused.returncode == 2
    assert "no transport named 'mon' (did you mean moon?): mon:workers=2" in refused.stderr
    assert program("new", "demo", "--host", "web=moon:workers=2,app").returncode == 0
    (site / "readiness_moon-1.0.dist-info" / "entry_points.txt").unlink()
    done = program("probe", "demo", "--only", ITEM)
    assert done.returncode == 3
    assert "web cannot be reached (unsupported): no transport named 'moon'" in done.stderr
