"""Tests that need a service of the system run when it is there, and are named loudly when not.

In strict mode (READINESS_STRICT set, as continuous integration does) a missing service fails.
"""

from __future__ import annotations

import glob
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

STRICT = bool(os.environ.get("READINESS_STRICT"))
SBIN = ":/usr/local/sbin:/usr/sbin:/sbin"
NEEDS = "needs "

# A checkout without a database of examples, on a busy machine, generates slowly at first; that is no fault.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")
OTHERS = {
    "root": "run as root",
    "lab": "it boots real hosts for minutes: make lab, or READINESS_LAB=1",
    "every-state": "it replays hundreds of states for most of an hour: make lab, or READINESS_LAB=all",
}


def services() -> dict[str, tuple[str, str]]:
    """Each service's probe (a command or a path) and its Debian package."""
    rows = (line.split() for line in Path(__file__).with_name("services.txt").read_text().splitlines())
    return {row[0]: (row[1], row[2]) for row in rows if row and not row[0].startswith("#")}


def present(service: str) -> bool:
    """The service can be used here; `root`: the tests run as root, `lab`: hosts may be booted."""
    if service == "root":
        return os.geteuid() == 0
    if service == "lab":
        return bool(os.environ.get("READINESS_LAB"))
    if service == "every-state":
        return os.environ.get("READINESS_LAB") == "all"
    probe, _ = services()[service]
    if probe.startswith("/"):
        return bool(glob.glob(probe))
    return shutil.which(probe, path=os.environ.get("PATH", "") + SBIN) is not None


def pytest_configure(config: pytest.Config) -> None:
    os.environ["PATH"] = os.environ.get("PATH", "") + SBIN
    for name in ("LINES", "COLUMNS"):  # set in the workers of pytest-xdist; a terminal knows its own size
        os.environ.pop(name, None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for service in mark.args:
            if present(service):
                continue
            if STRICT and service not in (
                "lab",
                "every-state",
            ):  # hosts are booted only where that is asked for
                pytest.fail(f"strict mode: this test needs {service}, which is missing", pytrace=False)
            pytest.skip(f"{NEEDS}{service}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was not run; the reports also come from the worker processes of pytest-xdist."""
    missing: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _, mark, service = reason.partition(f"Skipped: {NEEDS}")
        if mark:
            missing.setdefault(service, []).append(report.nodeid)
    if not missing:
        return
    terminalreporter.section("NOT RUN: services missing on this machine", red=True, bold=True)
    for service, tests in sorted(missing.items()):
        how = OTHERS.get(service) or f"sudo apt-get install -y {services()[service][1]}"
        terminalreporter.write_line(f"{len(tests):4} tests need {service} ({how})", red=True)
        for test in tests:
            terminalreporter.write_line(f"       {test}")
