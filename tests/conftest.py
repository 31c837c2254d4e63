"""Tests that need a service of the system run when it is there, and are named loudly when not.

In strict mode (READINESS_STRICT set, as continuous integration does) a missing service fails.
"""

from __future__ import annotations

import glob
import os
import shutil
from pathlib import Path

import pytest

STRICT = bool(os.environ.get("READINESS_STRICT"))
SBIN = ":/usr/local/sbin:/usr/sbin:/sbin"
OTHERS = {"root": "run as root", "lab": "it boots real hosts for minutes: make lab, or READINESS_LAB=1"}
MISSING = pytest.StashKey[dict[str, list[str]]]()


def services() -> dict[str, tuple[str, str]]:
    """Each service's probe (a command or a path) and its Debian package."""
    rows = (line.split() for line in Path(__file__).with_name("services.txt").read_text().splitlines())
    return {row[0]: (row[1], row[2]) for row in rows if row and not row[0].startswith("#")}


def present(service: str) -> bool:
    """The service can be used here; `root`: the tests run as root, `lab`: hosts may be booted."""
    if service == "root":
        return os.geteuid() == 0
    if service == "lab":
        return STRICT or bool(os.environ.get("READINESS_LAB"))
    probe, _ = services()[service]
    if probe.startswith("/"):
        return bool(glob.glob(probe))
    return shutil.which(probe, path=os.environ.get("PATH", "") + SBIN) is not None


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MISSING] = {}
    os.environ["PATH"] = os.environ.get("PATH", "") + SBIN


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for service in mark.args:
            if present(service):
                continue
            if STRICT:
                pytest.fail(f"strict mode: this test needs {service}, which is missing", pytrace=False)
            item.config.stash[MISSING].setdefault(service, []).append(item.nodeid)
            pytest.skip(f"needs {service}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    missing = config.stash[MISSING]
    if not missing:
        return
    terminalreporter.section("NOT RUN: services missing on this machine", red=True, bold=True)
    for service, tests in sorted(missing.items()):
        how = OTHERS.get(service) or f"sudo apt-get install -y {services()[service][1]}"
        terminalreporter.write_line(f"{len(tests):4} tests need {service} ({how})", red=True)
        for test in tests:
            terminalreporter.write_line(f"       {test}")
